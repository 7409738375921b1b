import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { eventually } from '../support/eventually.ts'
import { type Face, GREEN, RED } from '../support/media-files.ts'
import { meetingOf, startStage } from '../support/meeting-of.ts'
import { canProbe, keepFrames, probe, storedBytes } from '../support/recorded.ts'
import { decoded, watchMedia } from '../support/rtc.ts'

interface Listed {
  fileName: string
  size: number
  duration: number
  state: number
  mimeType: string
}

const LEFT = { left: 0, top: 0, width: 320, height: 360, type: 0, keepAspectRatio: 0 }
const RIGHT = { ...LEFT, left: 320 }
/** A blue picture of 2 × 2 pixels, B G R x. */
const BLUE_PIXELS = Buffer.from(Array.from({ length: 4 }, () => [220, 40, 30, 0]).flat())
const looksLike = (rgb: readonly number[], face: Face) =>
  face.rgb.every((value, i) => Math.abs(value - (rgb[i] ?? -1)) < 45)

describe('recording on the page', () => {
  let stage: Awaited<ReturnType<typeof startStage>>
  let page: ClassicPage
  let other: ClassicPage

  const duration = () => page.call<number>('CRVideo_GetRecDuration')
  const size = () => page.call<number>('CRVideo_GetRecFileSize')
  const files = () => page.call<Listed[]>('CRVideo_GetAllRecordFiles')
  const lasts = (seconds: number) =>
    eventually(async () => expect(await duration()).toBeGreaterThanOrEqual(seconds))
  const states = async () =>
    (await page.sinceMark(['CRVideo_RecordStateChanged', 'CRVideo_RecordErr'])).map(
      ({ slot, args }) => (slot === 'CRVideo_RecordErr' ? `error ${args[0]}` : args[0]),
    )
  const probed: typeof probe = async (bytes, use) => {
    if (canProbe) await probe(bytes, use)
    else console.warn('ffprobe is not installed: the recorded file is not looked into')
  }
  const openAll = async () => {
    for (const [who, id] of [
      [page, 'red'],
      [other, 'green'],
    ] as const) {
      await who.call('CRVideo_OpenVideo', id)
      await who.call('CRVideo_OpenMic', id)
      await who.next('CRVideo_VideoStatusChanged', id, 4, 3)
      await who.next('CRVideo_AudioStatusChanged', id, 4, 3)
    }
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
    await meetingOf([
      [page, 'red'],
      [other, 'green'],
    ])
    await openAll()
    await page.next('CRVideo_VideoStatusChanged', 'green', 2, 3)
  })

  afterAll(() => stage.close())

  it('10 §2: cameras, pictures and voices in one file, without the pause', async () => {
    await page.mark()
    await page.call('CRVideo_SetPicResource', 'blue', {
      fmt: ' rgb32 ',
      dat: BLUE_PIXELS.toString('base64'),
      width: 2,
      height: 2,
    })
    await page.call('CRVideo_SetRecordVideos', [
      { ...LEFT, param: { camid: 'red.-1' } },
      { ...RIGHT, param: { camid: 'green.-1' } },
      { ...LEFT, param: '' },
      { left: 280, top: 140, width: 80, height: 80, type: 1, param: { resourceid: 'blue' } },
      { left: 10, top: 300, width: 300, height: 50, type: 4 },
    ])
    await page.page.evaluate(keepFrames, 2)
    await page.call('CRVideo_StartRecordIng', '/rec//one.mp4', 3, 15, 641, 360, 1_000_000, 22)
    await page.next('CRVideo_RecordStateChanged', 2)
    await lasts(3)
    const before = await size()
    expect(before).toBeGreaterThan(0)
    await eventually(async () => expect(await size()).toBeGreaterThan(before))
    expect(await files()).toEqual([])

    await page.call('CRVideo_PauseRecord', true)
    await page.next('CRVideo_RecordStateChanged', 3)
    const stood = await duration()
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect(await duration()).toBe(stood)
    await page.call('CRVideo_PauseRecord', false)
    await lasts(stood + 2)
    await page.call('CRVideo_StopRecord')
    await page.next('CRVideo_RecordStateChanged', 0)
    expect(await states()).toEqual([1, 2, 3, 2, 4, 0])

    const seconds = await duration()
    const bytes = await storedBytes(page.page, '/rec/one.mp4')
    expect(await size()).toBe(bytes.length)
    expect(await files()).toEqual([
      expect.objectContaining({
        fileName: '/rec//one.mp4',
        size: bytes.length,
        duration: seconds,
        state: 0,
        mimeType: 'video/mp4',
      }),
    ])
    await probed(bytes, (file) => {
      expect(file.complaints).toBe('')
      expect(file.video).toMatchObject({ width: 640, height: 360 })
      expect(file.video?.codec).toMatch(/^(h264|vp9|av1)$/)
      expect(file.audio?.codec).toMatch(/^(aac|opus)$/)
      expect(file.duration).toBeGreaterThan(seconds - 0.5)
      expect(file.duration).toBeLessThan(seconds + 1.5)
      expect(Math.abs((file.audio?.duration ?? 0) - file.duration)).toBeLessThan(0.6)
      const rate = (file.video?.frames ?? 0) / file.duration
      expect(rate).toBeGreaterThan(7)
      expect(rate).toBeLessThan(15.5)
      const late = seconds - 1
      expect(file.color(late, 100, 200)).toSatisfy((rgb: number[]) => looksLike(rgb, RED))
      expect(file.color(late, 540, 200)).toSatisfy((rgb: number[]) => looksLike(rgb, GREEN))
      const [r, , b] = file.color(late, 320, 180)
      expect(b).toBeGreaterThan(r + 100)
      for (const { tone } of [RED, GREEN])
        expect(file.tone(tone, 2, late)).toBeGreaterThan(20 * file.tone(1237, 2, late))
    })
  })

  it('10 §2.1: recDataType 3 records sound alone, audioType 1 my own alone; a device that stands keeps nothing from the disk', async () => {
    await page.mark()
    await page.read(`(() => {
      const Real = AudioContext
      window.AudioContext = class extends Real {
        constructor(options) {
          super(options)
          window.mixing = this
        }
        resume() {
          return this.halted ? Promise.resolve() : super.resume()
        }
      }
      hooks.CRVideo_RecordStateChanged = (state) => {
        if (state === 2) window.AudioContext = Real
      }
    })()`)
    await page.call('CRVideo_StartRecordIng', {
      filePathName: 'own.mp4',
      audioType: 1,
      recDataType: 3,
    })
    await page.next('CRVideo_RecordStateChanged', 2)
    await lasts(2)
    // As a telephone call would do it.
    await page.read('mixing.halted = true, mixing.suspend()')
    // A whole second begins in silence.
    await lasts((await duration()) + 1)
    const silent = { size: await size(), at: await duration() }
    await lasts(silent.at + 2)
    expect(await size()).toBeGreaterThan(silent.size)
    await page.read('mixing.halted = false, mixing.resume()')
    await lasts(silent.at + 4)
    await page.call('CRVideo_StopRecord')
    await page.next('CRVideo_RecordStateChanged', 0)
    await page.read('(() => { hooks.CRVideo_RecordStateChanged = null })()')
    const seconds = await duration()
    await probed(await storedBytes(page.page, 'own.mp4'), (file) => {
      expect(file.video).toBeNull()
      expect(Math.abs(file.duration - seconds)).toBeLessThan(1.2)
      expect(file.tone(RED.tone, 1, 2)).toBeGreaterThan(20 * file.tone(GREEN.tone, 1, 2))
      const [at, end] = [silent.at, file.duration]
      expect(file.tone(RED.tone, at, at + 1)).toBeLessThan(file.tone(RED.tone, 1, 2) / 100)
      expect(file.tone(RED.tone, end - 0.8, end)).toBeGreaterThan(
        20 * file.tone(GREEN.tone, end - 0.8, end),
      )
    })
    expect((await files()).map(({ fileName }) => fileName)).toEqual(['/rec//one.mp4', 'own.mp4'])
    await page.call('CRVideo_RemoveFromFileMgr', 'one.mp4')
    await eventually(async () =>
      expect(await page.read(`CRVideo.vfs.exists('/rec/one.mp4')`)).toBe(false),
    )
    expect((await files()).map(({ fileName }) => fileName)).toEqual(['own.mp4'])
  })

  it('sound that came late is put right while somebody talks, and the talk goes on', async () => {
    await page.mark()
    await page.read(`(() => {
      const { createMediaStreamSource, getOutputTimestamp } = AudioContext.prototype
      const changed = {
        createMediaStreamSource(stream) {
          made++
          return createMediaStreamSource.call(this, stream)
        },
        getOutputTimestamp() {
          const { contextTime, performanceTime } = getOutputTimestamp.call(this)
          return { contextTime, performanceTime: performanceTime + late }
        },
      }
      Object.assign(window, { made: 0, late: 0 })
      Object.assign(AudioContext.prototype, changed)
      hooks.CRVideo_RecordStateChanged = (state) => {
        if (state === 0) Object.assign(AudioContext.prototype, { createMediaStreamSource, getOutputTimestamp })
      }
    })()`)
    await page.call('CRVideo_StartRecordIng', {
      filePathName: 'talk.webm',
      audioType: 1,
      recDataType: 3,
    })
    await page.next('CRVideo_RecordStateChanged', 2)
    await lasts(2)
    for (let turn = 0; turn < 3; turn++) {
      // The mix lost so much of what was to be mixed.
      const made = await page.read<number>('late += 20, made')
      await eventually(async () => expect(await page.read('made')).toBeGreaterThan(made))
      await lasts((await duration()) + 1)
    }
    await page.call('CRVideo_StopRecord')
    await page.next('CRVideo_RecordStateChanged', 0)
    await page.read('(() => { hooks.CRVideo_RecordStateChanged = null })()')
    await probed(await storedBytes(page.page, 'talk.webm'), (file) => {
      const tenths = Array.from({ length: Math.floor(file.duration * 10) - 12 }, (_, i) =>
        file.tone(RED.tone, 1 + i / 10, 1.1 + i / 10),
      )
      const usual = tenths.toSorted((a, b) => a - b)[tenths.length >> 1] ?? 0
      expect(usual).toBeGreaterThan(20 * file.tone(GREEN.tone, 1, 2))
      // Where one source fades into the other its phase leaps.
      const weak = tenths.filter((strength) => strength < usual / 2)
      expect(weak.length).toBeLessThan(tenths.length / 4)
      expect(tenths.slice(-5).some((strength) => strength > usual / 2)).toBe(true)
    })
    await page.call('CRVideo_RemoveFromFileMgr', 'talk.webm')
    await eventually(async () =>
      expect((await files()).map(({ fileName }) => fileName)).toEqual(['own.mp4']),
    )
  })

  it('10 §2: what cannot be recorded fails with 1, an error and 0; a second start changes nothing', async () => {
    await page.mark()
    await page.call('CRVideo_StartRecordIng', '/rec/', 3, 15, 640, 360, 500_000, 28)
    await page.next('CRVideo_RecordStateChanged', 0)
    await page.call('CRVideo_StartRecordIng', 'x.mp4', 0, 15, 640, 360, 500_000, 28, 3)
    await eventually(async () => expect(await states()).toEqual([1, 'error 5', 0, 1, 'error 5', 0]))
    await page.mark()
    await page.read(`(() => {
      CRVideo_StartRecordIng('y.mp4', 3, 15, 640, 360, 500000, 28)
      CRVideo_StartRecordIng('z.mp4', 3, 15, 640, 360, 500000, 28)
      CRVideo_StopRecord()
    })()`)
    await page.next('CRVideo_RecordStateChanged', 0)
    expect(await states()).toEqual([1, 4, 0])
    expect((await files()).map(({ fileName }) => fileName)).toEqual(['own.mp4'])
    expect(
      await page.read(`CRVideo.vfs.list('').filter((file) => /[yz].mp4$/.test(file.path)).length`),
    ).toBe(0)
  })

  it('10 §2.2: stopped as soon as it records, with or without a picture: a whole file of no length, in place of an earlier one', async () => {
    for (const [name, data] of [
      ['moment.mp4', 7],
      ['sound.webm', 3],
      ['moment.mp4', 7],
    ] as const) {
      await page.mark()
      await page.read(`hooks.CRVideo_RecordStateChanged = (state) => {
        if (state === 2) setTimeout(CRVideo_StopRecord)
      }`)
      await page.call('CRVideo_StartRecordIng', name, 3, 15, 640, 360, 500_000, 28, data)
      await page.next('CRVideo_RecordStateChanged', 0)
      await page.read('(() => { hooks.CRVideo_RecordStateChanged = null })()')
      expect(await states()).toEqual([1, 2, 4, 0])
      expect((await files()).at(-1)).toMatchObject({ fileName: name, duration: 0 })
      await probed(await storedBytes(page.page, name), (file) => {
        expect(file.complaints).toBe('')
        expect(file.duration).toBeLessThan(1)
        if (data === 7) expect(file.video?.frames).toBeGreaterThan(0)
        else expect(file.video).toBeNull()
      })
    }
    expect((await files()).map(({ fileName }) => fileName)).toEqual([
      'own.mp4',
      'sound.webm',
      'moment.mp4',
    ])
    for (const name of ['sound.webm', 'moment.mp4'])
      await page.call('CRVideo_RemoveFromFileMgr', name)
  })

  it('10 §2.2: after 8 hours it ends by itself with 901, and is whole', async () => {
    await page.mark()
    await page.call('CRVideo_StartRecordIng', 'day.mp4', 0, 15, 320, 180, 500_000, 28, 4)
    await page.next('CRVideo_RecordStateChanged', 2)
    await page.read(`(() => {
      const real = performance.now.bind(performance)
      performance.now = () => real() + 8 * 3_600_000
      hooks.CRVideo_RecordErr = () => { delete performance.now }
    })()`)
    await page.next('CRVideo_RecordErr', 901)
    await page.next('CRVideo_RecordStateChanged', 0)
    await page.read('(() => { hooks.CRVideo_RecordErr = null })()')
    expect(await states()).toEqual([1, 2, 'error 901', 4, 0])
    await probed(await storedBytes(page.page, 'day.mp4'), (file) => {
      expect(file.complaints).toBe('')
      expect(file.audio).toBeNull()
    })
    await page.call('CRVideo_RemoveFromFileMgr', 'day.mp4')
  })

  it('10 §2.2: too little room at the start, and no more on the way: 902, what was written plays', async () => {
    const session = await page.page.context().newCDPSession(page.page)
    const origin = new URL(page.page.url()).origin
    const allow = async (more: number) => {
      const used = await page.read<number>('navigator.storage.estimate().then((e) => e.usage)')
      await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: used + more })
    }
    await page.mark()
    await allow(49_000_000)
    await page.call('CRVideo_StartRecordIng', 'full.mp4', 3, 15, 640, 360, 1_000_000, 22)
    await page.next('CRVideo_RecordErr', 902)
    await page.next('CRVideo_RecordStateChanged', 0)
    expect(await states()).toEqual([1, 'error 902', 0])

    await page.mark()
    await allow(60_000_000)
    await page.call('CRVideo_StartRecordIng', 'full.mp4', 3, 15, 640, 360, 1_000_000, 22)
    await page.next('CRVideo_RecordStateChanged', 2)
    await lasts(3)
    await allow(50_000)
    await page.next('CRVideo_RecordErr', 902)
    await page.next('CRVideo_RecordStateChanged', 0)
    expect(await states()).toEqual([1, 2, 'error 902', 4, 0])
    await session.send('Storage.overrideQuotaForOrigin', { origin })
    const seconds = await duration()
    const bytes = await storedBytes(page.page, 'full.mp4')
    expect(await size()).toBe(bytes.length)
    expect((await files()).at(-1)).toMatchObject({ fileName: 'full.mp4', size: bytes.length })
    await probed(bytes, (file) => {
      expect(file.duration).toBeGreaterThan(2)
      // Whole seconds were told, and the last picture has its length.
      expect(file.duration).toBeLessThan(seconds + 1 + 2 / 15)
      expect(file.color(1.5, 100, 200)).toSatisfy((rgb: number[]) => looksLike(rgb, RED))
    })
    await page.call('CRVideo_RemoveFromFileMgr', 'full.mp4')
  })

  it('10 §2.1, §3: cameras that open on the way, another layout; what a page had recorded that died plays to its last second', async () => {
    for (const [who, id] of [
      [page, 'red'],
      [other, 'green'],
    ] as const) {
      await who.mark()
      await who.call('CRVideo_CloseVideo', id)
      await who.next('CRVideo_VideoStatusChanged', id, 3, 2)
    }
    await page.mark()
    await page.call('CRVideo_SetRecordVideos', [
      { ...LEFT, param: { camid: 'red.-1' } },
      { ...RIGHT, param: { camid: 'green' } },
    ])
    await page.call('CRVideo_StartRecordIng', 'lost.mp4', 3, 15, 640, 360, 500_000, 28)
    await page.next('CRVideo_RecordStateChanged', 2)
    const began = Date.now()
    await lasts(1)
    await page.call('CRVideo_OpenVideo', 'red')
    const before = await decoded(page)
    await other.call('CRVideo_OpenVideo', 'green')
    await page.next('CRVideo_VideoStatusChanged', 'red', 4, 3)
    await page.next('CRVideo_VideoStatusChanged', 'green', 2, 3)
    // A camera takes its time to its first picture.
    await eventually(async () => expect(await decoded(page)).toBeGreaterThan(before + 3))
    const opened = await duration()
    await lasts(opened + 3)
    await page.call('CRVideo_SetRecordVideos', [
      { ...LEFT, width: 640, param: { camid: 'green.-1' } },
    ])
    await lasts(opened + 6)
    const had = (Date.now() - began) / 1000
    page = stage.keep(await page.crash())
    expect(await page.call('CRVideo_Init2', '/Store-red')).toBe(0)
    await eventually(async () =>
      expect((await files()).map(({ fileName }) => fileName)).toEqual(['own.mp4', 'lost.mp4']),
    )
    const bytes = await storedBytes(page.page, 'lost.mp4')
    expect((await files()).at(-1)?.size).toBe(bytes.length)
    await probed(bytes, (file) => {
      const looks = (face: Face) => (rgb: number[]) => looksLike(rgb, face)
      for (const x of [100, 540])
        expect(file.color(0.7, x, 200)).toSatisfy((rgb: number[]) => Math.max(...rgb) < 40)
      expect(file.color(opened + 2.5, 100, 200)).toSatisfy(looks(RED))
      expect(file.color(opened + 2.5, 540, 200)).toSatisfy(looks(GREEN))
      console.log(`a page that died lost ${Math.round((had - file.duration) * 1000)} ms`)
      expect(file.duration).toBeGreaterThan(had - 1)
      const end = file.duration - 0.3
      expect(file.color(end, 320, 250)).toSatisfy(looks(GREEN))
      expect(file.tone(GREEN.tone, end - 0.5, end)).toBeGreaterThan(
        20 * file.tone(1237, end - 0.5, end),
      )
    })
  })
})
