import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { eventually } from '../support/eventually.ts'
import { RED } from '../support/media-files.ts'
import { mediaProcesses } from '../support/media-processes.ts'
import { type MeetingRef, meetingOf, startStage } from '../support/meeting-of.ts'

const SHARE_SLOTS = [
  'CRVideo_StartScreenShareRslt',
  'CRVideo_StopScreenShareRslt',
  'CRVideo_NotifyScreenShareStarted',
  'CRVideo_NotifyScreenShareStopped',
  'CRVideo_NotifyShareRectChanged',
  'CRVideo_UserLeftMeeting',
]

/** Runs in the page first: keeps what it captured, so that the browser's own control can be played. */
const keepCaptures = (): void => {
  const own = window as unknown as { captures: MediaStreamTrack[]; refuse: boolean }
  own.captures = []
  const { mediaDevices } = navigator
  const ask = mediaDevices.getDisplayMedia.bind(mediaDevices)
  mediaDevices.getDisplayMedia = async (options) => {
    if (own.refuse) throw new DOMException('Permission denied', 'NotAllowedError')
    const stream = await ask(options)
    own.captures.push(...stream.getVideoTracks())
    return stream
  }
}

describe('09 §3: sharing a screen through the classic API', () => {
  let stage: Awaited<ReturnType<typeof startStage>>
  let browser: Browser
  let ann: ClassicPage
  let ben: ClassicPage
  let meeting: MeetingRef

  const open = async () =>
    stage.keep(
      await ClassicPage.open(browser, stage.host.url, stage.server.url, { prepare: keepCaptures }),
    )
  /** Slots of the share since the mark. */
  const told = async (page: ClassicPage) =>
    (await page.sinceMark(SHARE_SLOTS)).map(({ slot, args }) => [slot.slice(8), ...args])
  const seesShare = (page: ClassicPage) =>
    eventually(async () => {
      const first = await page.look('share')
      expect([first?.width, first?.height]).toEqual([1280, 720])
      await new Promise((r) => setTimeout(r, 300))
      // The fake screen moves.
      expect((await page.look('share'))?.print).not.toBe(first?.print)
    }, 30_000)
  const start = async (page: ClassicPage) => {
    await page.call('CRVideo_StartScreenShare')
    await page.next('CRVideo_StartScreenShareRslt', 0)
  }

  beforeAll(async () => {
    stage = await startStage()
    browser = stage.keep(await launchFace(RED))
    ann = await open()
    ben = await open()
    // Made before Init, outside a meeting.
    await ben.read('showShare()')
    meeting = await meetingOf([
      [ann, 'ann'],
      [ben, 'ben'],
    ])
  })
  beforeEach(async () => {
    for (const page of [ann, ben]) await page.mark()
  })
  afterAll(() => stage.close())

  it('outside a meeting: 800, and nothing is asked of the user', async () => {
    const loner = await open()
    await loner.call('CRVideo_StartScreenShare')
    await loner.next('CRVideo_StartScreenShareRslt', 800)
    await loner.call('CRVideo_StopScreenShare')
    await loner.next('CRVideo_StopScreenShareRslt', 800)
    expect(await loner.read('captures.length')).toBe(0)
  })

  it('another page sees the picture; result, start and size are told in order', async () => {
    await start(ann)
    for (const page of [ann, ben]) await page.next('CRVideo_NotifyShareRectChanged', 1280, 720)
    await seesShare(ben)
    expect(await told(ann)).toEqual([
      ['StartScreenShareRslt', 0],
      ['NotifyShareRectChanged', 1280, 720],
    ])
    expect(await told(ben)).toEqual([
      ['NotifyScreenShareStarted', 'ann'],
      ['NotifyShareRectChanged', 1280, 720],
    ])
    expect(await ben.call('CRVideo_Getcurrentmainpage')).toBe(0)
  })

  it('already sharing: 0 again; somebody else: 803, without a picker', async () => {
    await ann.call('CRVideo_StartScreenShare')
    await ann.next('CRVideo_StartScreenShareRslt', 0)
    await ben.call('CRVideo_StartScreenShare')
    await ben.next('CRVideo_StartScreenShareRslt', 803)
    await ben.call('CRVideo_StopScreenShare')
    await ben.next('CRVideo_StopScreenShareRslt', 900)
    expect(await told(ann)).toEqual([['StartScreenShareRslt', 0]])
    expect(await ann.read('captures.length')).toBe(1)
    expect(await ben.read('captures.length')).toBe(0)
    await seesShare(ben)
  })

  it('07 §2.2: a late joiner is told after its entry and sees the picture at once', async () => {
    const cleo = await open()
    await cleo.login('cleo')
    await cleo.enter(meeting, 'cleo')
    await cleo.read('showShare()')
    await cleo.next('CRVideo_NotifyShareRectChanged', 1280, 720)
    expect(await told(cleo)).toEqual([
      ['NotifyScreenShareStarted', 'ann'],
      ['NotifyShareRectChanged', 1280, 720],
    ])
    await seesShare(cleo)
    await cleo.call('CRVideo_ExitMeeting')
    await eventually(async () => expect(await cleo.read('views.share.isPicEmpty()')).toBe(true))
    for (const page of [ann, ben]) await page.next('CRVideo_UserLeftMeeting', 'cleo')
  })

  it('stopping: capture ends at once, the last picture stays until clear()', async () => {
    const ended = await ann.read<string>(
      `(() => { CRVideo_StopScreenShare(); return captures[0].readyState })()`,
    )
    expect(ended).toBe('ended')
    await ann.next('CRVideo_StopScreenShareRslt', 0)
    await ben.next('CRVideo_NotifyScreenShareStopped', 'ann')
    expect(await told(ann)).toEqual([['StopScreenShareRslt', 0]])
    expect(await ben.read('views.share.isPicEmpty()')).toBe(false)
    expect((await ben.look('share'))?.width).toBe(1280)
    await ben.read('views.share.clear()')
    expect(await ben.read('views.share.isPicEmpty()')).toBe(true)
    expect(await ben.look('share')).toBeNull()
  })

  it('a refusing user: 900, and nobody else hears of it', async () => {
    await ann.read('(() => { refuse = true })()')
    await ann.call('CRVideo_StartScreenShare')
    await ann.next('CRVideo_StartScreenShareRslt', 900)
    await ann.read('(() => { refuse = false })()')
    expect(await told(ben)).toEqual([])
  })

  it("the browser's own control ends the share like a stop", async () => {
    await start(ben)
    await ann.next('CRVideo_NotifyScreenShareStarted', 'ben')
    await ben.read(
      `(() => { const t = captures.at(-1); t.stop(); t.dispatchEvent(new Event('ended')) })()`,
    )
    await ben.next('CRVideo_StopScreenShareRslt', 0)
    await ann.next('CRVideo_NotifyScreenShareStopped', 'ben')
  })

  it('07 §2: a sharer that leaves: first the share ends, then it left', async () => {
    await start(ann)
    await ben.next('CRVideo_NotifyScreenShareStarted', 'ann')
    await ann.call('CRVideo_ExitMeeting')
    await ben.next('CRVideo_UserLeftMeeting', 'ann')
    expect((await told(ben)).slice(-2)).toEqual([
      ['NotifyScreenShareStopped', 'ann'],
      ['UserLeftMeeting', 'ann'],
    ])
    expect(await ann.read('captures.at(-1).readyState')).toBe('ended')
    expect((await told(ann)).map(([slot]) => slot)).not.toContain('StopScreenShareRslt')
    await ann.enter(meeting, 'ann')
  })

  it('the media process dies: the picture goes on, and nobody is told of an end', async () => {
    await ben.read('views.share.clear()')
    await start(ann)
    await seesShare(ben)
    await ann.next('CRVideo_NotifyShareRectChanged', 1280, 720)
    await ann.mark()
    await ben.mark()
    for (const pid of await mediaProcesses(stage.server.pid)) process.kill(pid, 'SIGKILL')
    await seesShare(ben)
    expect([await told(ann), await told(ben)]).toEqual([[], []])
  })

  it('a reloaded sharer: the share ends for the others', async () => {
    await ann.reload()
    await ben.next('CRVideo_NotifyScreenShareStopped', 'ann')
    expect(ben.errors).toEqual([])
  })
})
