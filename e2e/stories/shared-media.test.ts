import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { eventually } from '../support/eventually.ts'
import { BLUE, RED } from '../support/media-files.ts'
import { mediaProcesses } from '../support/media-processes.ts'
import { type MeetingRef, meetingOf, startStage } from '../support/meeting-of.ts'
import { recordFile } from '../support/play-file.ts'

const MEDIA_SLOTS = [
  'CRVideo_NotifyMediaOpened',
  'CRVideo_NotifyMediaStart',
  'CRVideo_NotifyMediaStop',
  'CRVideo_NotifyMediaPause',
  'CRVideo_NotifyPlayPosSetted',
  'CRVideo_UserLeftMeeting',
]
const LONG = '/Store-ann/media/long.webm'
const SHORT = '/Store-ann/media/short.webm'

describe('10 §4: a file played to the meeting through the classic API', () => {
  let stage: Awaited<ReturnType<typeof startStage>>
  let browser: Browser
  let ann: ClassicPage
  let ben: ClassicPage
  let meeting: MeetingRef

  const open = async () =>
    stage.keep(await ClassicPage.open(browser, stage.host.url, stage.server.url))
  const told = async (page: ClassicPage) =>
    (await page.sinceMark(MEDIA_SLOTS)).map(({ slot, args }) => [slot.slice(8), ...args])
  const near = (rgb: readonly number[] | undefined) => {
    for (const [i, c] of BLUE.rgb.entries())
      expect(Math.abs((rgb?.[i] ?? 999) - c)).toBeLessThan(40)
  }
  const sees = (page: ClassicPage) =>
    eventually(async () => {
      const picture = await page.look('media')
      expect(picture?.width).toBe(320)
      near(picture?.rgb)
    }, 30_000)
  const hears = (page: ClassicPage) =>
    eventually(async () => {
      const tones = await page.listen()
      expect(tones.some((tone) => Math.abs(tone - BLUE.tone) < 30)).toBe(true)
    }, 30_000)
  const start = async (page: ClassicPage, path: string, ...rest: unknown[]) => {
    expect(await page.call('CRVideo_StartPlayMedia', path, ...rest)).toBe(1)
    await page.next('CRVideo_NotifyMediaOpened')
  }
  const stop = async () => {
    await ann.call('CRVideo_StopPlayMedia')
    for (const page of [ann, ben]) await page.next('CRVideo_NotifyMediaStop', 'ann', 0)
  }

  beforeAll(async () => {
    stage = await startStage({ 'index.json': '["deployed.webm", "notes.txt", "../up.mp4", 1]' })
    browser = stage.keep(await launchFace(RED))
    ann = await open()
    ben = await open()
    for (const page of [ann, ben]) await page.read('showMedia()')
    meeting = await meetingOf([
      [ann, 'ann'],
      [ben, 'ben'],
    ])
    await Promise.all([
      ann.page.evaluate(recordFile, { ...BLUE, path: LONG, seconds: 12 }),
      ann.page.evaluate(recordFile, { ...BLUE, path: SHORT, seconds: 3 }),
    ])
  }, 90_000)
  beforeEach(async () => {
    for (const page of [ann, ben]) await page.mark()
  })
  afterAll(() => stage.close())

  it('refused with 0, and nothing fires: no name, outside a meeting', async () => {
    expect(await ann.call('CRVideo_StartPlayMedia', '')).toBe(0)
    const loner = await open()
    expect(await loner.call('CRVideo_StartPlayMedia', LONG)).toBe(0)
    await loner.call('CRVideo_StopPlayMedia')
    expect([await told(ann), await told(loner)]).toEqual([[], []])
  })

  it('09, CRVideo_GetAllFilesInMediaPath: full paths, sorted by name', async () => {
    expect(await ann.call('CRVideo_GetAllFilesInMediaPath')).toEqual([
      '/Store-ann/Media/long.webm',
      '/Store-ann/Media/short.webm',
    ])
  })

  it('09, CRVideo_GetAllFilesInMediaPath: also what lies beside the page, by its list', async () => {
    const page = await open()
    await page.call('CRVideo_Init2', `${stage.host.url}/home/`)
    const listed = () => page.call<string[]>('CRVideo_GetAllFilesInMediaPath')
    await eventually(async () =>
      expect(await listed()).toEqual([`${stage.host.url}/home/Media/deployed.webm`]),
    )
  })

  it('another page sees the colours and hears the tone; start, then opened', async () => {
    await start(ann, '/Store-ann//Media/long.webm', 0, 1)
    await ben.next('CRVideo_NotifyMediaStart', 'ann')
    await sees(ben)
    await hears(ben)
    await sees(ann)
    const [first, second] = await told(ann)
    expect(first).toEqual(['NotifyMediaStart', 'ann'])
    expect(second).toEqual(['NotifyMediaOpened', expect.any(Number), 320, 180])
    expect(second?.[1]).toBeGreaterThan(10)
    expect((await told(ben))[0]).toEqual(['NotifyMediaStart', 'ann'])
    const [, at] = await ben.next('CRVideo_NotifyMemberMediaData', 'ann')
    expect(at).toBeLessThan(14)
    const info = JSON.parse(await ben.call<string>('CRVideo_Getmediainfo', 'ann'))
    expect(info).toMatchObject({ userID: 'ann', mediaName: 'long.webm' })
  })

  it('one media at a time: 0 for everybody else, and for the player', async () => {
    expect(await ben.call('CRVideo_StartPlayMedia', LONG)).toBe(0)
    expect(await ann.call('CRVideo_StartPlayMedia', LONG)).toBe(0)
    await ben.call('CRVideo_StopPlayMedia')
    await ben.call('CRVideo_PausePlayMedia', true)
    expect(await told(ann)).not.toContainEqual(['NotifyMediaStop', 'ann', 0])
  })

  it('paused and sought while paused; a late joiner is told and sees the picture', async () => {
    await ann.call('CRVideo_SetMediaplaypos', 1)
    await ann.next('CRVideo_NotifyPlayPosSetted')
    await ann.call('CRVideo_PausePlayMedia', false)
    await ann.call('CRVideo_PausePlayMedia', true)
    await ben.next('CRVideo_NotifyMediaPause', 'ann', 1)
    await ann.mark()
    await ann.call('CRVideo_SetMediaplaypos', 2)
    const [at] = await ann.next('CRVideo_NotifyPlayPosSetted')
    expect(at).toBeCloseTo(2, 1)
    const cleo = await open()
    await cleo.read('showMedia()')
    await cleo.login('cleo')
    await cleo.enter(meeting, 'cleo')
    await cleo.next('CRVideo_NotifyMediaPause', 'ann', 1)
    expect(await told(cleo)).toEqual([
      ['NotifyMediaStart', 'ann'],
      ['NotifyMediaPause', 'ann', 1],
    ])
    await sees(cleo)
    const image = JSON.parse(await cleo.call<string>('CRVideo_Getmediainfo', ''))
    expect(image).toEqual({ userID: 'ann', state: 1, mediaName: 'long.webm' })
    await cleo.call('CRVideo_ExitMeeting')
    await ann.call('CRVideo_PausePlayMedia', false)
    await ben.next('CRVideo_NotifyMediaPause', 'ann', 0)
  })

  it('the media process dies: the media goes on', async () => {
    await ann.call('CRVideo_SetMediaplaypos', 0)
    await ben.read('views.media.clear()')
    for (const pid of await mediaProcesses(stage.server.pid)) process.kill(pid, 'SIGKILL')
    await sees(ben)
    await hears(ben)
  })

  it('stopped: reason 0 for all; the last picture stays until clear()', async () => {
    await stop()
    expect(await ben.read('views.media.isPicEmpty()')).toBe(false)
    near((await ben.look('media'))?.rgb)
    await ben.read('views.media.clear()')
    expect(await ben.read('views.media.isPicEmpty()')).toBe(true)
  })

  it('stop and start in one go: the old end comes before the new start', async () => {
    await start(ann, SHORT)
    await ann.mark()
    await ben.mark()
    await ann.read(`(CRVideo_StopPlayMedia(), CRVideo_StartPlayMedia('${LONG}'))`)
    await ann.next('CRVideo_NotifyMediaOpened')
    await ben.next('CRVideo_NotifyMediaStart', 'ann')
    for (const page of [ann, ben])
      expect((await told(page)).slice(0, 2)).toEqual([
        ['NotifyMediaStop', 'ann', 0],
        ['NotifyMediaStart', 'ann'],
      ])
    await stop()
  })

  it('the end of the file: reason 1; with bPauseWhenFinished a pause, from where it begins anew', async () => {
    await start(ann, SHORT)
    for (const page of [ann, ben]) await page.next('CRVideo_NotifyMediaStop', 'ann', 1)
    await ben.read('views.media.clear()')
    await ann.mark()
    await ben.mark()
    await start(ann, LONG, 0, 1)
    await ann.call('CRVideo_SetMediaplaypos', 11)
    await ben.next('CRVideo_NotifyMediaPause', 'ann', 1)
    await ben.read('views.media.clear()')
    await sees(ben)
    await ann.call('CRVideo_PausePlayMedia', false)
    await ben.next('CRVideo_NotifyMediaPause', 'ann', 0)
    await hears(ben)
    await ann.call('CRVideo_StopPlayMedia')
    await ben.next('CRVideo_NotifyMediaStop', 'ann', 0)
  })

  it('reasons 2 and 4 on the player only: no such file, no media in it', async () => {
    await ann.read(`CRVideo.vfs.put('/Store-ann/media/letter.mp4', 'Dear Ben')`)
    expect(await ann.call('CRVideo_StartPlayMedia', '/Store-ann/media/none.mp4')).toBe(1)
    await ann.next('CRVideo_NotifyMediaStop', 'ann', 2)
    expect(await ann.call('CRVideo_StartPlayMedia', '/Store-ann/media/letter.mp4')).toBe(1)
    await ann.next('CRVideo_NotifyMediaStop', 'ann', 4)
    expect(await told(ben)).toEqual([])
  })

  it('local playback: on me only, next to nobody else’s notice', async () => {
    await start(ann, LONG, 1)
    await ann.next('CRVideo_NotifyMediaStart', 'ann')
    await sees(ann)
    await ann.call('CRVideo_PausePlayMedia', true)
    await ann.next('CRVideo_NotifyMediaPause', 'ann', 1)
    await ann.call('CRVideo_StopPlayMedia')
    await ann.next('CRVideo_NotifyMediaStop', 'ann', 0)
    expect(await told(ben)).toEqual([])
  })

  it('10 §4.1: where elements cannot be captured, frames are drawn and sound goes through Web Audio', async () => {
    const dan = stage.keep(
      await ClassicPage.open(browser, stage.host.url, stage.server.url, {
        prepare: () => {
          Reflect.deleteProperty(HTMLMediaElement.prototype, 'captureStream')
        },
      }),
    )
    await dan.login('dan')
    await dan.enter(meeting, 'dan')
    await ben.read('views.media.clear()')
    await dan.page.evaluate(recordFile, { ...BLUE, path: '/Store-dan/media/a.webm', seconds: 2 })
    await start(dan, '/Store-dan/media/a.webm', 0, 1)
    await sees(ben)
    await hears(ben)
    await dan.next('CRVideo_NotifyMediaPause', 'dan', 1)
    await dan.call('CRVideo_PausePlayMedia', false)
    await hears(ben)
    await dan.call('CRVideo_ExitMeeting')
    await ben.next('CRVideo_NotifyMediaStop', 'dan', 0)
  })

  it('a player that leaves: first its media ends, then it left', async () => {
    await start(ann, LONG)
    await ben.next('CRVideo_NotifyMediaStart', 'ann')
    await ann.call('CRVideo_ExitMeeting')
    await ben.next('CRVideo_UserLeftMeeting', 'ann')
    expect((await told(ben)).slice(-2)).toEqual([
      ['NotifyMediaStop', 'ann', 0],
      ['UserLeftMeeting', 'ann'],
    ])
    expect(ben.errors).toEqual([])
  })
})
