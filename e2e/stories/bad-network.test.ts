import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { GREEN, RESTLESS } from '../support/media-files.ts'
import { hostPages } from '../support/page-host.ts'
import { freeUdpPort, type RunningServer, startServer } from '../support/server.ts'
import {
  enterTyped,
  longestGap,
  pageNow,
  shownLines,
  sumStat,
  type TypedWindow,
  watchTyped,
} from '../support/typed.ts'
import { FaultProxy, type Faults } from '../support/udp-proxy.ts'

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('pictures and sound over a bad network', () => {
  let server: RunningServer
  let host: Awaited<ReturnType<typeof hostPages>>
  const browsers: Browser[] = []
  const proxies: FaultProxy[] = []
  let sender: Page
  let viewer: Page
  let sending: FaultProxy
  let viewing: FaultProxy

  beforeAll(async () => {
    const mediaPort = await freeUdpPort()
    server = await startServer({ MEDIA_PORT: String(mediaPort), MEDIA_PROCESSES: '1' })
    host = await hostPages(server.url)
    for (const seed of [1, 2]) proxies.push(await FaultProxy.open(mediaPort, seed))
    ;[sending, viewing] = proxies as [FaultProxy, FaultProxy]
    for (const face of [RESTLESS, GREEN]) browsers.push(await launchFace(face))
    const [one, two] = browsers as [Browser, Browser]
    const first = await enterTyped(one, host.url, 'red', null, { mediaPort: sending.port })
    sender = first.page
    await sender.evaluate(async () => {
      const { client, meeting } = window as unknown as TypedWindow
      client.devices.setVideo({ maxbps: 800_000, fps: 10 })
      await Promise.all([meeting.mic.open(), meeting.camera.open()])
    })
    viewer = (await enterTyped(two, host.url, 'green', first.id, { mediaPort: viewing.port })).page
    await watchTyped(viewer, 'red', 360)
  })

  afterAll(async () => {
    for (const b of browsers) await b.close()
    for (const p of proxies) p.close()
    await host.close()
    await server.stop()
    server.forget()
  })

  const shows = async (lines: number, ms: number, what?: string) => {
    const from = Date.now()
    await eventually(async () => expect(await shownLines(viewer)).toBe(lines), ms)
    if (what) console.log(`${what}: ${lines} lines after ${Date.now() - from} ms`)
  }
  const heard = () => sumStat(viewer, 'inbound-rtp', 'audio', 'packetsReceived')

  beforeEach(async () => {
    for (const p of proxies) p.set({}, {})
    await shows(360, 20_000)
    await wait(3_000)
  })

  it('300 kbit/s for 10 s: the small layer comes, the full one is back within 8 s of the end', async () => {
    viewing.set({}, { rate: 300 })
    await shows(180, 5_000, '300 kbit/s out')
    await wait(1_000)
    const from = await pageNow(viewer)
    await wait(4_000)
    expect(await longestGap(viewer, from)).toBeLessThan(2_000)
    viewing.set({}, {})
    await shows(360, 8_000, 'after 300 kbit/s out')
  })

  it('80 kbit/s: the voice stays, and the full layer comes back', async () => {
    viewing.set({}, { rate: 80 })
    await wait(5_000)
    const before = await heard()
    await wait(4_000)
    expect((await heard()) - before).toBeGreaterThan(180)
    viewing.set({}, {})
    await shows(360, 10_000, 'after 80 kbit/s out')
  })

  it('300 kbit/s on the way in: the small layer goes on, the full one is back when the browser’s estimate allows', async () => {
    sending.set({ rate: 300 }, {})
    await wait(10_000)
    const from = await pageNow(viewer)
    await wait(2_000)
    expect(await longestGap(viewer, from)).toBeLessThan(2_000)
    sending.set({}, {})
    // How fast it grows is the browser's own matter: 8 % a second (findings §3.2).
    await shows(360, 15_000, 'after 300 kbit/s in')
  })

  const gapIn = async (ms: number) => {
    const from = await pageNow(viewer)
    await wait(ms)
    return await longestGap(viewer, from)
  }

  /** No freeze over 1 s in 20 s, but for what a busy machine does to a clean path. */
  const noHarm = async (up: Partial<Faults>, down: Partial<Faults>) => {
    const clean = await gapIn(5_000)
    sending.set(up, {})
    viewing.set({}, down)
    await wait(1_000)
    const gap = await gapIn(20_000)
    console.log(
      `${JSON.stringify({ up, down })}: longest gap ${Math.round(gap)} ms, ${Math.round(clean)} ms without`,
    )
    expect(gap - clean).toBeLessThan(1_000)
  }

  it('5 % random loss on the way in: no freeze over 1 s in 20 s', () => noHarm({ loss: 0.05 }, {}))
  it('5 % random loss on the way out: no freeze over 1 s in 20 s', () => noHarm({}, { loss: 0.05 }))
  it('50 ms of jitter and reordering on the way out: no freeze over 1 s, and the full layer', async () => {
    await noHarm({}, { jitterMs: 50, reorder: true })
    await shows(360, 8_000)
  })
})
