import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { eventually } from '../support/eventually.ts'
import { BLUE, type Face, GREEN, RED } from '../support/media-files.ts'
import { type MeetingRef, meetingOf, startStage } from '../support/meeting-of.ts'
import { recordFile } from '../support/play-file.ts'
import { canProbe, keepFrames, probe, storedBytes } from '../support/recorded.ts'
import { decoded, watchMedia } from '../support/rtc.ts'

/** What plays, and nobody's face. */
const YELLOW: Face = { name: 'yellow', rgb: [210, 190, 30], tone: 2310 }
const looksLike = (rgb: readonly number[], face: Face) =>
  face.rgb.every((value, i) => Math.abs(value - (rgb[i] ?? -1)) < 45)
const brightness = (rgb: readonly number[]) => Math.max(...rgb)

describe('what a recording shows without being told, and of a share', () => {
  let stage: Awaited<ReturnType<typeof startStage>>
  let page: ClassicPage
  let other: ClassicPage
  let meeting: MeetingRef

  const duration = () => page.call<number>('CRVideo_GetRecDuration')
  const lasts = (seconds: number) =>
    eventually(async () => expect(await duration()).toBeGreaterThanOrEqual(seconds))
  /** The other member's pictures come: who sends takes its time to the first one. */
  const shown = async () => {
    const before = await decoded(page)
    await eventually(async () => expect(await decoded(page)).toBeGreaterThan(before + 3))
  }
  const states = async () =>
    (await page.sinceMark(['CRVideo_RecordStateChanged'])).map(({ args }) => args[0])
  const probed: typeof probe = async (bytes, use) => {
    if (canProbe) await probe(bytes, use)
    else console.warn('ffprobe is not installed: the recorded file is not looked into')
  }

  beforeAll(async () => {
    stage = await startStage()
    const [red, green] = [await launchFace(RED), await launchFace(GREEN)]
    page = stage.keep(
      await ClassicPage.open(stage.keep(red), stage.host.url, stage.server.url, {
        prepare: watchMedia,
      }),
    )
    other = stage.keep(await ClassicPage.open(stage.keep(green), stage.host.url, stage.server.url))
    meeting = await meetingOf([
      [page, 'red'],
      [other, 'green'],
    ])
  })

  afterAll(() => stage.close())

  it('10 §2.1: a grid of all cameras, in WebM; leaving the meeting completes the file', async () => {
    await page.call('CRVideo_OpenVideo', 'red')
    await other.call('CRVideo_OpenVideo', 'green')
    await page.next('CRVideo_VideoStatusChanged', 'red', 4, 3)
    await page.next('CRVideo_VideoStatusChanged', 'green', 2, 3)
    await page.page.evaluate(keepFrames, 1)
    await page.mark()
    await page.call('CRVideo_StartRecordIng', 'grid.webm', 3, 15, 640, 360, 800_000, 22)
    await page.next('CRVideo_RecordStateChanged', 2)
    await shown()
    const from = (await duration()) + 1
    await lasts(from + 3)
    await page.call('CRVideo_ExitMeeting')
    await page.next('CRVideo_RecordStateChanged', 0)
    expect(await states()).toEqual([1, 2, 4, 0])
    const seconds = await page.call<number>('CRVideo_GetRecDuration')
    await probed(await storedBytes(page.page, 'grid.webm'), (file) => {
      expect(file.complaints).toBe('')
      expect(file.video?.codec).toMatch(/^vp[89]$/)
      expect(file.audio?.codec).toBe('opus')
      const [left, right] = [file.color(seconds - 1, 160, 220), file.color(seconds - 1, 480, 220)]
      expect(left[0]).toBeGreaterThan(left[1] + 80)
      expect(right[1]).toBeGreaterThan(right[0] + 80)
      for (const x of [0, 320]) expect(file.freezes(x, 90, 320, 180, from)).toBe(false)
      // Each keeps its ratio, centred in its half.
      expect(brightness(file.color(seconds - 1, 160, 40))).toBeLessThan(40)
    })
  })

  it('10 §2.1: the share of another member, then my own, cropped, where the page put it', async () => {
    await page.enter(meeting, 'red')
    await page.mark()
    await other.call('CRVideo_StartScreenShare')
    await page.next('CRVideo_NotifyShareRectChanged', 1280, 720)
    await page.call('CRVideo_SetRecordVideos', [
      { left: 0, top: 0, width: 320, height: 360, type: 2, param: { area: '0,0,640,720' } },
    ])
    await page.call('CRVideo_StartRecordIng', 'share.mp4', 0, 10, 640, 360, 800_000, 22)
    await page.next('CRVideo_RecordStateChanged', 2)
    await shown()
    await lasts((await duration()) + 3)
    const theirs = (await page.call<number>('CRVideo_GetRecDuration')) - 0.5
    await other.call('CRVideo_StopScreenShare')
    await page.next('CRVideo_NotifyScreenShareStopped')
    await page.call('CRVideo_StartScreenShare')
    await page.next('CRVideo_StartScreenShareRslt', 0)
    await lasts(theirs + 4)
    await page.call('CRVideo_StopRecord')
    await page.next('CRVideo_RecordStateChanged', 0)
    const mine = (await page.call<number>('CRVideo_GetRecDuration')) - 0.5
    await probed(await storedBytes(page.page, 'share.mp4'), (file) => {
      expect(file.audio).toBeNull()
      const spots = [40, 120, 200, 280].flatMap((x) => [60, 180, 300].map((y) => [x, y] as const))
      for (const at of [theirs, mine]) {
        const shown = spots.filter(([x, y]) => brightness(file.color(at, x, y)) > 60)
        expect(shown.length).toBeGreaterThan(6)
        for (const [x, y] of spots) expect(brightness(file.color(at, x + 330, y))).toBeLessThan(40)
      }
    })
    await page.call('CRVideo_StopScreenShare')
  })

  it('10 §2.1: the media that plays, with its sound; own local playback before the shared one', async () => {
    await Promise.all([
      page.page.evaluate(recordFile, { ...YELLOW, path: 'mine.webm', seconds: 6 }),
      other.page.evaluate(recordFile, { ...BLUE, path: 'theirs.webm', seconds: 10 }),
    ])
    await page.mark()
    await page.call('CRVideo_SetRecordVideos', [
      { left: 0, top: 0, width: 320, height: 360, type: 3, keepAspectRatio: 0 },
    ])
    await page.call('CRVideo_OpenMic', 'red')
    await page.next('CRVideo_AudioStatusChanged', 'red', 4, 3)
    expect(await other.call('CRVideo_StartPlayMedia', 'theirs.webm', 0, 1)).toBe(1)
    await page.next('CRVideo_NotifyMediaStart', 'green')
    await page.call('CRVideo_StartRecordIng', 'media.webm', 1, 10, 640, 360, 800_000, 22)
    await page.next('CRVideo_RecordStateChanged', 2)
    // From its beginning, however long the recording took to begin.
    await other.call('CRVideo_SetMediaplaypos', 0)
    await other.call('CRVideo_PausePlayMedia', false)
    await shown()
    const begun = await duration()
    await lasts(begun + 3)
    const changed = await duration()
    expect(await page.call('CRVideo_StartPlayMedia', 'mine.webm', 1)).toBe(1)
    await page.next('CRVideo_NotifyMediaStart', 'red')
    await page.next('CRVideo_NotifyMemberMediaData', 'red')
    const mine = await duration()
    await lasts(mine + 4)
    await page.call('CRVideo_StopPlayMedia')
    await other.call('CRVideo_StopPlayMedia')
    await page.next('CRVideo_NotifyMediaStop', 'green', 0)
    const stopped = await page.call<number>('CRVideo_GetRecDuration')
    await lasts(stopped + 3)
    await page.call('CRVideo_StopRecord')
    await page.next('CRVideo_RecordStateChanged', 0)
    await probed(await storedBytes(page.page, 'media.webm'), (file) => {
      expect(file.color(changed - 0.5, 160, 220)).toSatisfy((rgb: number[]) => looksLike(rgb, BLUE))
      expect(file.color(mine + 3, 160, 220)).toSatisfy((rgb: number[]) => looksLike(rgb, YELLOW))
      expect(brightness(file.color(stopped + 2, 160, 220))).toBeLessThan(40)
      expect(brightness(file.color(mine + 3, 480, 220))).toBeLessThan(40)
      const silence = file.tone(1237, begun + 1, changed)
      for (const { tone } of [RED, BLUE])
        expect(file.tone(tone, begun + 1, changed)).toBeGreaterThan(20 * silence)
      expect(file.tone(YELLOW.tone, mine + 2, mine + 3.5)).toBeGreaterThan(20 * silence)
      expect(file.tone(YELLOW.tone, stopped + 1.5, stopped + 2.5)).toBeLessThan(
        file.tone(RED.tone, stopped + 1.5, stopped + 2.5) / 20,
      )
    })
  })
})
