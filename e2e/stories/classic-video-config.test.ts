import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchCameras, launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { eventually } from '../support/eventually.ts'
import { GREEN } from '../support/media-files.ts'
import { meetingOf, startStage } from '../support/meeting-of.ts'
import {
  capturedVideo,
  type SentVideo,
  sentVideo,
  watchMedia,
  withoutCropping,
} from '../support/rtc.ts'

describe('08 §7: the video configuration in capture and encoder', () => {
  let stage: Awaited<ReturnType<typeof startStage>>
  let able: ClassicPage
  let unable: ClassicPage
  let viewer: ClassicPage

  beforeAll(async () => {
    stage = await startStage()
    const cameras = stage.keep(await launchCameras(1))
    const face = stage.keep(await launchFace(GREEN))
    const open = async (browser: typeof cameras, prepare: () => void) => {
      const page = await ClassicPage.open(browser, stage.host.url, stage.server.url, { prepare })
      return stage.keep(page)
    }
    able = await open(cameras, watchMedia)
    unable = await open(face, withoutCropping)
    viewer = await open(face, watchMedia)
    await unable.page.evaluate(watchMedia)
    await meetingOf([
      [able, 'able'],
      [unable, 'unable'],
      [viewer, 'viewer'],
    ])
    for (const userID of ['able', 'unable'])
      await viewer.read(`show(${JSON.stringify(userID)}, -1, 848, 480)`)
  })

  afterAll(() => stage.close())

  const sends = (page: ClassicPage, check: (sent: SentVideo) => void) =>
    eventually(async () => {
      const sent = await sentVideo(page)
      expect(sent).not.toBeNull()
      check(sent as SentVideo)
    }, 25_000)

  it('size, frame rate and bit rate reach the camera and the encoder', async () => {
    await able.call('CRVideo_SetVideoCfg', {
      ...{ sizeType: 8, fps: 10, maxbps: 200_000, qp_max: 30 },
    })
    await able.call('CRVideo_OpenVideo', 'able')
    await able.next('CRVideo_VideoStatusChanged', 'able', 4, 3)
    expect(await capturedVideo(able)).toMatchObject({ width: 640, height: 360, frameRate: 10 })
    await sends(able, (sent) => {
      expect(sent).toMatchObject({ width: 640, height: 360, maxBitrate: 200_000, maxFramerate: 10 })
      expect(sent.fps).toBeGreaterThan(5)
      expect(sent.fps).toBeLessThan(12)
      expect(sent.bitrate).toBeLessThan(260_000)
    })
  })

  it('a change is effective at once without a status change, on all three ratios', async () => {
    await able.mark()
    await able.call('CRVideo_SetVideoCfg', { maxbps: 900_000 })
    for (const [wh_rate, width] of [
      [1, 480],
      [2, 360],
      ['0', 640],
    ] as const) {
      await able.call('CRVideo_SetVideoCfg', { wh_rate })
      await eventually(async () =>
        expect(await capturedVideo(able)).toMatchObject({ width, height: 360 }),
      )
      await sends(able, (sent) => expect(sent).toMatchObject({ width, height: 360 }))
      await eventually(async () => {
        const seen = await viewer.look('able')
        expect(Math.abs((seen?.width ?? 0) / (seen?.height ?? 1) - width / 360)).toBeLessThan(0.03)
      })
    }
    expect(await able.sinceMark(['CRVideo_VideoStatusChanged'])).toEqual([])
  })

  it('a new size without a bit rate takes the table’s, and quality limits shape the sender', async () => {
    await able.call('CRVideo_SetVideoCfg', { sizeType: '5', qp_min: 35, qp_max: 28, fps: null })
    expect(await able.call('CRVideo_GetVideoCfg')).toEqual({
      ...{ sizeType: 5, fps: 10, maxbps: 200_000, qp_min: 35, qp_max: 35, wh_rate: 0 },
    })
    await sends(able, (sent) =>
      expect(sent).toMatchObject({ maxBitrate: 140_000, degradation: 'maintain-framerate' }),
    )
    await eventually(async () =>
      expect(await capturedVideo(able)).toMatchObject({ width: 448, height: 256 }),
    )
    await able.call('CRVideo_SetVideoCfg', { qp_min: 20, qp_max: 30, maxbps: 1 })
    await sends(able, (sent) =>
      expect(sent).toMatchObject({ maxBitrate: 30_000, degradation: 'maintain-resolution' }),
    )
  })

  it('where the camera cannot crop, the sent picture has the configured ratio all the same', async () => {
    await unable.call('CRVideo_SetVideoCfg', {
      ...{ sizeType: 5, wh_rate: 2, qp_max: 30, maxbps: 600_000 },
    })
    await unable.call('CRVideo_OpenVideo', 'unable')
    await unable.next('CRVideo_VideoStatusChanged', 'unable', 4, 3)
    expect(await capturedVideo(unable)).toMatchObject({ width: 640, height: 360 })
    await sends(unable, (sent) => expect(sent).toMatchObject({ width: 256, height: 256 }))
    await eventually(async () => {
      const seen = await viewer.look('unable')
      expect([seen?.width, seen?.height]).toEqual([256, 256])
      for (const [i, value] of GREEN.rgb.entries())
        expect(Math.abs((seen?.rgb[i] ?? 0) - value)).toBeLessThan(45)
    })
    const first = await viewer.look('unable')
    await eventually(async () =>
      expect((await viewer.look('unable'))?.print).not.toBe(first?.print),
    )
  })

  it('… and follows a change of the ratio while open, without a status change', async () => {
    await unable.mark()
    await unable.call('CRVideo_SetVideoCfg', { sizeType: 8, wh_rate: 1, maxbps: 900_000 })
    await sends(unable, (sent) => expect(sent).toMatchObject({ width: 480, height: 360 }))
    await unable.call('CRVideo_SetVideoCfg', { wh_rate: 0 })
    await sends(unable, (sent) => expect(sent).toMatchObject({ width: 640, height: 360 }))
    expect(await unable.sinceMark(['CRVideo_VideoStatusChanged'])).toEqual([])
    const first = await viewer.look('unable')
    await eventually(async () =>
      expect((await viewer.look('unable'))?.print).not.toBe(first?.print),
    )
    await unable.call('CRVideo_CloseVideo', 'unable')
    expect(await unable.read('cameras.every((track) => track.readyState === "ended")')).toBe(true)
    for (const page of [able, unable, viewer]) expect(page.errors).toEqual([])
  })
})
