import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFace, openPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { RED } from '../support/media-files.ts'
import { hostPages } from '../support/page-host.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const MODULE = `<!doctype html><meta charset="utf-8"><body><script type="module">
  import { CRVideo, CRVideo_Init2, CRVideo_GetMeetings, CRVideo_GetMeetingsFail, CRVideo_VSTATUS,
    CRVIDEOSDK_NOERR } from '{{SERVER}}/sdk/CloudroomVideoSDK.mjs'
  import * as all from '{{SERVER}}/sdk/CloudroomVideoSDK.mjs'
  CRVideo_GetMeetingsFail.callback = (sdkErr, cookie) => { window.failed = [sdkErr, cookie] }
  const code = CRVideo_Init2('/module')
  CRVideo_GetMeetings('by module')
  window.result = {
    code,
    noErr: CRVIDEOSDK_NOERR,
    open: CRVideo_VSTATUS.VOPEN,
    count: Object.keys(all).length,
    different: Object.keys(all).filter((name) => all[name] !== window[name]),
    isSlot: CRVideo_GetMeetingsFail instanceof CRVideo.CbProxy,
  }
</script></body>`

const TWICE = `<!doctype html><meta charset="utf-8"><body>
<script>
  var requests = 0
  var before = Object.keys(Object.prototype).length + Object.keys(Array.prototype).length
</script>
<script src="{{SERVER}}/sdk/CloudroomVideoSDK.js"></script>
<script>
  var complete = typeof CRVideo_Init === 'function' && CRVideo_NOERR === 0 && 'CRVideo_Init' in window
  CRVideo_GetMeetingsFail.callback = function (sdkErr, cookie) { window.failed = [sdkErr, cookie] }
  var slot = CRVideo_GetMeetingsFail
  CRVideo_SetServerAddr('kept:1')
</script>
<script src="{{SERVER}}/sdk/CloudroomVideoSDK.js?again"></script>
<script>
  var same = slot === CRVideo_GetMeetingsFail && slot.callback !== null
  var keys = []
  for (var i in ['a']) keys.push(i)
  CRVideo_GetMeetings('twice')
</script></body>`

describe('the classic API as a page loads it', () => {
  let server: RunningServer
  let host: Awaited<ReturnType<typeof hostPages>>
  let browser: Browser

  beforeAll(async () => {
    server = await startServer()
    host = await hostPages(server.url, { 'module.html': MODULE, 'twice.html': TWICE })
    browser = await launchFace(RED)
  })

  afterAll(async () => {
    await browser.close()
    await host.close()
    await server.stop()
    server.forget()
  })

  it('00 §2: the ES module has the same objects as named exports', async () => {
    const { page, errors } = await openPage(browser, `${host.url}/module.html`)
    const result = await eventually(async () => {
      const found = await page.evaluate('window.result')
      expect(found).toBeDefined()
      return found as { count: number }
    })
    expect(result).toMatchObject({ code: 0, noErr: 0, open: 3, different: [], isSlot: true })
    expect(result.count).toBeGreaterThan(400)
    await eventually(async () =>
      expect(await page.evaluate('window.failed')).toEqual([9, 'by module']),
    )
    expect(errors).toEqual([])
    await page.context().close()
  })

  it('00 §2: complete for the next script, the same after loading twice, no leak into arrays', async () => {
    const { page, errors } = await openPage(browser, `${host.url}/twice.html`)
    expect(await page.evaluate('[complete, same, CRVideo_GetServerAddr(), keys]')).toEqual([
      true,
      true,
      'kept:1',
      ['0'],
    ])
    await eventually(async () => expect(await page.evaluate('window.failed')).toEqual([9, 'twice']))
    expect(errors).toEqual([])
    await page.context().close()
  })

  it('00 §2: loading asks nothing of the network, the camera or the storage', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    page.on('websocket', () => asked.push('websocket'))
    await page.addInitScript(() => {
      const seen: string[] = []
      Object.assign(window, { touched: seen })
      for (const name of ['getUserMedia', 'enumerateDevices'] as const) {
        const own = navigator.mediaDevices[name].bind(navigator.mediaDevices)
        Object.assign(navigator.mediaDevices, {
          [name]: (...args: never[]) => {
            seen.push(name)
            return (own as (...given: never[]) => unknown)(...args)
          },
        })
      }
      const own = Storage.prototype.getItem
      Storage.prototype.getItem = function (key) {
        seen.push(`storage ${key}`)
        return own.call(this, key)
      }
    })
    await page.goto(`${host.url}/classic.html`)
    expect(asked.sort()).toEqual(['/classic.html', '/recorder.js', '/sdk/CloudroomVideoSDK.js'])
    expect(await page.evaluate('touched')).toEqual([])
    await context.close()
  })
})
