import { createHash, randomBytes } from 'node:crypto'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { eventually } from '../support/eventually.ts'
import { startFileHost } from '../support/file-host.ts'
import { RED } from '../support/media-files.ts'
import { prepareHash, sha256 } from '../support/net-files.ts'
import { hostPages } from '../support/page-host.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const SLOTS = [
  'CRVideo_FileStateChanged',
  'CRVideo_FileProgress',
  'CRVideo_FileHttpRspHeader',
  'CRVideo_FileHttpRspContent',
  'CRVideo_FileFinished',
]
const SHORT: Record<string, string> = {
  CRVideo_FileStateChanged: 'state',
  CRVideo_FileProgress: 'progress',
  CRVideo_FileHttpRspHeader: 'header',
  CRVideo_FileHttpRspContent: 'content',
  CRVideo_FileFinished: 'finished',
}

describe('the HTTP file manager', () => {
  const content = randomBytes(3_000_000)
  const sum = createHash('sha256').update(content).digest('hex')
  let server: RunningServer
  let host: Awaited<ReturnType<typeof hostPages>>
  let files: Awaited<ReturnType<typeof startFileHost>>
  let browser: Browser
  let page: ClassicPage

  const init = async () => {
    expect(await page.call('CRVideo_Init2', '/Store', 1, 1, 1)).toBe(0)
    await page.mark()
  }
  /** Everything about one file since the mark; progress in one word. */
  const story = async (path: string) => {
    const events = (await page.sinceMark(SLOTS)).filter(({ args }) => args[0] === path)
    const told = events.map(({ slot, args }) => {
      const name = SHORT[slot] ?? slot
      return name === 'state' || name === 'finished' ? `${name} ${args[1]}` : name
    })
    return told.filter((one, i) => one !== 'progress' || told[i - 1] !== 'progress')
  }
  const start = (info: Record<string, unknown>) => page.call('CRVideo_StartTransferFile', info)
  const get = (filePathName: string, path = '/file') =>
    start({ filePathName, httpUrl: files.url + path })
  const info = (path: string) => page.call<Record<string, unknown>>('CRVideo_GetTransferInfo', path)
  const finished = (path: string) => page.next('CRVideo_FileFinished', path)
  /** Cancels a transfer from inside as soon as it has so many bytes: it does not wait for a slow machine. */
  const cancelPast = (path: string, bytes: number) =>
    page.read(`void (hooks.CRVideo_FileProgress = (path, finished) => {
      if (path !== '${path}' || finished <= ${bytes}) return
      delete hooks.CRVideo_FileProgress
      CRVideo_CancelFileTransfer(path)
    })`)
  const done = async (path: string) => (await info(path)).finishedSize as number

  beforeAll(async () => {
    server = await startServer()
    host = await hostPages(server.url)
    files = await startFileHost(content)
    browser = await launchFace(RED)
    page = await ClassicPage.open(browser, host.url, server.url, { prepare: prepareHash })
    await init()
  })
  afterEach(async () => {
    const all = await page.call<{ filePathName: string }[]>('CRVideo_GetAllTransferInfos')
    for (const { filePathName } of all) await page.call('CRVideo_RmTransferInfo', filePathName, 1)
    await page.mark()
  })
  afterAll(async () => {
    await page.finish()
    await browser.close()
    await files.close()
    await host.close()
    await server.stop()
    server.forget()
  })

  it('06 §4.1: a download tells its story in order and arrives unharmed', async () => {
    await get('down/文件 1.bin')
    expect(await finished('down/文件 1.bin')).toEqual(['down/文件 1.bin', 0])
    expect(await story('down/文件 1.bin')).toEqual([
      'state 1',
      'state 2',
      'header',
      'progress',
      'state 3',
      'finished 0',
    ])
    const progress = await page.sinceMark(['CRVideo_FileProgress'])
    expect(progress.at(-1)?.args).toEqual(['down/文件 1.bin', 3_000_000, 3_000_000])
    const [header] = await page.sinceMark(['CRVideo_FileHttpRspHeader'])
    expect(String(header?.args[1]).split('\r\n')).toContain('content-length: 3000000')
    expect(await sha256(page, '/Store/down/文件 1.bin')).toBe(sum)
    expect(await info('down/文件 1.bin')).toEqual({
      bUploadType: 0,
      filePathName: 'down/文件 1.bin',
      fileVersion: '',
      httpUrl: `${files.url}/file`,
      params: {},
      fileSize: 3_000_000,
      finishedSize: 3_000_000,
      state: 3,
    })
  })

  it('06 §4.1: an upload is a form with the file, and its answer arrives as an object', async () => {
    await page.read(`CRVideo.vfs.put('up.txt', 'what is in it')`)
    await page.call(
      'CRVideo_StartTransferFile',
      JSON.stringify({
        bUploadType: '1',
        filePathName: 'up.txt',
        httpUrl: `${files.url}/post`,
        params: { 'X-Token': 'abc', decodeCREEFile: 0 },
      }),
    )
    await finished('up.txt')
    expect(await story('up.txt')).toEqual([
      'state 1',
      'state 2',
      'progress',
      'header',
      'content',
      'state 3',
      'finished 0',
    ])
    const [answer] = await page.sinceMark(['CRVideo_FileHttpRspContent'])
    expect(answer?.args).toEqual(['up.txt', { status: 200, taken: true }])
    const progress = await page.sinceMark(['CRVideo_FileProgress'])
    expect(progress.at(-1)?.args).toEqual(['up.txt', 13, 13])
    const [header] = await page.sinceMark(['CRVideo_FileHttpRspHeader'])
    expect(String(header?.args[1])).toMatch(/(^|\r\n)x-told: yes(\r\n|$)/)
    const post = files.posts.at(-1)
    expect(post?.headers['x-token']).toBe('abc')
    expect(post?.headers.decodecreefile).toBeUndefined()
    expect(String(post?.body)).toMatch(/name="file"; filename="up.txt"[\s\S]*what is in it/)
  })

  it('06 §4.1: what the server refuses ends with 1000 + status', async () => {
    await get('no.bin', '/status/404')
    expect(await finished('no.bin')).toEqual(['no.bin', 1404])
    expect(await story('no.bin')).toEqual([
      'state 1',
      'state 2',
      'header',
      'state 0',
      'finished 1404',
    ])
    await page.read(`CRVideo.vfs.put('up.txt', 'x')`)
    await start({ bUploadType: 1, filePathName: 'up.txt', httpUrl: `${files.url}/fail` })
    expect(await finished('up.txt')).toEqual(['up.txt', 1500])
    expect((await story('up.txt')).slice(-4)).toEqual([
      'header',
      'content',
      'state 0',
      'finished 1500',
    ])
  })

  it('06 §4, §4.1: what cannot begin says so and nothing else; a closed server is result 3', async () => {
    await start({ filePathName: 'a', httpUrl: 'ftp://x/y' })
    expect(await finished('a')).toEqual(['a', 2])
    await start({ httpUrl: files.url })
    expect(await finished('')).toEqual(['', 2])
    await start({ filePathName: 'b', httpUrl: files.url, params: { 'bad name': 1 } })
    expect(await finished('b')).toEqual(['b', 2])
    await get('/elsewhere/x')
    expect(await finished('/elsewhere/x')).toEqual(['/elsewhere/x', 6])
    await start({ bUploadType: 1, filePathName: 'gone', httpUrl: `${files.url}/post` })
    expect(await finished('gone')).toEqual(['gone', 5])
    for (const path of ['a', '', 'b', '/elsewhere/x', 'gone'])
      expect(await story(path)).toHaveLength(1)
    expect(await page.call('CRVideo_GetAllTransferInfos')).toEqual([])
    await get('/my/cloudroomvideosdk/closed', '/closed')
    expect(await finished('/my/cloudroomvideosdk/closed')).toEqual([
      '/my/cloudroomvideosdk/closed',
      3,
    ])
  })

  it('06 §4: three at a time, others wait; a path under way is busy', async () => {
    // Looked at from inside: they do not wait for a slow machine.
    await page.read(`void (hooks.CRVideo_FileProgress = () => {
      ;(window.states ??= []).push(CRVideo_GetAllTransferInfos().map((info) => info.state))
    })`)
    for (const path of ['s1', 's2', 's3', 's4']) await get(path, '/slow')
    await get('s1', '/slow')
    expect(await finished('s1')).toEqual(['s1', 7])
    await eventually(async () =>
      expect(await page.read('window.states')).toContainEqual([2, 2, 2, 1]),
    )
    await finished('s4')
    await page.read('void delete hooks.CRVideo_FileProgress')
    expect(files.mostAtOnce).toBe(3)
    for (const path of ['s1', 's2', 's3', 's4']) expect(await sha256(page, path)).toBe(sum)
  })

  it('06 §5: a cancelled download goes on where it stopped, also after a reload', async () => {
    await cancelPast('cut.bin', 600_000)
    await get('cut.bin', '/slow')
    await page.next('CRVideo_FileStateChanged', 'cut.bin', 0)
    expect((await story('cut.bin')).at(-1)).toBe('state 0')
    await eventually(async () => expect(await done('cut.bin')).toBeGreaterThan(600_000))
    const before = await done('cut.bin')
    await page.reload()
    await init()
    expect(await info('cut.bin')).toMatchObject({ state: 0, finishedSize: before })
    await get('cut.bin', '/slow')
    await finished('cut.bin')
    expect(files.ranges.at(-1)).toBe(`bytes=${before}-`)
    expect((await story('cut.bin')).at(-1)).toBe('finished 0')
    const [first] = await page.sinceMark(['CRVideo_FileProgress'])
    expect(first?.args[1]).toBeGreaterThanOrEqual(before)
    expect(await sha256(page, 'cut.bin')).toBe(sum)
    expect(await page.read(`CRVideo.vfs.list('cut.bin').length`)).toBe(1)
  })

  it('06 §4: a reload in the middle leaves a record in state 0; without ranges it starts anew', async () => {
    await cancelPast('plain.bin', 300_000)
    await get('plain.bin', '/plain')
    await page.next('CRVideo_FileStateChanged', 'plain.bin', 0)
    await eventually(async () => expect(await done('plain.bin')).toBeGreaterThan(300_000))
    await page.mark()
    await get('plain.bin', '/plain')
    await page.next('CRVideo_FileStateChanged', 'plain.bin', 2)
    await page.reload()
    await init()
    expect(await info('plain.bin')).toMatchObject({ state: 0 })
    await get('plain.bin', '/plain')
    await finished('plain.bin')
    expect((await story('plain.bin')).at(-1)).toBe('finished 0')
    expect(await sha256(page, 'plain.bin')).toBe(sum)
  })

  it('06 §4: a finished version is not transferred again, another one is', async () => {
    const order = { filePathName: 'v.bin', httpUrl: `${files.url}/file`, fileVersion: '1' }
    await start(order)
    await finished('v.bin')
    const asked = files.ranges.length
    await page.mark()
    await start(order)
    expect(await finished('v.bin')).toEqual(['v.bin', 0])
    expect(files.ranges.length).toBe(asked)
    await page.mark()
    await start({ ...order, fileVersion: '2' })
    await finished('v.bin')
    expect(files.ranges.length).toBe(asked + 1)
    expect(files.ranges.at(-1)).toBeUndefined()
  })

  it('06 §5: a removed record says nothing more and takes its files along when asked', async () => {
    await get('rm.bin', '/slow')
    await eventually(async () => expect(await done('rm.bin')).toBeGreaterThan(0))
    await page.call('CRVideo_RmTransferInfo', 'rm.bin')
    await page.mark()
    expect(await info('rm.bin')).toMatchObject({ filePathName: 'rm.bin', state: 0, httpUrl: '' })
    await eventually(async () =>
      expect(await page.read(`CRVideo.vfs.list('rm.bin').length`)).toBe(0),
    )
    expect(await story('rm.bin')).toEqual([])
    await get('keep.bin')
    await finished('keep.bin')
    await page.call('CRVideo_RmTransferInfo', 'keep.bin')
    expect(await sha256(page, 'keep.bin')).toBe(sum)
    await page.mark()
    await get('keep.bin')
    await page.call('CRVideo_RmTransferInfo', 'unknown', 1)
    await finished('keep.bin')
    await page.call('CRVideo_RmTransferInfo', 'keep.bin', 1)
    await eventually(async () =>
      expect(await page.read(`CRVideo.vfs.exists('keep.bin')`)).toBe(false),
    )
  })

  it('06 §4: switched off at init it refuses with 1 and knows nothing', async () => {
    await get('off.bin')
    await finished('off.bin')
    await page.call('CRVideo_Uninit')
    await page.call('CRVideo_Init2', '/Store')
    await page.mark()
    await get('off.bin')
    expect(await finished('off.bin')).toEqual(['off.bin', 1])
    expect(await page.call('CRVideo_GetAllTransferInfos')).toEqual([])
    expect(await info('off.bin')).toMatchObject({ httpUrl: '', state: 0 })
    await page.call('CRVideo_Uninit')
    await init()
    expect(await info('off.bin')).toMatchObject({ state: 3 })
  })
})
