import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { eventually } from '../support/eventually.ts'
import { type Face, GREEN, RED } from '../support/media-files.ts'
import { meetingOf, startStage } from '../support/meeting-of.ts'
import { loudness, samplesOf, share } from '../support/sound.ts'

interface Image {
  format: number
  width: number
  height: number
  frameTime: number
  bytes: number
  /** Means of bytes 0 to 3 of all pixels. */
  means: number[]
}

const EMPTY = { format: 1, dat: '', width: 0, height: 0, frameTime: 0 }
const VIDEO = ['CRVideo_NotifyVideoData']
const PCM = 'CRVideo_NotifyAudioPCMDat'

/** Keeps what the page makes, to see that it is given back. */
const watchResources = () => {
  const contexts: AudioContext[] = []
  const videos: HTMLVideoElement[] = []
  Object.assign(window, { contexts, videos })
  const Own = window.AudioContext
  window.AudioContext = class extends Own {
    constructor(options?: AudioContextOptions) {
      super(options)
      contexts.push(this)
    }
  }
  const make = document.createElement.bind(document)
  document.createElement = ((name: string) => {
    const element = make(name)
    if (element instanceof HTMLVideoElement) videos.push(element)
    return element
  }) as typeof document.createElement
}

describe('08 §8, §9: raw pictures and raw sound through the classic API', () => {
  let stage: Awaited<ReturnType<typeof startStage>>
  let ann: ClassicPage
  let ben: ClassicPage

  const image = (page: ClassicPage, userID: string, videoID: unknown = -1) =>
    page.read<Image>(`(() => {
      const { dat, ...rest } = JSON.parse(CRVideo_GetVideoImg(${JSON.stringify(userID)}, ${JSON.stringify(videoID)}))
      const text = atob(dat)
      const means = [0, 0, 0, 0]
      for (let i = 0; i < text.length; i++) means[i % 4] += text.charCodeAt(i)
      return { ...rest, bytes: text.length, means: means.map((sum) => (sum * 4) / text.length) }
    })()`)
  const rawText = (page: ClassicPage, ...args: unknown[]) =>
    page.call<string>('CRVideo_GetVideoImg', ...args).then((text) => JSON.parse(text) as unknown)
  /** Blue first. */
  const shows = ({ means }: Image, face: Face) => {
    for (const [i, want] of [...face.rgb].reverse().entries())
      expect(Math.abs((means[i] as number) - want), `byte ${i}: ${means}`).toBeLessThan(25)
    expect(means[3]).toBe(255)
  }
  const blocks = async (page: ClassicPage, side: number) =>
    (await page.sinceMark([PCM]))
      .filter(({ args }) => args[0] === side)
      .map(({ args }) => samplesOf(args[1] as string))
  const joined = (list: Int16Array[]) => Int16Array.from(list.flatMap((block) => [...block]))
  const start = (page: ClassicPage, ...args: unknown[]) =>
    page.call<number>('CRVideo_StartGetAudioPCM', ...args)
  const stop = (page: ClassicPage, side: unknown) => page.call('CRVideo_StopGetAudioPCM', side)
  /** The newest second of a side holds this face's tone. */
  const sounds = (page: ClassicPage, side: number, face: Face) =>
    eventually(async () => {
      const all = joined(await blocks(page, side)).slice(-8_000)
      expect(all.length).toBe(8_000)
      expect(loudness(all)).toBeGreaterThan(0.05)
      expect(share(all, face.tone)).toBeGreaterThan(0.8)
    })

  beforeAll(async () => {
    stage = await startStage()
    const red = stage.keep(await launchFace(RED))
    const green = stage.keep(await launchFace(GREEN))
    const prepare = watchResources
    ann = stage.keep(await ClassicPage.open(red, stage.host.url, stage.server.url, { prepare }))
    ben = stage.keep(await ClassicPage.open(green, stage.host.url, stage.server.url, { prepare }))
    await meetingOf([
      [ann, 'ann'],
      [ben, 'ben'],
    ])
    for (const page of [ann, ben])
      await page.call('CRVideo_SetAudioCfg', { aec: 0, ans: 0, agc: 0 })
  })
  afterAll(() => stage.close())

  it('§8: an empty image for a closed camera, an unknown user or camera, and bad arguments', async () => {
    for (const args of [['ann', -1], ['ann', 1], ['nobody', -1], ['ann', 7], ['ann', 'x'], []])
      expect(await rawText(ben, ...args), JSON.stringify(args)).toEqual(EMPTY)
  })

  it('§8: own open cameras are told, others only when shown or asked for', async () => {
    await ann.call('CRVideo_OpenVideo', 'ann')
    await ann.next('CRVideo_VideoStatusChanged', 'ann', 4, 3)
    await ben.call('CRVideo_OpenVideo', 'ben')
    await ben.next('CRVideo_VideoStatusChanged', 'ann', 2, 3)
    await ben.mark()
    // What the first test asked for is over after ten seconds.
    await ben.next('CRVideo_NotifyVideoData', 'ben', 1)
    await eventually(async () => {
      await ben.mark()
      await eventually(async () =>
        expect(
          (await ben.sinceMark(VIDEO)).filter((s) => s.args[0] === 'ben').length,
        ).toBeGreaterThan(5),
      )
      expect((await ben.sinceMark(VIDEO)).filter((s) => s.args[0] === 'ann')).toEqual([])
    }, 25_000)
    await ben.read("show('ann')")
    await ben.next('CRVideo_NotifyVideoData', 'ann', 1)
    // The container tells the same time of the same picture (spec 13 §3).
    await eventually(async () =>
      expect(
        await ben.read(`views.ann.getPicFrameTime() ===
          JSON.parse(CRVideo_GetVideoImg('ann', -1)).frameTime`),
      ).toBe(true),
    )
    await ben.read('views.ann.handler().remove()')
  })

  it("§8: own and others' newest picture at its native size, with the time that was told", async () => {
    for (const page of [ann, ben])
      for (const [userID, face] of [
        ['ann', RED],
        ['ben', GREEN],
      ] as const)
        await eventually(async () => {
          const got = await image(page, userID)
          expect([got.format, got.width, got.height]).toEqual([1, 640, 360])
          expect(got.bytes).toBe(640 * 360 * 4)
          shows(got, face)
        })
    await ben.read(`hooks.CRVideo_NotifyVideoData = (userID, videoID, at) => {
      const { frameTime } = JSON.parse(CRVideo_GetVideoImg(userID, videoID))
      ;(window.times ??= []).push([userID, at, frameTime])
    }`)
    const times = await eventually(async () => {
      const seen = await ben.read<[string, number, number][]>('window.times ?? []')
      for (const userID of ['ann', 'ben']) expect(seen.some(([user]) => user === userID)).toBe(true)
      return seen
    })
    await ben.read('void delete hooks.CRVideo_NotifyVideoData')
    for (const [, told, asked] of times) expect(asked).toBe(told)
    const [first] = times as [[string, number, number]]
    expect(Math.abs(first[1] - Date.now())).toBeLessThan(60_000)
  })

  it('§8: after the camera is closed the image is empty', async () => {
    await ann.call('CRVideo_CloseVideo', 'ann')
    expect(await rawText(ann, 'ann', -1)).toEqual(EMPTY)
    await ben.next('CRVideo_VideoStatusChanged', 'ann', 3, 2)
    expect(await rawText(ben, 'ann', '-1')).toEqual(EMPTY)
  })

  it('§9: bad parameters, a path that is none, and a second start answer 0', async () => {
    for (const args of [
      [2, 0],
      ['x', 0],
      [0, 2],
      [0, 1],
      [0, 1, { FileName: '' }],
      [0, 1, { FileName: '/folder/' }],
      [0, 0, '{broken'],
      [0, 0, { EachSize: 'many' }],
    ])
      expect(await start(ann, ...args), JSON.stringify(args)).toBe(0)
    expect(await start(ann, '0', '0', '{"EachSize":641}')).toBe(1)
    expect(await start(ann, 0, 0)).toBe(0)
    await stop(ann, '0')
    await stop(ann, 0)
    await stop(ann, 5)
  })

  it('§9: zero samples while the microphone is closed, its tone while it is open', async () => {
    await ann.mark()
    expect(await start(ann, 0, 0, { EachSize: 641 })).toBe(1)
    const silent = await eventually(async () => {
      const all = await blocks(ann, 0)
      expect(all.length).toBeGreaterThan(10)
      return all
    })
    for (const block of silent) expect([block.length, loudness(block)]).toEqual([320, 0])
    await ann.call('CRVideo_OpenMic', 'ann')
    await sounds(ann, 0, RED)
    await ann.call('CRVideo_CloseMic', 'ann')
    await eventually(async () => {
      const all = joined(await blocks(ann, 0)).slice(-3_200)
      expect(loudness(all)).toBe(0)
    })
  })

  it('§9: both sides run at once, each in its own mode; what is heard has the others only', async () => {
    await stop(ann, 0)
    await ann.call('CRVideo_OpenMic', 'ann')
    await ben.call('CRVideo_OpenMic', 'ben')
    await ann.next('CRVideo_AudioStatusChanged', 'ben', 2, 3)
    await ann.call('CRVideo_SetSpeakerVolume', 0)
    await ann.read("CRVideo.vfs.put('/sound.pcm', 'old')")
    await ann.mark()
    expect(await start(ann, 1, 0)).toBe(1)
    expect(await start(ann, 0, 1, { FileName: '\\sound.pcm' })).toBe(1)
    await sounds(ann, 1, GREEN)
    const heard = await blocks(ann, 1)
    for (const block of heard) expect(block.length).toBe(1_600)
    await stop(ann, 1)
    // A busy machine loses some of a microphone; not of every half second.
    await new Promise((resolve) => setTimeout(resolve, 1500))
    await stop(ann, 0)
    const file = await eventually(async () => {
      const text = await ann.read<string>(`CRVideo.vfs.get('/sound.pcm')
        .then((blob) => blob.arrayBuffer())
        .then((bytes) => btoa(Array.from(new Uint8Array(bytes), (b) => String.fromCharCode(b)).join('')))`)
      expect(text).not.toBe(Buffer.from('old').toString('base64'))
      return samplesOf(text)
    })
    expect(file.length).toBeGreaterThan(8_000)
    const halves = Array.from({ length: Math.floor(file.length / 4_000) - 1 }, (_, i) =>
      share(file.slice(i * 4_000, i * 4_000 + 8_000), RED.tone),
    )
    expect(Math.max(...halves)).toBeGreaterThan(0.8)
    const count = (await blocks(ann, 1)).length
    expect(await start(ann, 0, 0)).toBe(1)
    await ann.next(PCM, 0)
    expect((await blocks(ann, 1)).length).toBe(count)
    expect(await blocks(ben, 0)).toEqual([])
  })

  it('§9: leaving ends every capture and gives everything back', async () => {
    expect(await start(ann, 1, 1, { FileName: '/left.pcm' })).toBe(1)
    await ann.next(PCM, 0)
    const told = await ann.read<number>('CRVideo_ExitMeeting(), seen.length')
    expect(await start(ann, 0, 0)).toBe(0)
    expect(await rawText(ann, 'ben', -1)).toEqual(EMPTY)
    await eventually(async () => {
      expect(await ann.read("CRVideo.vfs.exists('/left.pcm')")).toBe(true)
      expect(
        await ann.read('contexts.filter((c) => c !== window.ears && c.state !== "closed").length'),
      ).toBe(0)
      expect(await ann.read('videos.filter((v) => v.srcObject).length')).toBe(0)
    })
    const later = (await ann.seen()).slice(told).map(({ slot }) => slot)
    expect(later.filter((slot) => slot === PCM || VIDEO.includes(slot))).toEqual([])
    expect(await start(ann, 0, 0)).toBe(0)
  })
})
