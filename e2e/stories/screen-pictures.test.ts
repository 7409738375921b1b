import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Watch } from '../../packages/sdk/src/api.ts'
import { launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { eventually } from '../support/eventually.ts'
import { RED } from '../support/media-files.ts'
import { meetingOf, startStage } from '../support/meeting-of.ts'
import { enterTyped, type TypedPage, type TypedWindow } from '../support/typed.ts'

interface ShareWindow extends TypedWindow {
  slide: HTMLCanvasElement
  still: HTMLCanvasElement
  sharePicture: HTMLVideoElement
  shareWatch: Watch
}

describe('09 §1: how a share is sent', () => {
  let stage: Awaited<ReturnType<typeof startStage>>
  let browser: Browser
  let sharer: TypedPage
  let viewer: TypedPage

  beforeAll(async () => {
    stage = await startStage()
    browser = stage.keep(await launchFace(RED))
    const first = await enterTyped(browser, stage.host.url, 'ann', null)
    sharer = first
    viewer = await enterTyped(browser, stage.host.url, 'ben', first.id)
    // A slide with thin lines, 1600 × 900, and a clock that moves.
    await sharer.page.evaluate(() => {
      const w = window as unknown as ShareWindow
      w.slide = document.createElement('canvas')
      w.slide.width = 1600
      w.slide.height = 900
      const context = w.slide.getContext('2d')
      const draw = () => {
        if (!context) return
        context.fillStyle = '#fff'
        context.fillRect(0, 0, 1600, 900)
        context.fillStyle = '#000'
        for (let x = 100; x < 500; x += 4) context.fillRect(x, 100, 2, 400)
        context.fillStyle = '#00f'
        context.fillRect(800, 0, 800, 900)
        context.fillStyle = '#000'
        context.fillText(String(performance.now()), 20, 880)
      }
      draw()
      setInterval(draw, 100)
    })
    await viewer.page.evaluate(() => {
      const w = window as unknown as ShareWindow
      w.sharePicture = document.createElement('video')
      w.sharePicture.muted = true
      w.sharePicture.autoplay = true
      document.body.append(w.sharePicture)
      w.shareWatch = w.meeting.screen.watch({ height: 900 }, (stream) => {
        w.sharePicture.srcObject = stream
      })
    })
  })
  afterAll(() => stage.close())

  const sent = () =>
    sharer.page.evaluate(async () => {
      const out: { rid: string; width: number; height: number; fps: number; max: number }[] = []
      for (const pc of window.connections)
        for (const sender of pc.getSenders()) {
          if (sender.track?.kind !== 'video') continue
          const { encodings } = sender.getParameters()
          for (const stat of (await sender.getStats()).values())
            if (stat.type === 'outbound-rtp' && stat.frameWidth)
              out.push({
                rid: stat.rid,
                width: stat.frameWidth,
                height: stat.frameHeight,
                fps: encodings.find((e) => e.rid === stat.rid)?.maxFramerate ?? 0,
                max: encodings.find((e) => e.rid === stat.rid)?.maxBitrate ?? 0,
              })
        }
      return out.sort((a, b) => a.rid.localeCompare(b.rid))
    })
  const seen = () =>
    viewer.page.evaluate(() => {
      const { sharePicture } = window as unknown as ShareWindow
      return [sharePicture.videoWidth, sharePicture.videoHeight]
    })

  it('encodings differ in rate and pictures per second, never in size', async () => {
    await sharer.page.evaluate(() => {
      const { meeting, slide } = window as unknown as ShareWindow
      return meeting.screen.start({ source: slide.captureStream(), config: { maxFPS: 8 } })
    })
    await eventually(async () =>
      expect(await sent()).toEqual([
        { rid: 'a', width: 1600, height: 900, fps: 2, max: 200_000 },
        { rid: 'b', width: 1600, height: 900, fps: 8, max: 800_000 },
      ]),
    )
    await eventually(async () => expect(await seen()).toEqual([1600, 900]))
  })

  it('fine lines can be told apart', async () => {
    /** How much neighbouring columns of the pattern differ, of 255. */
    const contrast = () =>
      viewer.page.evaluate(() => {
        const { sharePicture } = window as unknown as ShareWindow
        const canvas = document.createElement('canvas')
        canvas.width = 1600
        canvas.height = 900
        const context = canvas.getContext('2d')
        context?.drawImage(sharePicture, 0, 0)
        const row = context?.getImageData(104, 300, 392, 1).data ?? []
        let [low, high] = [255, 0]
        for (let i = 0; i < row.length; i += 4) {
          low = Math.min(low, row[i] as number)
          high = Math.max(high, row[i] as number)
        }
        return high - low
      })
    await eventually(async () => expect(await contrast()).toBeGreaterThan(180))
  })

  it('the viewer gets all pictures, and the fewer ones when it shows the share small', async () => {
    const rate = async () => {
      const frames = () =>
        viewer.page.evaluate(
          () =>
            (window as unknown as ShareWindow).sharePicture.getVideoPlaybackQuality()
              .totalVideoFrames,
        )
      const before = await frames()
      await new Promise((r) => setTimeout(r, 2000))
      return ((await frames()) - before) / 2
    }
    const show = (height: number) =>
      viewer.page.evaluate((to) => (window as unknown as ShareWindow).shareWatch.resize(to), height)
    await eventually(async () => expect(await rate()).toBeGreaterThan(4), 30_000)
    await show(120)
    await eventually(async () => {
      const now = await rate()
      expect(now).toBeGreaterThan(0)
      expect(now).toBeLessThan(3.1)
    }, 30_000)
    expect(await seen()).toEqual([1600, 900])
    await show(900)
    await eventually(async () => expect(await rate()).toBeGreaterThan(4), 30_000)
  })

  it('a region of a running share: others learn its size and see only that', async () => {
    const areas = await viewer.page.evaluateHandle(() => {
      const list: object[] = []
      ;(window as unknown as ShareWindow).meeting.screen.on('area', (area) => list.push(area))
      return list
    })
    await sharer.page.evaluate(() => {
      const catchRect = { left: 800, top: 100, width: 640, height: 360 }
      ;(window as unknown as ShareWindow).meeting.screen.configure({ catchRect })
    })
    await eventually(async () => expect(await seen()).toEqual([640, 360]))
    await eventually(async () =>
      expect(await areas.jsonValue()).toEqual([{ x: 800, y: 100, w: 640, h: 360 }]),
    )
    const middle = await viewer.page.evaluate(() => {
      const context = document.createElement('canvas').getContext('2d')
      context?.drawImage((window as unknown as ShareWindow).sharePicture, 0, 0, 64, 36)
      return [...(context?.getImageData(32, 18, 1, 1).data ?? [])]
    })
    expect(middle[2]).toBeGreaterThan(200)
    expect(middle[0]).toBeLessThan(60)
    await sharer.page.evaluate(() =>
      (window as unknown as ShareWindow).meeting.screen.configure({}),
    )
    await eventually(async () => expect(await seen()).toEqual([1600, 900]))
  })

  it('less clear: at most 1280 pixels; the source stays the page’s', async () => {
    const ended = await sharer.page.evaluate(async () => {
      const { meeting, slide } = window as unknown as ShareWindow
      meeting.screen.configure({ encodeType: 1 })
      await new Promise((r) => setTimeout(r, 0))
      return slide.captureStream().getVideoTracks()[0]?.readyState
    })
    expect(ended).toBe('live')
    await eventually(async () => expect(await seen()).toEqual([1280, 720]))
    expect(
      await sharer.page.evaluate(() => (window as unknown as ShareWindow).meeting.screen.stop()),
    ).toBe(true)
    await eventually(async () =>
      expect(
        await viewer.page.evaluate(() => (window as unknown as ShareWindow).meeting.screen.sharer),
      ).toBe(''),
    )
  })

  it('§5: a picture that stands still is seen by who comes later, and so is its next one', async () => {
    const paint = (color: string) =>
      sharer.page.evaluate((fill) => {
        const w = window as unknown as ShareWindow
        const context = w.still.getContext('2d') as CanvasRenderingContext2D
        context.fillStyle = fill
        context.fillRect(0, 0, 320, 180)
      }, color)
    const color = () =>
      viewer.page.evaluate(() => {
        const { sharePicture } = window as unknown as ShareWindow
        const look = new OffscreenCanvas(1, 1).getContext('2d') as OffscreenCanvasRenderingContext2D
        look.drawImage(sharePicture, 0, 0, 1, 1)
        return [...look.getImageData(0, 0, 1, 1).data.subarray(0, 3)].map((c) => Math.round(c / 64))
      })
    await viewer.page.evaluate(() => (window as unknown as ShareWindow).shareWatch.resize(0))
    await sharer.page.evaluate(() => {
      const w = window as unknown as ShareWindow
      w.still = Object.assign(document.createElement('canvas'), { width: 320, height: 180 })
    })
    await sharer.page.evaluate(async () => {
      const { meeting, still } = window as unknown as ShareWindow
      const source = still.captureStream(8)
      const context = still.getContext('2d') as CanvasRenderingContext2D
      context.fillStyle = '#f00'
      context.fillRect(0, 0, 320, 180)
      await meeting.screen.start({ source })
    })
    await viewer.page.evaluate(() => (window as unknown as ShareWindow).shareWatch.resize(180))
    await eventually(async () => expect(await color()).toEqual([4, 0, 0]))
    await paint('#00f')
    await eventually(async () => expect(await color()).toEqual([0, 0, 4]))
    expect([...sharer.errors, ...viewer.errors]).toEqual([])
  })
})

describe('09 §4: pictures that the page feeds', () => {
  let stage: Awaited<ReturnType<typeof startStage>>
  let ann: ClassicPage
  let ben: ClassicPage

  beforeAll(async () => {
    stage = await startStage()
    const browser = stage.keep(await launchFace(RED))
    ann = stage.keep(await ClassicPage.open(browser, stage.host.url, stage.server.url))
    ben = stage.keep(await ClassicPage.open(browser, stage.host.url, stage.server.url))
    await ben.read('showShare()')
    await meetingOf([
      [ann, 'ann'],
      [ben, 'ben'],
    ])
  })
  afterAll(() => stage.close())

  it('the page is asked for pictures, and others see them', async () => {
    // Blue, green, red, alpha: an orange picture.
    await ann.read(`(() => {
      const bytes = new Uint8Array(320 * 180 * 4)
      for (let i = 0; i < bytes.length; i += 4) bytes.set([0, 128, 255, 255], i)
      let text = ''
      for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192))
      window.orange = btoa(text)
      hooks.CRVideo_NotifyCatchScreen = () => CRVideo_SetCustomizeScreenImg(1, 320, 180, orange)
    })()`)
    await ann.call('CRVideo_SetCustomizeCatchScreen', 1)
    await ann.mark()
    await ann.call('CRVideo_StartScreenShare')
    await ann.next('CRVideo_NotifyShareRectChanged', 320, 180)
    const order = (await ann.sinceMark()).map(({ slot }) => slot)
    expect(order.indexOf('CRVideo_NotifyCatchScreen')).toBeGreaterThan(
      order.indexOf('CRVideo_StartScreenShareRslt'),
    )
    await eventually(async () => {
      const { width = 0, rgb = [0, 0, 0] } = (await ben.look('share')) ?? {}
      expect(width).toBe(320)
      expect(Math.abs(rgb[0] - 255) + Math.abs(rgb[1] - 128) + rgb[2]).toBeLessThan(40)
    })
    // Data that do not fit are ignored.
    await ann.call('CRVideo_SetCustomizeScreenImg', 1, 320, 181, await ann.read('orange'))
    await ann.call('CRVideo_SetCustomizeScreenImg', 7, 320, 180, await ann.read('orange'))
  })

  it('switching it off ends the share, and no more pictures are asked for', async () => {
    await ann.mark()
    await ann.call('CRVideo_SetCustomizeCatchScreen', 0)
    await ann.next('CRVideo_StopScreenShareRslt', 0)
    await ben.next('CRVideo_NotifyScreenShareStopped', 'ann')
    await ann.mark()
    await new Promise((r) => setTimeout(r, 500))
    expect(await ann.sinceMark(['CRVideo_NotifyCatchScreen'])).toEqual([])
  })

  it('§2: the configuration is kept and converted', async () => {
    expect(await ann.call('CRVideo_GetScreenShareCfg')).toEqual({
      encodeType: 0,
      maxFPS: 8,
      maxKbps: 800,
    })
    await ann.call('CRVideo_SetScreenShareCfg', {
      encodeType: '1',
      maxKbps: '800000',
      catchRect: { left: 0, top: 0, width: 10, height: 10 },
    })
    expect(await ann.call('CRVideo_GetScreenShareCfg')).toEqual({
      encodeType: 1,
      maxFPS: 8,
      maxKbps: 800,
      catchRect: { left: 0, top: 0, width: 10, height: 10 },
    })
    await ann.call('CRVideo_SetScreenShareCfg', { maxFPS: 99 })
    expect(await ann.call('CRVideo_GetScreenShareCfg')).toEqual({
      encodeType: 0,
      maxFPS: 30,
      maxKbps: 800,
    })
  })
})
