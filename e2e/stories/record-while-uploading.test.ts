import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { eventually } from '../support/eventually.ts'
import { startFileHost } from '../support/file-host.ts'
import { RED } from '../support/media-files.ts'
import { type MeetingRef, meetingOf } from '../support/meeting-of.ts'
import { prepareHash, putRandom, sha256 } from '../support/net-files.ts'
import { hostPages } from '../support/page-host.ts'
import { storedBytes } from '../support/recorded.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { ADMIN_TOKEN, adminOf } from '../support/stored-records.ts'

const STATE = 'CRVideo_NotifyRecordFileStateChanged'
const PROGRESS = 'CRVideo_NotifyRecordFileUploadProgress'
const FAILED = 'CRVideo_UploadRecordFileErr'

/** MP4 begins with a box `ftyp`, WebM with an EBML header. */
const isFilm = (bytes: Buffer) =>
  bytes.toString('latin1', 4, 8) === 'ftyp' || bytes.readUInt32BE(0) === 0x1a45dfa3

describe('uploading while recording', () => {
  let server: RunningServer
  let host: Awaited<ReturnType<typeof hostPages>>
  let forms: Awaited<ReturnType<typeof startFileHost>>
  let browser: Browser
  let page: ClassicPage
  let meeting: MeetingRef
  const admin = adminOf(() => server.url)
  const env = { ADMIN_TOKEN, ALLOW_GUESTS: '1' }

  const record = async (path: string) => {
    await page.mark()
    const options = [3, 15, 320, 180, 1_000_000, 22, 0, 1]
    await page.call('CRVideo_StartRecordIng', path, ...options)
    await page.next('CRVideo_RecordStateChanged', 2)
    await page.next(STATE, path, 1)
  }
  const lasts = (seconds: number) =>
    eventually(async () =>
      expect(await page.call<number>('CRVideo_GetRecDuration')).toBeGreaterThanOrEqual(seconds),
    )
  const told = async (slot: string) => (await page.sinceMark([slot])).map(({ args }) => args[1])
  const listed = async (name: string) =>
    (
      await page.call<{ fileName: string; state: number; httpUrl: string }[]>(
        'CRVideo_GetAllRecordFiles',
      )
    ).find(({ fileName }) => fileName === name)

  beforeAll(async () => {
    server = await startServer(env)
    host = await hostPages(server.url)
    forms = await startFileHost(Buffer.from('x'))
    browser = await launchFace(RED)
    page = await ClassicPage.open(browser, host.url, server.url, { prepare: prepareHash })
    meeting = await meetingOf([[page, 'red']])
    await page.call('CRVideo_OpenVideo', 'red')
    await page.call('CRVideo_OpenMic', 'red')
    await page.next('CRVideo_VideoStatusChanged', 'red', 4, 3)
  })
  afterAll(async () => {
    await page.finish()
    await browser.close()
    await forms.close()
    await host.close()
    await server.stop()
    server.forget()
  })

  it('10 §2.2: 99 % at most until the end, then 100 and state 2; over a crash of the server', async () => {
    await record('live.mp4')
    await page.next(PROGRESS, 'live.mp4')
    await server.kill()
    server = await startServer({ ...env, PORT: String(server.port) }, server.dataDir)
    const killed = await page.call<number>('CRVideo_GetRecDuration')
    await lasts(killed + 2)
    expect(await admin.named('live.mp4')).toBeUndefined()
    expect(Math.max(...((await told(PROGRESS)) as number[]))).toBeLessThanOrEqual(99)
    await page.call('CRVideo_StopRecord')
    await page.nextWithin(30_000, STATE, 'live.mp4', 2)
    expect(await told(STATE)).toEqual([1, 2])
    const percents = (await told(PROGRESS)) as number[]
    expect(percents.at(-1)).toBe(100)
    expect(percents).toEqual([...new Set(percents)].sort((a, b) => a - b))
    expect(await page.sinceMark([FAILED])).toEqual([])
    const stored = await admin.named('live.mp4')
    expect(stored).toMatchObject({
      meeting: meeting.ID,
      owner: 'red',
      mimeType: expect.stringMatching(/^video\/(mp4|webm)$/),
    })
    expect(stored?.duration).toBeGreaterThanOrEqual(killed + 2)
    expect(stored?.sha256).toBe(await sha256(page, 'live.mp4'))
  })

  it('the address on the server plays in a browser, with ranges, and is not run as a page', async () => {
    const { httpUrl = '' } = (await listed('live.mp4')) ?? {}
    const context = await browser.newContext()
    const tab = await context.newPage()
    await tab.goto(httpUrl)
    // Nothing of ours runs in there, so it is looked at from outside.
    const look = () =>
      tab.evaluate(() => {
        const video = document.querySelector('video')
        if (video?.paused) void video.play()
        return [video?.videoWidth, video?.videoHeight, video?.currentTime ?? 0]
      })
    await eventually(async () => {
      const [width, height, at] = await look()
      expect([width, height]).toEqual([320, 180])
      expect(at).toBeGreaterThan(0.5)
    })
    await context.close()
    const part = await fetch(httpUrl, { headers: { range: 'bytes=0-7' } })
    expect(part.status).toBe(206)
    expect(isFilm(Buffer.from(await part.arrayBuffer()))).toBe(true)
    expect(part.headers.get('content-disposition')).toMatch(/^inline; filename\*=UTF-8''live\.mp4/)
    expect(part.headers.get('content-security-policy')).toMatch(/^sandbox/)
  })

  it('10 §2, §3: cancelled, the recording goes on; uploading decrypts it on the way', async () => {
    await page.call('CRVideo_SetRecordFileEncrypt', 1)
    await record('later.mp4')
    await page.call('CRVideo_CancelUploadRecordFile', 'later.mp4')
    await page.next(STATE, 'later.mp4', 0)
    await page.call('CRVideo_UploadRecordFile', 'later.mp4')
    expect(await page.next(FAILED)).toEqual(['later.mp4', 1200])
    await lasts(2)
    await page.call('CRVideo_StopRecord')
    await page.next('CRVideo_RecordStateChanged', 0)
    expect(await told(STATE)).toEqual([1, 0])
    expect(await listed('later.mp4')).toMatchObject({ state: 0 })
    await page.mark()
    await page.call('CRVideo_UploadRecordFile', 'later.mp4')
    await page.next(STATE, 'later.mp4', 2)
    const stored = await admin.named('later.mp4')
    expect(stored?.sha256).not.toBe(await sha256(page, 'later.mp4'))
    const content = Buffer.from(await (await admin.ask(`/${stored?.id}/content`)).arrayBuffer())
    expect(isFilm(content)).toBe(true)
    expect((await storedBytes(page.page, 'later.mp4')).toString('latin1', 0, 4)).toBe('CRRF')

    await record('both.mp4')
    await lasts(1)
    await page.call('CRVideo_StopRecord')
    await page.next(STATE, 'both.mp4', 2)
    await page.call('CRVideo_SetRecordFileEncrypt', 0)
    const both = await admin.named('both.mp4')
    const plain = await (await admin.ask(`/${both?.id}/content`)).arrayBuffer()
    expect(isFilm(Buffer.from(plain))).toBe(true)

    await page.call('CRVideo_Uninit')
    await page.call('CRVideo_Init2', '/Store-red', 1, 1, 1)
    await page.mark()
    await page.call('CRVideo_StartTransferFile', {
      bUploadType: 1,
      filePathName: 'later.mp4',
      httpUrl: `${forms.url}/post`,
      params: { decodeCREEFile: 1 },
    })
    expect(await page.next('CRVideo_FileFinished')).toEqual(['later.mp4', 0])
    expect(forms.posts.at(-1)?.body.includes(content)).toBe(true)
  })

  it('06 §8: a guest in a meeting uploads too; outside it may not', async () => {
    const guest = await ClassicPage.open(browser, host.url, server.url, { prepare: prepareHash })
    await guest.call('CRVideo_Init2', '/Store-guest', 0)
    await guest.call('CRVideo_SetServerAddr', server.url)
    const sum = await putRandom(guest, '/g/guest.webm', 100_000)
    await guest.call('CRVideo_AddFileToRecordMgr', 'guest.webm', '/g')
    await guest.call('CRVideo_UploadRecordFile', 'guest.webm')
    expect(await guest.next(FAILED)).toEqual(['guest.webm', 9])
    await guest.call('CRVideo_EnterMeeting', meeting.ID, meeting.pswd, 'visitor', 'Visitor', '')
    await guest.next('CRVideo_EnterMeetingRslt', 0)
    await guest.call('CRVideo_UploadRecordFile', 'guest.webm')
    await guest.next(STATE, 'guest.webm', 2)
    expect(await admin.named('guest.webm')).toMatchObject({
      owner: 'visitor',
      ownerName: 'Visitor',
      sha256: sum,
    })
    await guest.finish()
  })
})
