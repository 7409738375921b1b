import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchAsking, launchCameras, launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { eventually } from '../support/eventually.ts'
import { GREEN } from '../support/media-files.ts'
import { meetingOf, startStage } from '../support/meeting-of.ts'

const DEVICE_SLOTS = [
  'CRVideo_AudioDevChanged',
  'CRVideo_VideoDevChanged',
  'CRVideo_DefVideoChanged',
  'CRVideo_AudioStatusChanged',
  'CRVideo_VideoStatusChanged',
]

/**
 * Runs in the page first. The browser's devices are real (its built-in fakes), but nothing can pull
 * a plug in it: `plugged` decides which of them the browser lists and opens.
 */
const withPlugs = (): void => {
  const { mediaDevices } = navigator
  const own = window as unknown as {
    unplugged: string[]
    tracks: MediaStreamTrack[]
    busy: string
    plug(...unplugged: string[]): void
  }
  own.unplugged = []
  own.tracks = []
  own.busy = ''
  const list = mediaDevices.enumerateDevices.bind(mediaDevices)
  const isOut = (d: MediaDeviceInfo) =>
    own.unplugged.some((name) => d.kind === name || d.label.endsWith(name))
  mediaDevices.enumerateDevices = async () => (await list()).filter((d) => !isOut(d))
  const capture = mediaDevices.getUserMedia.bind(mediaDevices)
  mediaDevices.getUserMedia = async (constraints) => {
    if (own.busy !== '') throw new DOMException('No', own.busy)
    const present = await mediaDevices.enumerateDevices()
    const kind = constraints?.video ? 'videoinput' : 'audioinput'
    if (!present.some((d) => d.kind === kind)) throw new DOMException('None', 'NotFoundError')
    const stream = await capture(constraints)
    own.tracks.push(...stream.getTracks())
    return stream
  }
  own.plug = (...unplugged) => {
    own.unplugged = unplugged
    void list().then((all) => {
      const gone = all.filter(isOut).map((d) => d.deviceId)
      for (const track of own.tracks)
        if (track.readyState === 'live' && gone.includes(track.getSettings().deviceId ?? '')) {
          track.stop()
          track.dispatchEvent(new Event('ended'))
        }
      mediaDevices.dispatchEvent(new Event('devicechange'))
    })
  }
}

describe('devices that come, go and refuse, through the classic API', () => {
  let stage: Awaited<ReturnType<typeof startStage>>
  let owner: ClassicPage
  let viewer: ClassicPage
  const plug = (...unplugged: string[]) => owner.read(`plug(...${JSON.stringify(unplugged)})`)
  const mark = async () => {
    await owner.mark()
    await viewer.mark()
  }
  const since = async (page: ClassicPage) =>
    (await page.sinceMark(DEVICE_SLOTS)).map(({ slot, args }) => [slot.slice(8), ...args])
  const videoIDs = async (page: ClassicPage) =>
    (await page.call<{ videoID: number }[]>('CRVideo_GetAllVideoInfo', 'owner')).map(
      ({ videoID }) => videoID,
    )

  beforeAll(async () => {
    stage = await startStage()
    const cameras = stage.keep(await launchCameras(3))
    const face = stage.keep(await launchFace(GREEN))
    owner = stage.keep(
      await ClassicPage.open(cameras, stage.host.url, stage.server.url, { prepare: withPlugs }),
    )
    viewer = stage.keep(await ClassicPage.open(face, stage.host.url, stage.server.url))
    await meetingOf([
      [owner, 'owner'],
      [viewer, 'viewer'],
    ])
  })

  afterAll(() => stage.close())

  it('08 §6: a camera that is unplugged or plugged in is told to all, and only the list changes', async () => {
    await mark()
    await plug('device_2')
    for (const page of [owner, viewer]) {
      expect(await page.next('CRVideo_VideoDevChanged')).toEqual(['owner'])
      expect(await videoIDs(page)).toEqual([1, 2])
    }
    await mark()
    await plug()
    for (const page of [owner, viewer]) {
      await page.next('CRVideo_VideoDevChanged', 'owner')
      expect(await videoIDs(page)).toEqual([1, 2, 3])
      expect(await since(page)).toEqual([['VideoDevChanged', 'owner']])
    }
  })

  it('08 §2, §6: the open camera vanishes: another takes over, the status stays open', async () => {
    await owner.call('CRVideo_OpenVideo', 'owner')
    await owner.next('CRVideo_VideoStatusChanged', 'owner', 4, 3)
    await viewer.next('CRVideo_VideoStatusChanged', 'owner', 2, 3)
    await mark()
    await plug('device_0', 'device_1')
    for (const page of [owner, viewer]) {
      await page.next('CRVideo_DefVideoChanged', 'owner', 3)
      await page.next('CRVideo_VideoDevChanged', 'owner')
      await eventually(async () =>
        expect(JSON.parse(await page.call<string>('CRVideo_GetWatchableVideos'))).toEqual([
          { userID: 'owner', videoID: 3 },
        ]),
      )
      expect(await page.call('CRVideo_GetVideoStatus', 'owner')).toBe(3)
      expect(await page.sinceMark(['CRVideo_VideoStatusChanged'])).toEqual([])
    }
    await viewer.read('show("owner")')
    await eventually(async () => expect(await viewer.look('owner')).not.toBeNull())
  })

  it('08 §2: the last camera vanishes: 3 → 1 on all, default camera 0; a new one: 1 → 2', async () => {
    await mark()
    await plug('videoinput')
    for (const page of [owner, viewer]) {
      await page.next('CRVideo_VideoStatusChanged', 'owner', 3, 1)
      await page.next('CRVideo_DefVideoChanged', 'owner', 0)
      await page.next('CRVideo_VideoDevChanged', 'owner')
      expect(await videoIDs(page)).toEqual([])
      expect(await page.call('CRVideo_GetDefaultVideo', 'owner')).toBe(0)
    }
    await eventually(async () => expect(await viewer.read('views.owner.isPicEmpty()')).toBe(true))
    await owner.call('CRVideo_OpenVideo', 'owner')
    await mark()
    await plug()
    for (const page of [owner, viewer]) {
      await page.next('CRVideo_VideoStatusChanged', 'owner', 1, 2)
      await page.next('CRVideo_VideoDevChanged', 'owner')
      expect(await videoIDs(page)).toEqual([1, 2, 3])
    }
  })

  it('08 §6: a page that opens the camera in VideoDevChanged gets it', async () => {
    await mark()
    await plug('videoinput')
    await viewer.next('CRVideo_VideoStatusChanged', 'owner', 2, 1)
    await viewer.next('CRVideo_VideoDevChanged', 'owner')
    await mark()
    await viewer.read(`hooks.CRVideo_VideoDevChanged = (userID) => CRVideo_OpenVideo(userID)`)
    await plug()
    for (const page of [owner, viewer])
      await page.next('CRVideo_VideoStatusChanged', 'owner', page === owner ? 4 : 2, 3)
    await viewer.read('delete hooks.CRVideo_VideoDevChanged')
    await eventually(async () => expect(await viewer.look('owner')).not.toBeNull())
  })

  it('08 §2, §4: the microphone vanishes: AudioDevChanged first, then 3 → 1; it comes back closed', async () => {
    await owner.call('CRVideo_OpenMic', 'owner')
    await owner.next('CRVideo_AudioStatusChanged', 'owner', 4, 3)
    await viewer.next('CRVideo_AudioStatusChanged', 'owner', 2, 3)
    for (const page of [owner, viewer]) await page.next('CRVideo_VideoDevChanged', 'owner')
    await mark()
    await plug('audioinput')
    await viewer.next('CRVideo_AudioStatusChanged', 'owner', 3, 1)
    await owner.next('CRVideo_AudioStatusChanged', 'owner', 3, 1)
    expect(await since(owner)).toEqual([['AudioDevChanged'], ['AudioStatusChanged', 'owner', 3, 1]])
    expect(await since(viewer)).toEqual([['AudioStatusChanged', 'owner', 3, 1]])
    expect(await owner.call('CRVideo_GetAudioMicNames')).toEqual([])
    await mark()
    await owner.call('CRVideo_OpenMic', 'owner')
    expect(await owner.call('CRVideo_GetAudioStatus', 'owner')).toBe(1)
    await plug()
    await viewer.next('CRVideo_AudioStatusChanged', 'owner', 1, 2)
    await owner.next('CRVideo_AudioStatusChanged', 'owner', 1, 2)
    expect(await since(owner)).toEqual([['AudioDevChanged'], ['AudioStatusChanged', 'owner', 1, 2]])
  })

  it('08 §4: another microphone, speaker and processing take over without a status change', async () => {
    await owner.call('CRVideo_OpenMic', 'owner')
    await viewer.next('CRVideo_AudioStatusChanged', 'owner', 2, 3)
    await viewer.call('CRVideo_OpenMic', 'viewer')
    await owner.next('CRVideo_AudioStatusChanged', 'viewer', 2, 3)
    await mark()
    const [, second] = await owner.call<string[]>('CRVideo_GetAudioMicNames')
    const [, speaker] = await owner.call<string[]>('CRVideo_GetAudioSpkNames')
    const live = () =>
      owner.read<{ label: string; echoCancellation: boolean }[]>(`tracks
        .filter(({ kind, readyState }) => kind === 'audio' && readyState === 'live')
        .map((track) => ({ label: track.label, echoCancellation: track.getSettings().echoCancellation }))`)
    await owner.call('CRVideo_SetAudioCfg', { micName: second, speakerName: speaker, aec: 0 })
    const chosen = [{ label: second, echoCancellation: false }]
    await eventually(async () => expect(await live()).toEqual(chosen))
    await eventually(async () =>
      expect(await owner.read('document.querySelector("audio").sinkId')).not.toBe(''),
    )
    await eventually(async () =>
      expect(await viewer.call<number>('CRVideo_GetMicEnergy', 'owner')).toBeGreaterThan(0),
    )
    // One that cannot be captured leaves the old one in use.
    await owner.read(`busy = 'NotReadableError'`)
    await owner.call('CRVideo_SetAudioCfg', { micName: '', aec: 1 })
    await owner.read(`busy = ''`)
    expect(await live()).toEqual(chosen)
    await owner.call('CRVideo_SetAudioCfg', { speakerName: '' })
    await eventually(async () => expect((await live())[0]?.echoCancellation).toBe(true))
    expect(await owner.sinceMark(['CRVideo_AudioStatusChanged'])).toEqual([])
    for (const [page, userID] of [
      [owner, 'owner'],
      [viewer, 'viewer'],
    ] as const)
      await page.call('CRVideo_CloseMic', userID)
    await viewer.next('CRVideo_AudioStatusChanged', 'owner', 3, 2)
    await owner.next('CRVideo_AudioStatusChanged', 'viewer', 3, 2)
  })

  it.each(['NotReadableError', 'NotAllowedError'])(
    '08 §2: the browser refuses with %s: 4 → 2 on me, nothing on others',
    async (name) => {
      await owner.call('CRVideo_CloseVideo', 'owner')
      await viewer.next('CRVideo_VideoStatusChanged', 'owner', 3, 2)
      await mark()
      await owner.read(`busy = '${name}'`)
      for (const kind of ['Video', 'Mic']) {
        await owner.call(`CRVideo_Open${kind}`, 'owner')
        await owner.next(
          `CRVideo_${kind === 'Mic' ? 'Audio' : 'Video'}StatusChanged`,
          ...['owner', 4, 2],
        )
      }
      expect(await since(owner)).toEqual([
        ['VideoStatusChanged', 'owner', 2, 4],
        ['VideoStatusChanged', 'owner', 4, 2],
        ['AudioStatusChanged', 'owner', 2, 4],
        ['AudioStatusChanged', 'owner', 4, 2],
      ])
      await owner.read(`busy = ''`)
      await owner.call('CRVideo_OpenVideo', 'owner')
      await viewer.next('CRVideo_VideoStatusChanged', 'owner', 2, 3)
      expect(await since(viewer)).toEqual([['VideoStatusChanged', 'owner', 2, 3]])
    },
  )

  it('08 §2: a device that is gone after all: 4 → 1 on me, 2 → 1 on others', async () => {
    await mark()
    // The browser has not told yet that the microphone is gone.
    await owner.read(`unplugged = ['audioinput']`)
    await owner.call('CRVideo_OpenMic', 'owner')
    await owner.next('CRVideo_AudioStatusChanged', 'owner', 4, 1)
    await viewer.next('CRVideo_AudioStatusChanged', 'owner', 2, 1)
    await plug()
    await viewer.next('CRVideo_AudioStatusChanged', 'owner', 1, 2)
    for (const page of [owner, viewer]) expect(page.errors).toEqual([])
  })
})

describe('devices without permission, through the classic API', () => {
  let stage: Awaited<ReturnType<typeof startStage>>

  beforeAll(async () => {
    stage = await startStage()
  })

  afterAll(() => stage.close())

  it('08 §2, §4, §6: refused 4 → 2; allowed later the names become known, which is AudioDevChanged only', async () => {
    const browser = stage.keep(await launchAsking(GREEN))
    const page = stage.keep(
      await ClassicPage.open(browser, stage.host.url, stage.server.url, { permissions: [] }),
    )
    await meetingOf([[page, 'shy']])
    expect(await page.call('CRVideo_GetAllVideoInfo', 'shy')).toEqual([
      { userID: 'shy', videoID: 1, videoName: 'Camera 1' },
    ])
    expect(await page.call('CRVideo_GetAudioMicNames')).toEqual(['Microphone 1'])
    expect((await page.call<string[]>('CRVideo_GetAudioSpkNames')).length).toBeGreaterThan(0)
    await page.mark()
    await page.call('CRVideo_OpenVideo', 'shy')
    await page.next('CRVideo_VideoStatusChanged', 'shy', 4, 2)
    expect(await page.call('CRVideo_GetVideoStatus', 'shy')).toBe(2)
    await page.page.context().grantPermissions(['camera', 'microphone'])
    await page.mark()
    await page.call('CRVideo_OpenMic', 'shy')
    await page.call('CRVideo_OpenVideo', 'shy')
    await page.next('CRVideo_VideoStatusChanged', 'shy', 4, 3)
    await page.next('CRVideo_AudioDevChanged')
    await eventually(async () => {
      const [camera] =
        await page.call<{ videoID: number; videoName: string }[]>('CRVideo_GetAllVideoInfo')
      expect(camera?.videoID).toBe(1)
      expect(camera?.videoName).not.toBe('Camera 1')
    })
    expect(await page.sinceMark(['CRVideo_VideoDevChanged', 'CRVideo_DefVideoChanged'])).toEqual([])
    expect(page.errors).toEqual([])
  })
})
