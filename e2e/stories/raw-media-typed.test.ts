import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { GREEN, RED } from '../support/media-files.ts'
import { hostPages } from '../support/page-host.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { loudness, samplesOf, share } from '../support/sound.ts'
import { enterTyped, type TypedPage, type TypedWindow } from '../support/typed.ts'

interface RawWindow extends TypedWindow {
  aborter: AbortController
  looked: ReturnType<TypedWindow['meeting']['frames']>
  told: number[]
  capture: ReturnType<TypedWindow['meeting']['pcm']>
  bytes: number[]
}

describe('08 §8, §9: raw pictures and raw sound through the typed SDK', () => {
  let server: RunningServer
  let host: Awaited<ReturnType<typeof hostPages>>
  const browsers: Browser[] = []
  let sender: TypedPage
  let viewer: TypedPage

  beforeAll(async () => {
    server = await startServer()
    host = await hostPages(server.url)
    browsers.push(await launchFace(RED), await launchFace(GREEN))
    const [red, green] = browsers as [Browser, Browser]
    const entered = await enterTyped(red, host.url, 'sender', null)
    sender = entered
    viewer = await enterTyped(green, host.url, 'viewer', entered.id)
    await sender.page.evaluate(async () => {
      const w = window as unknown as RawWindow
      w.client.devices.setAudio({ aec: 0, ans: 0, agc: 0 })
      await Promise.all([w.meeting.mic.open(), w.meeting.camera.open()])
    })
  })

  afterAll(async () => {
    for (const browser of browsers) await browser.close()
    await host.close()
    await server.stop()
    server.forget()
  })

  it("§8: another member's pictures, told and handed out, until the signal aborts", async () => {
    await viewer.page.evaluate(() => {
      const w = window as unknown as RawWindow
      w.aborter = new AbortController()
      w.told = []
      const wish = { userID: 'sender', videoID: -1, signal: w.aborter.signal }
      w.looked = w.meeting.frames(wish, (at) => w.told.push(at))
    })
    await eventually(async () => {
      const seen = await viewer.page.evaluate(() => {
        const { looked, told } = window as unknown as RawWindow
        const image = looked.picture()
        const middle = image ? 4 * (image.width * (image.height - 10) + image.width / 2) : 0
        return {
          rgba: image ? [...image.data.slice(middle, middle + 4)] : [],
          width: image?.width,
          newest: told.length > 0 && told.at(-1) === looked.frameTime,
        }
      })
      expect([seen.width, seen.newest, seen.rgba[3]]).toEqual([640, true, 255])
      for (const [i, want] of RED.rgb.entries())
        expect(Math.abs((seen.rgba[i] as number) - want)).toBeLessThan(25)
    })
    const after = await viewer.page.evaluate(() => {
      const w = window as unknown as RawWindow
      w.aborter.abort()
      return [w.looked.picture(), w.looked.frameTime]
    })
    expect(after).toEqual([null, 0])
  })

  it('§9: what is heard in blocks; aborting ends it and resolves `done`', async () => {
    await viewer.page.evaluate(() => {
      const w = window as unknown as RawWindow
      w.aborter = new AbortController()
      w.bytes = []
      const wish = { side: 'heard', blockBytes: 1000, signal: w.aborter.signal } as const
      w.capture = w.meeting.pcm(wish, (block) => w.bytes.push(...block))
    })
    await eventually(async () => {
      const text = await viewer.page.evaluate(() =>
        btoa(String.fromCharCode(...(window as unknown as RawWindow).bytes.slice(-16_000))),
      )
      const samples = samplesOf(text)
      expect(samples.length).toBe(8_000)
      expect(loudness(samples)).toBeGreaterThan(0.05)
      expect(share(samples, RED.tone)).toBeGreaterThan(0.8)
    })
    const ended = await viewer.page.evaluate(async () => {
      const w = window as unknown as RawWindow
      w.aborter.abort()
      const { length } = w.bytes
      const done = await w.capture.done
      return { closed: w.capture.closed, done, more: w.bytes.length - length, odd: length % 2 }
    })
    expect(ended).toEqual({ closed: true, done: null, more: 0, odd: 0 })
  })

  it('§9: bad wishes throw; the meeting ends a file, which is there then', async () => {
    const result = await viewer.page.evaluate(async () => {
      const w = window as unknown as RawWindow
      const codeOf = (run: () => unknown) => {
        try {
          run()
          return 'none'
        } catch (error) {
          return (error as { code?: string }).code
        }
      }
      const bad = [
        codeOf(() => w.meeting.pcm({ side: 'other' as 'mic' }, () => {})),
        codeOf(() => w.meeting.pcm({ side: 'mic', blockBytes: Number.NaN }, () => {})),
        codeOf(() => w.meeting.pcmFile({ side: 'mic', path: '' })),
      ]
      const written = new Promise<void>((enough) => {
        let blocks = 0
        w.meeting.pcm({ side: 'mic' }, () => {
          if (++blocks === 10) enough()
        })
      })
      const file = w.meeting.pcmFile({ side: 'mic', path: '/typed.pcm' })
      await written
      const { meeting } = w
      meeting.leave()
      const done = await file.done
      const size = (await w.client.files.get('/typed.pcm'))?.size ?? 0
      return { bad, done, size, after: codeOf(() => meeting.pcm({ side: 'mic' }, () => {})) }
    })
    expect(result.bad).toEqual(['param.invalid', 'param.invalid', 'param.invalid'])
    expect(result.done).toBeNull()
    expect(result.size).toBeGreaterThan(3_200)
    expect(result.after).toBe('meeting.outside')
  })
})
