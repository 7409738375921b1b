import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { GREEN, RED } from '../support/media-files.ts'
import { mediaProcesses } from '../support/media-processes.ts'
import { hostPages } from '../support/page-host.ts'
import { freeUdpPort, type RunningServer, startServer } from '../support/server.ts'
import { enterTyped, longestGap, pageNow, type TypedWindow, watchTyped } from '../support/typed.ts'
import { FaultProxy } from '../support/udp-proxy.ts'

describe('media comes back by itself', () => {
  let server: RunningServer
  let host: Awaited<ReturnType<typeof hostPages>>
  const browsers: Browser[] = []
  let sender: Page
  let viewer: Page
  const proxies: FaultProxy[] = []

  beforeAll(async () => {
    const mediaPort = await freeUdpPort()
    server = await startServer({ MEDIA_PORT: String(mediaPort), MEDIA_PROCESSES: '1' })
    host = await hostPages(server.url)
    for (const seed of [1, 2]) proxies.push(await FaultProxy.open(mediaPort, seed))
    const [sending, viewing] = proxies as [FaultProxy, FaultProxy]
    for (const face of [RED, GREEN]) browsers.push(await launchFace(face))
    const [one, two] = browsers as [Browser, Browser]
    const first = await enterTyped(one, host.url, 'red', null, { mediaPort: sending.port })
    sender = first.page
    await sender.evaluate(async () => {
      const { meeting } = window as unknown as TypedWindow
      await Promise.all([meeting.mic.open(), meeting.camera.open()])
    })
    viewer = (await enterTyped(two, host.url, 'green', first.id, { mediaPort: viewing.port })).page
    await watchTyped(viewer, 'red', 360)
    await moving(15_000, 'first picture')
  })

  afterAll(async () => {
    for (const b of browsers) await b.close()
    for (const p of proxies) p.close()
    await host.close()
    await server.stop()
    server.forget()
  })

  /** The viewer sees new frames, the first within `ms` from now. */
  const moving = async (ms: number, what: string) => {
    const from = await pageNow(viewer)
    await eventually(async () => {
      const shown = await viewer.evaluate(
        (t) => (window as unknown as TypedWindow).shownAt.filter((at) => at > t).length,
        from,
      )
      expect(shown).toBeGreaterThan(3)
    }, ms)
    console.log(`${what}: the picture stood for ${Math.round(await longestGap(viewer, from))} ms`)
  }

  /** The page's network is another one from now on. */
  const move = async (page: Page, proxy: FaultProxy, tell: boolean) => {
    await proxy.move()
    await page.evaluate(
      ([port, told]) => {
        window.mediaPort = port
        if (told) window.dispatchEvent(new Event('online'))
      },
      [proxy.port, tell] as const,
    )
  }

  const stillSeated = async () => {
    for (const page of [sender, viewer]) {
      expect(await page.evaluate(() => (window as unknown as TypedWindow).ended)).toEqual([])
      expect(
        await page.evaluate(() =>
          (window as unknown as TypedWindow).meeting.members.map((m) => m.userID).sort(),
        ),
      ).toEqual(['green', 'red'])
    }
  }

  it('findings §3.5: a viewer whose network changes sees the picture again within 3 s', async () => {
    await move(viewer, proxies[1] as FaultProxy, true)
    await moving(3_000, 'network of the viewer changed')
  })

  it('so it is when the sender’s network changes', async () => {
    await move(sender, proxies[0] as FaultProxy, true)
    await moving(3_000, 'network of the sender changed')
  })

  it('a path that dies without a word is replaced within 12 s', async () => {
    await move(viewer, proxies[1] as FaultProxy, false)
    await moving(12_000, 'path dead without a word')
    await stillSeated()
  })

  it('lifetimes: a media process killed with -9 is replaced; media is back within 3 s, seats stay', async () => {
    for (let i = 0; i < 3; i++) {
      const [pid] = await mediaProcesses(server.pid)
      process.kill(pid as number, 'SIGKILL')
      await moving(3_000, 'media process killed')
      expect(await mediaProcesses(server.pid)).not.toContain(pid)
    }
    await stillSeated()
  })
})
