import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchCameras, launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { eventually } from '../support/eventually.ts'
import { GREEN } from '../support/media-files.ts'
import { type MeetingRef, meetingOf, startStage } from '../support/meeting-of.ts'

const ANY_VIDEO = [
  'CRVideo_VideoStatusChanged',
  'CRVideo_DefVideoChanged',
  'CRVideo_VideoDevChanged',
]

describe('several cameras of one member through the classic API', () => {
  let stage: Awaited<ReturnType<typeof startStage>>
  let owner: ClassicPage
  let viewer: ClassicPage
  let meeting: MeetingRef
  const watchable = async (page: ClassicPage) =>
    JSON.parse(await page.call<string>('CRVideo_GetWatchableVideos')) as unknown
  const camera = (videoID: number) => ({ userID: 'cams', videoID })
  /** A view of one camera under a name of its own. */
  const view = (page: ClassicPage, name: string, videoID: number) =>
    page.read(
      `(() => { const v = CRVideo_CreatVideoObj(); v.width(320); v.height(240);
        document.querySelector('#views').append(v.handler());
        v.setVideo('cams', ${videoID}); views.${name} = v })()`,
    )
  /** Camera 3 sends pictures that all look the same. */
  const isThird = async (page: ClassicPage, name: string) => {
    const at = () => page.read<number>(`views.${name}.getPicFrameTime()`)
    await eventually(async () => {
      const [time, first] = [await at(), await page.look(name)]
      await new Promise((r) => setTimeout(r, 400))
      expect(await at()).toBeGreaterThan(time)
      expect(first).not.toBeNull()
      expect((await page.look(name))?.print).toBe(first?.print)
    })
  }
  const moves = async (page: ClassicPage, name: string) => {
    const first = await eventually(async () => {
      const picture = await page.look(name)
      expect(picture, name).not.toBeNull()
      return picture
    })
    await eventually(async () => expect((await page.look(name))?.print).not.toBe(first?.print))
  }
  const since = async (page: ClassicPage) =>
    (await page.sinceMark(ANY_VIDEO)).map(({ slot, args }) => [slot.slice(8), ...args])

  beforeAll(async () => {
    stage = await startStage()
    const cameras = stage.keep(await launchCameras(3))
    const face = stage.keep(await launchFace(GREEN))
    owner = stage.keep(await ClassicPage.open(cameras, stage.host.url, stage.server.url))
    viewer = stage.keep(await ClassicPage.open(face, stage.host.url, stage.server.url))
    meeting = await meetingOf([
      [owner, 'cams'],
      [viewer, 'viewer'],
    ])
  })

  afterAll(() => stage.close())

  it('08 §6.1: cameras are numbered from 1 on, for the owner and for others', async () => {
    for (const page of [owner, viewer]) {
      const list = await page.call<{ videoID: number; videoName: string }[]>(
        'CRVideo_GetAllVideoInfo',
        'cams',
      )
      expect(list.map(({ videoID }) => videoID)).toEqual([1, 2, 3])
      expect(new Set(list.map(({ videoName }) => videoName)).size).toBe(3)
      expect(await page.call('CRVideo_GetDefaultVideo', 'cams')).toBe(1)
    }
    expect(await viewer.call('CRVideo_GetAllVideoInfo', 'nobody')).toEqual([])
    expect(await viewer.call('CRVideo_GetDefaultVideo', 'nobody')).toBe(0)
  })

  it('08 §6: another member chooses my default camera; the picture goes on, no status changes', async () => {
    await owner.call('CRVideo_OpenVideo', 'cams')
    await owner.next('CRVideo_VideoStatusChanged', 'cams', 4, 3)
    await viewer.next('CRVideo_VideoStatusChanged', 'cams', 2, 3)
    await view(viewer, 'main', -1)
    await moves(viewer, 'main')
    await owner.mark()
    await viewer.mark()
    await viewer.call('CRVideo_SetDefaultVideo', 'cams', 3)
    for (const page of [owner, viewer]) {
      expect(await page.next('CRVideo_DefVideoChanged')).toEqual(['cams', 3])
      await eventually(async () => expect(await watchable(page)).toEqual([camera(3)]))
      expect(await page.call('CRVideo_GetDefaultVideo', 'cams')).toBe(3)
    }
    expect(await viewer.read('views.main.isPicEmpty()')).toBe(false)
    await isThird(viewer, 'main')
    for (const page of [owner, viewer])
      expect(await since(page)).toEqual([['DefVideoChanged', 'cams', 3]])
  })

  it('08 §6: an unknown camera is ignored, -1 returns to the first one', async () => {
    await owner.mark()
    await viewer.mark()
    await viewer.call('CRVideo_SetDefaultVideo', 'cams', 9)
    await viewer.call('CRVideo_SetDefaultVideo', 'cams', '-1')
    for (const page of [owner, viewer]) await page.next('CRVideo_DefVideoChanged', 'cams', 1)
    await eventually(async () => expect(await watchable(viewer)).toEqual([camera(1)]))
    await moves(viewer, 'main')
    for (const page of [owner, viewer])
      expect(await since(page)).toEqual([['DefVideoChanged', 'cams', 1]])
  })

  it('08 §6: a camera that cannot be captured leaves the old one and fires nothing', async () => {
    await owner.mark()
    await viewer.mark()
    await owner.read(`(() => {
      const own = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
      window.restore = () => { navigator.mediaDevices.getUserMedia = own }
      window.refused = 0
      navigator.mediaDevices.getUserMedia = async () => {
        window.refused += 1
        throw new DOMException('The device is busy', 'NotReadableError')
      }
    })()`)
    await owner.call('CRVideo_SetDefaultVideo', 'cams', 3)
    await eventually(async () => expect(await owner.read('refused')).toBe(1))
    await moves(viewer, 'main')
    expect(await owner.call('CRVideo_GetDefaultVideo', 'cams')).toBe(1)
    for (const page of [owner, viewer]) expect(await since(page)).toEqual([])
    await owner.read('restore()')
  })

  it('08 §6: multi-camera mode opens the others, told as 3 → 3, and each can be shown', async () => {
    await owner.mark()
    await viewer.mark()
    await view(viewer, 'third', 3)
    expect(await viewer.read('views.third.isPicEmpty()')).toBe(true)
    await owner.call('CRVideo_SetEnableMutiVideo', 'cams', '1')
    for (const page of [owner, viewer]) {
      expect(await page.next('CRVideo_VideoStatusChanged')).toEqual(['cams', 3, 3])
      expect(await watchable(page)).toEqual([camera(1), camera(2), camera(3)])
      await eventually(async () =>
        expect(await page.call('CRVideo_GetEnableMutiVideo', 'cams')).toBe(true),
      )
      expect(await since(page)).toEqual([['VideoStatusChanged', 'cams', 3, 3]])
    }
    await isThird(viewer, 'third')
    await moves(viewer, 'main')
    await view(owner, 'own', 3)
    await isThird(owner, 'own')
  })

  it('08 §6, 07 §1.5: a late joiner finds all cameras and sees the one it shows', async () => {
    const [browser] = [stage.keep(await launchFace(GREEN))]
    const late = stage.keep(await ClassicPage.open(browser, stage.host.url, stage.server.url))
    await late.login('late')
    await late.enter(meeting, 'late')
    expect(await watchable(late)).toEqual([camera(1), camera(2), camera(3)])
    expect(await late.call('CRVideo_GetEnableMultiVideo', 'cams')).toBe(true)
    await view(late, 'third', 3)
    await isThird(late, 'third')
    expect(await late.sinceMark(ANY_VIDEO)).toEqual([])
    await late.call('CRVideo_ExitMeeting')
  })

  it('08 §6: another default camera in multi-camera mode changes the order only', async () => {
    await owner.mark()
    await viewer.mark()
    await owner.call('CRVideo_SetDefaultVideo', 'cams', 3)
    for (const page of [owner, viewer]) {
      await page.next('CRVideo_DefVideoChanged', 'cams', 3)
      await eventually(async () =>
        expect(await watchable(page)).toEqual([camera(3), camera(1), camera(2)]),
      )
      expect(await since(page)).toEqual([['DefVideoChanged', 'cams', 3]])
    }
    await isThird(viewer, 'main')
    await viewer.call('CRVideo_SetDefaultVideo', 'cams', 1)
    await viewer.next('CRVideo_DefVideoChanged', 'cams', 1)
    // The next test reads which cameras are sent.
    await eventually(async () =>
      expect(await watchable(viewer)).toEqual([camera(1), camera(2), camera(3)]),
    )
  })

  it('08 §6: without multi-camera mode only the default camera is sent', async () => {
    await owner.mark()
    await viewer.mark()
    await viewer.call('CRVideo_SetEnableMutiVideo', 'cams', 0)
    await owner.call('CRVideo_SetEnableMutiVideo', 'cams', 0)
    for (const page of [owner, viewer]) {
      expect(await page.next('CRVideo_VideoStatusChanged')).toEqual(['cams', 3, 3])
      expect(await watchable(page)).toEqual([camera(1)])
    }
    await eventually(async () => expect(await viewer.read('views.third.isPicEmpty()')).toBe(true))
    expect(await viewer.read('views.main.isPicEmpty()')).toBe(false)
    await moves(viewer, 'main')
    for (const page of [owner, viewer]) expect(page.errors).toEqual([])
  })
})
