import { createHash } from 'node:crypto'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { eventually } from '../support/eventually.ts'
import { startFileHost } from '../support/file-host.ts'
import { RED } from '../support/media-files.ts'
import { MIB, prepareHash, putRandom } from '../support/net-files.ts'
import { hostPages } from '../support/page-host.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { ADMIN_TOKEN, adminOf } from '../support/stored-records.ts'

const STATE = 'CRVideo_NotifyRecordFileStateChanged'
const PROGRESS = 'CRVideo_NotifyRecordFileUploadProgress'
const FAILED = 'CRVideo_UploadRecordFileErr'
const LIMIT_MB = 48

interface Listed {
  fileName: string
  state: number
  uploadPercent: number
  httpUrl: string
}

describe('uploads of recordings', () => {
  let server: RunningServer
  let host: Awaited<ReturnType<typeof hostPages>>
  let forms: Awaited<ReturnType<typeof startFileHost>>
  let browser: Browser
  let ann: ClassicPage
  let bob: ClassicPage
  const admin = adminOf(() => server.url)
  const env = { RECORDS_MB: String(LIMIT_MB), ADMIN_TOKEN }

  /** Puts a file into the list; answers its SHA-256. */
  const list = async (page: ClassicPage, name: string, size: number) => {
    const sum = await putRandom(page, `/rec/${name}`, size)
    expect(await page.call('CRVideo_AddFileToRecordMgr', name, '/rec')).toBe(0)
    return sum
  }
  const entry = async (page: ClassicPage, name: string) =>
    (await page.call<Listed[]>('CRVideo_GetAllRecordFiles')).find(({ fileName }) =>
      fileName.endsWith(`/${name}`),
    )
  const percent = async (page: ClassicPage, name: string) =>
    (await entry(page, name))?.uploadPercent ?? -1
  const upload = (page: ClassicPage, name: string) => page.call('CRVideo_UploadRecordFile', name)
  /** States and errors of one file since the mark, as `1`, `0` or `error 9`. */
  const told = async (page: ClassicPage, name: string) =>
    (await page.sinceMark([STATE, FAILED]))
      .filter(({ args }) => args[0] === name)
      .map(({ slot, args }) => (slot === FAILED ? `error ${args[1]}` : String(args[1])))
  const percents = async (page: ClassicPage, name: string) =>
    (await page.sinceMark([PROGRESS]))
      .filter(({ args }) => args[0] === name)
      .map(({ args }) => args[1] as number)
  const shaOf = async (answer: Response) =>
    createHash('sha256')
      .update(Buffer.from(await answer.arrayBuffer()))
      .digest('hex')
  const open = () => ClassicPage.open(browser, host.url, server.url, { prepare: prepareHash })

  beforeAll(async () => {
    server = await startServer(env)
    host = await hostPages(server.url)
    forms = await startFileHost(Buffer.from('x'))
    browser = await launchFace(RED)
    ann = await open()
    bob = await open()
    await ann.login('ann')
    await bob.login('bob')
  })
  afterAll(async () => {
    for (const page of [ann, bob]) await page.finish()
    await browser.close()
    await forms.close()
    await host.close()
    await server.stop()
    server.forget()
  })

  it('10 §3: an upload tells its story in order and arrives with the same SHA-256', async () => {
    const sum = await list(ann, '周会 1.mp4', 5 * MIB)
    await ann.mark()
    await ann.call('CRVideo_SetFileUploadRate', 5 * MIB)
    await upload(ann, '周会 1.mp4')
    await ann.next(STATE, '周会 1.mp4', 2)
    await ann.call('CRVideo_SetFileUploadRate', 0)
    const all = await ann.sinceMark([STATE, PROGRESS, FAILED])
    expect(all[0]).toMatchObject({ slot: STATE, args: ['周会 1.mp4', 1] })
    expect(all.at(-2)).toMatchObject({ slot: PROGRESS, args: ['周会 1.mp4', 100] })
    expect(all.at(-1)).toMatchObject({ slot: STATE, args: ['周会 1.mp4', 2] })
    const steps = await percents(ann, '周会 1.mp4')
    expect(steps.length).toBeGreaterThan(2)
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b))

    const record = await admin.named('周会 1.mp4')
    expect(record).toMatchObject({ owner: 'ann', ownerName: 'Nick ann', sha256: sum })
    expect(record?.path).toMatch(/^\/\d{4}-\d\d-\d\d\/周会 1\.mp4$/)
    const { httpUrl = '', ...shown } = (await entry(ann, '周会 1.mp4')) ?? {}
    expect(shown).toMatchObject({ state: 2, uploadPercent: 100 })
    expect(await shaOf(await fetch(httpUrl))).toBe(sum)
    expect(await shaOf(await admin.ask(`/${record?.id}/content`))).toBe(sum)
    await upload(ann, '/rec/周会 1.mp4')
    expect(await ann.next(FAILED)).toEqual(['/rec/周会 1.mp4', 1200])
  })

  it('06 §9: nobody gets at it without the link: no signature, another one, no token', async () => {
    const { httpUrl = '' } = (await entry(ann, '周会 1.mp4')) ?? {}
    const bare = new URL(httpUrl)
    bare.search = ''
    const forged = new URL(httpUrl)
    forged.searchParams.set('expires', String(Date.now() + 1e9))
    for (const url of [bare, forged]) expect((await fetch(url)).status).toBe(403)
    expect((await fetch(`${server.url}/api/v1/records`)).status).toBe(401)
    const { id } = (await admin.named('周会 1.mp4')) ?? {}
    expect((await fetch(`${server.url}/api/v1/records/${id}/content`)).status).toBe(401)
    expect((await admin.ask(`/${id}?account=other`)).status).toBe(404)
  })

  it('10 §3: unknown names are 1201, what is not uploading is 1200, without a login 9 and 201', async () => {
    await ann.mark()
    await upload(ann, 'none.mp4')
    await ann.call('CRVideo_CancelUploadRecordFile', 'none.mp4')
    await ann.call('CRVideo_CancelUploadRecordFile', '周会 1.mp4')
    await ann.call('CRVideo_UploadRecordFile', '')
    await ann.next(FAILED, '')
    expect((await ann.sinceMark([STATE, FAILED])).map(({ args }) => args)).toEqual([
      ['none.mp4', 1201],
      ['none.mp4', 1201],
      ['周会 1.mp4', 1200],
      ['', 1201],
    ])
    const page = await open()
    await upload(page, 'x')
    expect(await page.next(FAILED)).toEqual(['x', 9])
    await page.call('CRVideo_Init2', '/Store-x')
    await list(page, 'x', 10)
    for (const [address, code] of [
      ['ftp://nowhere', 201],
      [server.url, 9],
    ] as const) {
      await page.mark()
      await page.call('CRVideo_SetServerAddr', address)
      await upload(page, 'x')
      expect(await page.next(FAILED)).toEqual(['x', code])
      expect(await page.sinceMark([STATE])).toEqual([])
    }
    await page.finish()
  })

  it('10 §3: one after the other; waiting and running ones are cancelled without an error', async () => {
    for (const name of ['1.mp4', '2.mp4', '3.mp4']) await list(ann, name, 2 * MIB)
    await ann.mark()
    // Slow: there is time to cancel on a busy machine.
    await ann.call('CRVideo_SetFileUploadRate', MIB / 4)
    for (const name of ['1.mp4', '2.mp4', '3.mp4']) await upload(ann, name)
    await eventually(async () => expect(await percent(ann, '1.mp4')).toBeGreaterThan(10))
    expect(await entry(ann, '3.mp4')).toMatchObject({ state: 1, uploadPercent: 0 })
    await ann.call('CRVideo_CancelUploadRecordFile', '/rec/1.mp4')
    await ann.next(STATE, '/rec/1.mp4', 0)
    await ann.call('CRVideo_CancelUploadRecordFile', '3.mp4')
    await ann.next(STATE, '3.mp4', 0)
    await ann.call('CRVideo_SetFileUploadRate', 0)
    expect(await entry(ann, '1.mp4')).toMatchObject({ state: 0, httpUrl: '' })
    await ann.next(STATE, '2.mp4', 2)
    expect(await told(ann, '2.mp4')).toEqual(['1', '2'])
    expect(await ann.sinceMark([FAILED])).toEqual([])
    await eventually(async () => expect((await admin.all()).used).toBe(7 * MIB))
    await upload(ann, '1.mp4')
    await ann.next(STATE, '1.mp4', 2)
  })

  it('06 §7: a picked file is copied and listed at once; a name without a directory is in the work directory', async () => {
    const add = `(file, path) => CRVideo_AddFileToRecordMgr(file, path)`
    const film = `new File(['12345'], 'picked.mp4')`
    expect(await ann.read(`(${add})(${film}, '/rec/')`)).toBe(0)
    expect(await ann.read(`(${add})(${film}, '/rec')`)).toBe(1)
    expect(await entry(ann, 'picked.mp4')).toMatchObject({ fileName: '/rec/picked.mp4', state: 0 })
    await ann.read(`CRVideo.vfs.register(new File(['12'], 'chosen.mp4'))`)
    expect(await ann.call('CRVideo_AddFileToRecordMgr', 'chosen.mp4', 'C:\\fakepath')).toBe(0)
    await ann.read(`CRVideo.vfs.put('bare.mp4', '1')`)
    expect(await ann.call('CRVideo_AddFileToRecordMgr', 'bare.mp4', '')).toBe(0)
    expect(await ann.call('CRVideo_AddFileToRecordMgr', 'none.mp4', '/rec')).toBe(-1)
    for (const name of ['picked.mp4', 'chosen.mp4', 'bare.mp4'])
      await ann.call('CRVideo_RemoveFromFileMgr', name)
    await eventually(async () => expect(await entry(ann, 'picked.mp4')).toBeUndefined())
  })

  it('06 §7: removing a file stops its upload with state 0 and no error', async () => {
    await list(ann, 'gone.mp4', 2 * MIB)
    await ann.mark()
    await ann.call('CRVideo_SetFileUploadRate', MIB / 4)
    await upload(ann, 'gone.mp4')
    await eventually(async () => expect(await percent(ann, 'gone.mp4')).toBeGreaterThan(10))
    await ann.call('CRVideo_RemoveFromFileMgr', 'gone.mp4')
    await ann.next(STATE, 'gone.mp4', 0)
    expect(await told(ann, 'gone.mp4')).toEqual(['1', '0'])
    expect(await entry(ann, 'gone.mp4')).toBeUndefined()
    await ann.call('CRVideo_SetFileUploadRate', 0)
  })

  it('10 §3: a crash of the server and a reload of the page cost an upload nothing', async () => {
    const sum = await list(ann, 'long.mp4', 12 * MIB)
    await ann.mark()
    await ann.call('CRVideo_SetFileUploadRate', 3 * MIB)
    await upload(ann, 'long.mp4')
    await eventually(async () => expect(await percent(ann, 'long.mp4')).toBeGreaterThan(15))
    // What is looked at and reloaded below is to be in the middle, also on a busy machine.
    await ann.call('CRVideo_SetFileUploadRate', MIB)
    await server.kill()
    server = await startServer({ ...env, PORT: String(server.port) }, server.dataDir)
    await eventually(async () => expect(await percent(ann, 'long.mp4')).toBeGreaterThan(40), 30_000)
    expect(await told(ann, 'long.mp4')).toEqual(['1'])

    await ann.reload()
    await ann.login('ann')
    const before = await percent(ann, 'long.mp4')
    expect(before).toBeGreaterThan(40)
    expect(await entry(ann, 'long.mp4')).toMatchObject({ state: 0, httpUrl: '' })
    await ann.call('CRVideo_SetFileUploadRate', 3 * MIB)
    await upload(ann, 'long.mp4')
    await ann.next(PROGRESS, 'long.mp4')
    await ann.call('CRVideo_SetFileUploadRate', 0)
    await ann.next(STATE, 'long.mp4', 2)
    const [first = 0] = await percents(ann, 'long.mp4')
    expect(first).toBeGreaterThanOrEqual(before - 5)

    await server.kill()
    server = await startServer({ ...env, PORT: String(server.port) }, server.dataDir)
    const record = await admin.named('long.mp4')
    expect(record?.sha256).toBe(sum)
    expect(await shaOf(await admin.ask(`/${record?.id}/content`))).toBe(sum)
    await ann.reload()
    await ann.login('ann')
    expect(await entry(ann, 'long.mp4')).toMatchObject({ state: 2, uploadPercent: 100 })
  })

  it('06 §7 UploadRecordFile2: at the path that was given; another user’s is refused with 1000', async () => {
    await bob.reload()
    await bob.login('bob')
    await list(ann, 'first.mp4', 1000)
    const sum = await list(ann, 'second.mp4', 1000)
    for (const name of ['first.mp4', 'second.mp4']) {
      await ann.mark()
      await ann.call('CRVideo_UploadRecordFile2', name, '会议/周会.mp4')
      await ann.next(STATE, name, 2)
    }
    const kept = (await admin.all()).records.filter(({ path }) => path === '/会议/周会.mp4')
    expect(kept.map(({ sha256 }) => sha256)).toEqual([sum])
    await list(bob, 'bob.mp4', 1000)
    await bob.mark()
    for (const place of ['/会议/周会.mp4', '/../x'])
      await bob.call('CRVideo_UploadRecordFile2', 'bob.mp4', place)
    await eventually(async () =>
      expect(await told(bob, 'bob.mp4')).toEqual(['1', 'error 1200', 'error 1000', '0']),
    )
    await bob.mark()
    await bob.call('CRVideo_UploadRecordFile2', 'bob.mp4', '/../x')
    await bob.next(STATE, 'bob.mp4', 0)
    expect(await told(bob, 'bob.mp4')).toEqual(['1', 'error 1000', '0'])
    expect(await admin.named('bob.mp4')).toBeUndefined()
  })

  it('10 §3: no room on the server is 1000, and the file can be uploaded when there is some', async () => {
    await list(bob, 'large.mp4', 30 * MIB)
    await bob.mark()
    await upload(bob, 'large.mp4')
    await bob.next(STATE, 'large.mp4', 0)
    expect(await told(bob, 'large.mp4')).toEqual(['1', 'error 1000', '0'])
    const { id } = (await admin.named('long.mp4')) ?? {}
    expect((await admin.ask(`/${id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await admin.ask(`/${id}`, { method: 'DELETE' })).status).toBe(404)
    await bob.mark()
    await upload(bob, 'large.mp4')
    await bob.nextWithin(40_000, STATE, 'large.mp4', 2)
  })

  it('06 §7 type 1: a form to another server, with the path as a field; refused with 1000', async () => {
    await list(bob, 'form.mp4', 100_000)
    const to = (address: string) =>
      bob.call('CRVideo_SetRecordUploadCfg', { type: 1, speakerName: address })
    await to(`${forms.url}/fail`)
    await to('ftp://elsewhere/x')
    await bob.mark()
    await upload(bob, 'form.mp4')
    await bob.next(STATE, 'form.mp4', 0)
    expect(await told(bob, 'form.mp4')).toEqual(['1', 'error 1000', '0'])
    await bob.call('CRVideo_SetRecordUploadCfg', `{"type":"1","url":"${forms.url}/post"}`)
    await bob.mark()
    await bob.call('CRVideo_UploadRecordFile2', 'form.mp4', '/a/b.mp4')
    await bob.next(STATE, 'form.mp4', 2)
    expect(await percents(bob, 'form.mp4')).toEqual(expect.arrayContaining([100]))
    const body = forms.posts.at(-1)?.body.toString('latin1') ?? ''
    expect(body).toMatch(/name="path"\r\n\r\n\/a\/b\.mp4\r\n/)
    expect(body).toMatch(/name="file"; filename="form\.mp4"/)
    expect(body.length).toBeGreaterThan(100_000)
    expect(await entry(bob, 'form.mp4')).toMatchObject({ state: 2, httpUrl: `${forms.url}/post` })
  })
})
