import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { eventually } from '../support/eventually.ts'
import { toneOf } from '../support/film.ts'
import { BLUE, type Face, GREEN, RED } from '../support/media-files.ts'
import { mediaProcesses } from '../support/media-processes.ts'
import { keepFilms, mediaImage, toolBarOf } from '../support/media-view.ts'
import { type MeetingRef, meetingOf, startStage } from '../support/meeting-of.ts'
import { recordFile } from '../support/play-file.ts'
import { samplesOf, share } from '../support/sound.ts'

const MEDIA_SLOTS = [
  'CRVideo_NotifyMediaOpened',
  'CRVideo_NotifyMediaStart',
  'CRVideo_NotifyMediaStop',
  'CRVideo_NotifyMediaPause',
  'CRVideo_NotifyPlayPosSetted',
  'CRVideo_UserLeftMeeting',
]
const LONG = '/Store-ann/media/long.webm'
/** The content decides, not the name. */
const SHORT = '/Store-ann/media/short.mp4'
const OWN = '/Store-ben/media/own.webm'
const OWN_SECONDS = 10
const EMPTY = { format: 1, dat: '', width: 0, height: 0, frameTime: 0 }

describe('10 §4: a file played to the meeting through the classic API', () => {
  let stage: Awaited<ReturnType<typeof startStage>>
  let browser: Browser
  let ann: ClassicPage
  let ben: ClassicPage
  let meeting: MeetingRef

  const open = async (prepare?: () => void) =>
    stage.keep(
      await ClassicPage.open(browser, stage.host.url, stage.server.url, prepare && { prepare }),
    )
  const told = async (page: ClassicPage) =>
    (await page.sinceMark(MEDIA_SLOTS)).map(({ slot, args }) => [slot.slice(8), ...args])
  const near = (rgb: readonly number[] | undefined, face: Face = BLUE) => {
    for (const [i, c] of face.rgb.entries())
      expect(Math.abs((rgb?.[i] ?? 999) - c)).toBeLessThan(40)
  }
  const sees = (page: ClassicPage, face: Face = BLUE) =>
    eventually(async () => {
      const picture = await page.look('media')
      expect(picture?.width).toBe(320)
      near(picture?.rgb, face)
    }, 30_000)
  const config = async (page: ClassicPage) =>
    JSON.parse(await page.call<string>('CRVideo_GetMediacfg')) as unknown
  /** Ann's film begins anew, if it came to its end and waits there, before anybody looked. */
  const onceMore = () =>
    ann.read('films.findLast(({ src }) => src)?.ended && CRVideo_PausePlayMedia(false)')
  const hears = (page: ClassicPage, again: () => Promise<unknown> = onceMore) =>
    eventually(async () => {
      await again()
      const tones = await page.listen()
      expect(tones.some((tone) => Math.abs(tone - BLUE.tone) < 30)).toBe(true)
    }, 30_000)
  const start = async (page: ClassicPage, path: string, ...rest: unknown[]) => {
    expect(await page.call('CRVideo_StartPlayMedia', path, ...rest)).toBe(1)
    await page.next('CRVideo_NotifyMediaOpened')
  }
  /** Ann's film is long enough for a test, not for several on a busy machine. */
  const fromStart = async () => {
    await ann.call('CRVideo_SetMediaplaypos', 0)
    await ann.call('CRVideo_PausePlayMedia', false)
  }
  const stop = async () => {
    await ann.call('CRVideo_StopPlayMedia')
    for (const page of [ann, ben]) await page.next('CRVideo_NotifyMediaStop', 'ann', 0)
  }

  beforeAll(async () => {
    stage = await startStage({ 'index.json': '["deployed.webm", "notes.txt", "../up.mp4", 1]' })
    browser = stage.keep(await launchFace(RED))
    // The player's element is not in the document.
    ann = await open(keepFilms)
    ben = await open()
    for (const page of [ann, ben]) await page.read('showMedia()')
    meeting = await meetingOf([
      [ann, 'ann'],
      [ben, 'ben'],
    ])
    await Promise.all([
      ann.page.evaluate(recordFile, { ...BLUE, path: LONG, seconds: 12 }),
      ann.page.evaluate(recordFile, { ...BLUE, path: SHORT, seconds: 3 }),
      ben.page.evaluate(recordFile, { ...GREEN, path: OWN, seconds: OWN_SECONDS }),
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
      '/Store-ann/Media/short.mp4',
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

  it('CRVideo_GetMediacfg, CRVideo_SetMediacfg: all fields; missing ones keep their value', async () => {
    const usual = { sizeType: 12, fps: 24, maxbps: 1_000_000, qp_min: 25, qp_max: 36, wh_rate: 0 }
    expect(await config(ann)).toEqual(usual)
    await ann.call('CRVideo_SetMediacfg', { sizeType: '3', fps: null, qp_min: 17 })
    const small = { ...usual, sizeType: 3, maxbps: 100_000, qp_min: 18 }
    expect(await config(ann)).toEqual(small)
    for (const bad of ['{broken', 7, null]) await ann.call('CRVideo_SetMediacfg', bad)
    expect(await config(ann)).toEqual(small)
  })

  it('another page sees the colours and hears the tone; start, then opened', async () => {
    await start(ann, '/Store-ann//Media/long.webm', 0, 1)
    await ben.next('CRVideo_NotifyMediaStart', 'ann')
    // As small as configured, in the file's own ratio; a new size applies at once.
    await eventually(async () => expect((await ben.look('media'))?.height).toBe(160))
    await fromStart()
    await ann.call('CRVideo_SetMediacfg', '{"sizeType":12}')
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

  it('CRVideo_Getmediaimg: the newest picture, in the size in which it came; empty without one', async () => {
    for (const page of [ann, ben])
      await eventually(async () => {
        const { size, rgb, at } = await mediaImage(page, 'ann')
        expect(size).toEqual([320, 180, 320 * 180 * 4])
        near(rgb)
        expect(Math.abs(at - Date.now())).toBeLessThan(60_000)
      })
    expect(JSON.parse(await ann.call<string>('CRVideo_Getmediaimg', 'ben'))).toEqual(EMPTY)
  })

  it('13 §5: the tool bar: who plays uses it, viewers see place and length, and mute for themselves', async () => {
    await fromStart()
    expect(await toolBarOf(ann)).toMatchObject({
      ...{ buttons: ['Pause', 'Stop', 'Mute on this page'], fixed: false, seen: true },
    })
    const seen = await toolBarOf(ben)
    expect(seen).toMatchObject({ buttons: ['Mute on this page'], fixed: true, seen: true })
    expect(seen.time).toMatch(/^0:\d\d \/ 0:1\d$/)
    await ben.page.getByTitle('Mute on this page').click()
    const silent = () => ben.read('[...document.querySelectorAll("audio")].some((a) => a.muted)')
    expect(await silent()).toBe(true)
    await ben.page.getByTitle('Unmute').click()
    expect(await silent()).toBe(false)
    await toolBarOf(ann)
    await ann.page.getByTitle('Pause').click()
    await ben.next('CRVideo_NotifyMediaPause', 'ann', 1)
    await ann.page.getByTitle('Go on').click()
    await ben.next('CRVideo_NotifyMediaPause', 'ann', 0)
    await ann.read('views.media.setToolBarUIElementVisible("1", 0)')
    expect((await toolBarOf(ann)).buttons).toEqual(['Pause', 'Mute on this page'])
    await ann.read(
      '(views.media.setToolBarUIElementVisible(1, true), views.media.disableToolBar(true))',
    )
    expect((await toolBarOf(ann)).seen).toBe(false)
    await ann.read('views.media.disableToolBar(0)')
    await eventually(async () =>
      expect(await ben.read('document.querySelector("[role=toolbar]").style.opacity')).toBe('0'),
    )
  })

  it('local playback next to it: shown and heard in its place, then the shared media again', async () => {
    await fromStart()
    expect(await ben.call('CRVideo_StartPlayMedia', OWN, '1')).toBe(1)
    expect(await ben.call('CRVideo_StartGetAudioPCM', 1, 0)).toBe(1)
    await sees(ben, GREEN)
    near((await mediaImage(ben, 'ben')).rgb, GREEN)
    await eventually(async () => near((await mediaImage(ben, 'ann')).rgb))
    // Both are played, so both are in what is heard.
    await eventually(async () => {
      const blocks = await ben.sinceMark(['CRVideo_NotifyAudioPCMDat'])
      const all = blocks.slice(-4).flatMap(({ args }) => [...samplesOf(args[1] as string)])
      for (const { tone } of [BLUE, GREEN])
        expect(share(Int16Array.from(all), tone)).toBeGreaterThan(0.2)
    })
    await ben.call('CRVideo_StopGetAudioPCM', 1)
    const info = JSON.parse(await ben.call<string>('CRVideo_Getmediainfo', 'ben'))
    expect(info).toEqual({ userID: 'ben', state: 0, mediaName: OWN })
    await ben.call('CRVideo_SetMediaplaypos', OWN_SECONDS - 1)
    await ben.next('CRVideo_NotifyMediaStop', 'ben', 1)
    await sees(ben)
    for (const userID of ['ann', 'ben']) await ben.next('CRVideo_NotifyMemberMediaData', userID)
    expect((await told(ann)).flat()).not.toContain('ben')
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
    const info = JSON.parse(await cleo.call<string>('CRVideo_Getmediainfo', ''))
    expect(info).toEqual({ userID: 'ann', state: 1, mediaName: 'long.webm' })
    expect((await toolBarOf(cleo)).time).toMatch(/^0:02 \/ 0:1\d$/)
    const member = { userID: 'ann', nickName: 'Nick ann', nickname: 'Nick ann' }
    const known = JSON.parse(await cleo.call<string>('CRVideo_GetMemberInfo', 'ann'))
    expect(known).toEqual({ ...member, audioStatus: 2, videoStatus: 2 })
    const nobody = JSON.parse(await cleo.call<string>('CRVideo_GetMemberInfo', 'Ann'))
    const none = { userID: '', nickName: '', nickname: '', audioStatus: 0, videoStatus: 0 }
    expect(nobody).toEqual(none)
    await cleo.call('CRVideo_ExitMeeting')
    for (const page of [ann, ben]) await page.next('CRVideo_UserLeftMeeting', 'cleo')
    await ann.call('CRVideo_PausePlayMedia', false)
    await ben.next('CRVideo_NotifyMediaPause', 'ann', 0)
  })

  it('the media process dies: the media goes on', async () => {
    await fromStart()
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
    await start(ann, LONG)
    await ben.next('CRVideo_NotifyMediaStart', 'ann')
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
    for (const [page, slot] of [
      [ann, 'CRVideo_NotifyMediaOpened'],
      [ben, 'CRVideo_NotifyMediaStart'],
    ] as const)
      await page.read(`void (hooks.${slot} = () => { window.info = CRVideo_Getmediainfo('ann') })`)
    // A File object is played without a path of its own.
    await ann.read(`CRVideo.vfs.get('${SHORT}').then((blob) => {
      CRVideo_StartPlayMedia(new File([blob], 'Song #1.webm'))
    })`)
    await ann.next('CRVideo_NotifyMediaOpened')
    await ben.next('CRVideo_NotifyMediaStart', 'ann')
    for (const [page, mediaName] of [
      [ann, '/Store-ann/Temp/Song #1.webm'],
      [ben, 'Song #1.webm'],
    ] as const)
      expect(JSON.parse(await page.read<string>('info'))).toMatchObject({ mediaName })
    for (const page of [ann, ben]) await page.read('void (hooks = {})')
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
    await ben.mark()
    const [, at] = await ben.next('CRVideo_NotifyMemberMediaData', 'ann')
    expect(at).toBeLessThan(5)
    await ann.call('CRVideo_StopPlayMedia')
    await ben.next('CRVideo_NotifyMediaStop', 'ann', 0)
    // Resuming begins anew: nobody asked to seek.
    expect((await told(ann)).filter(([slot]) => slot === 'NotifyPlayPosSetted')).toHaveLength(1)
  })

  it('a paused file sought beyond its end shows the last picture; sought back it goes on with its sound', async () => {
    await start(ann, LONG)
    await ann.call('CRVideo_PausePlayMedia', 1)
    await ann.call('CRVideo_SetMediaplaypos', 999)
    const [end] = (await ann.next('CRVideo_NotifyPlayPosSetted')) as [number]
    expect(end).toBeGreaterThan(10)
    expect(end).toBeLessThan(20)
    await ann.mark()
    await ann.call('CRVideo_SetMediaplaypos', 3)
    await ann.next('CRVideo_NotifyPlayPosSetted', 3)
    await ann.call('CRVideo_PausePlayMedia', 0)
    await hears(ben)
    expect(await told(ben)).toEqual([
      ['NotifyMediaStart', 'ann'],
      ['NotifyMediaPause', 'ann', 1],
      ['NotifyMediaPause', 'ann', 0],
    ])
  })

  it('a media key of the keyboard pauses for all, as it does for the player', async () => {
    await ann.call('CRVideo_SetMediaplaypos', 0)
    await ann.read('films.findLast(({ src }) => src).pause()')
    await ben.next('CRVideo_NotifyMediaPause', 'ann', 1)
    await ann.read('films.findLast(({ src }) => src).play()')
    await ben.next('CRVideo_NotifyMediaPause', 'ann', 0)
    await stop()
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

  it('13 §5: sound only: a neutral picture that counts as empty', async () => {
    await ann.read(`CRVideo.vfs.put('/Store-ann/media/tone.wav',
      Uint8Array.from(atob('${toneOf(BLUE).toString('base64')}'), (c) => c.charCodeAt(0)).buffer)`)
    expect(await ann.call('CRVideo_StartPlayMedia', 'tone.wav', 1)).toBe(1)
    expect(await ann.next('CRVideo_NotifyMediaOpened')).toEqual([expect.closeTo(10), 0, 0])
    await ann.next('CRVideo_NotifyMemberMediaData', 'ann')
    expect(await ann.read('views.media.isPicEmpty()')).toBe(true)
    const sign = 'document.querySelector(".crv-media svg").parentNode.offsetHeight'
    expect(await ann.read(sign)).toBe(360)
    expect(JSON.parse(await ann.call<string>('CRVideo_Getmediaimg', 'ann'))).toEqual(EMPTY)
    await ann.call('CRVideo_StopPlayMedia')
    await ann.next('CRVideo_NotifyMediaStop', 'ann', 0)
    expect(await ann.read(sign)).toBe(0)
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
    const again = () => dan.call('CRVideo_PausePlayMedia', false)
    await sees(ben)
    await hears(ben, again)
    await dan.next('CRVideo_NotifyMediaPause', 'dan', 1)
    await again()
    await hears(ben, again)
    // A player whose page is reloaded is lost.
    await dan.reload()
    await ben.next('CRVideo_NotifyMediaStop', 'dan', 5)
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
