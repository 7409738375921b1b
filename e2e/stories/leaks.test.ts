import { readdirSync, readFileSync } from 'node:fs'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { type FaultyProxy, startFaultyProxy } from '../support/faulty-proxy.ts'
import { RED } from '../support/media-files.ts'
import { mediaProcesses } from '../support/media-processes.ts'
import { hostPages } from '../support/page-host.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { enterTyped, type TypedWindow } from '../support/typed.ts'

/** What may have grown: a fifth, and a little where the numbers are small. */
const within = (before: number, slack: number) => before * 1.2 + slack

describe('nothing grows with use', { timeout: 180_000 }, () => {
  let server: RunningServer
  let proxy: FaultyProxy
  let host: Awaited<ReturnType<typeof hostPages>>
  let browser: Browser
  let page: Page
  let tools: CDPSession
  let id: number

  beforeAll(async () => {
    server = await startServer({ MEDIA_PROCESSES: '1' })
    proxy = await startFaultyProxy(server.port)
    host = await hostPages(`http://localhost:${proxy.port}`)
    browser = await launchFace(RED)
    const opened = await enterTyped(browser, host.url, 'red', null)
    page = opened.page
    id = opened.id
    tools = await page.context().newCDPSession(page)
    await tools.send('Performance.enable')
  })
  afterAll(async () => {
    await browser.close()
    await proxy.close()
    await host.close()
    await server.stop()
    server.forget()
  })

  const openFiles = (pid: number) => readdirSync(`/proc/${pid}/fd`).length
  const resident = (pid: number) =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
  const counts = async () => {
    await tools.send('HeapProfiler.collectGarbage')
    const { metrics } = await tools.send('Performance.getMetrics')
    const metric = (name: string) => metrics.find((m) => m.name === name)?.value ?? Number.NaN
    const [media = 0] = await mediaProcesses(server.pid)
    return {
      listeners: metric('JSEventListeners'),
      nodes: metric('Nodes'),
      heap: metric('JSHeapUsedSize') / 1024 / 1024,
      files: openFiles(server.pid) + openFiles(media),
      server: resident(server.pid),
      media: resident(media),
    }
  }
  const rounded = (_key: string, value: unknown) =>
    typeof value === 'number' ? Math.round(value * 10) / 10 : value
  /** Some of the work to warm up, then the rest: everything comes back to where it was (tracks that ended take a while). */
  const steady = async (
    what: string,
    warm: number,
    all: number,
    work: (n: number) => Promise<void>,
  ) => {
    await work(warm)
    const before = await counts()
    await work(all - warm)
    let after = before
    await eventually(async () => {
      after = await counts()
      expect(after.listeners).toBeLessThanOrEqual(within(before.listeners, 5))
      expect(after.nodes).toBeLessThanOrEqual(within(before.nodes, 5))
      expect(after.heap).toBeLessThan(within(before.heap, 0.5))
      expect(after.files).toBeLessThanOrEqual(within(before.files, 2))
      expect(after.server).toBeLessThan(within(before.server, 8))
      expect(after.media).toBeLessThan(within(before.media, 8))
    }, 20_000)
    console.log(`${what}: ${JSON.stringify({ before, after }, rounded)}`)
  }

  it('50 cycles of adding and removing a camera leave page, server and media process as they were', () =>
    steady('50 cameras', 10, 50, (n) =>
      page.evaluate(async (times) => {
        const { meeting } = window as unknown as TypedWindow
        for (let i = 0; i < times; i++) {
          await meeting.camera.open()
          meeting.camera.close()
          await new Promise((resolve) => setTimeout(resolve, 20))
        }
      }, n),
    ))

  it('100 network cuts', () =>
    steady('100 cuts', 20, 100, async (n) => {
      for (let i = 0; i < n; i++) {
        proxy.cut()
        await page.evaluate(async () => {
          const { client } = window as unknown as TypedWindow
          await new Promise((resolve) => setTimeout(resolve, 10))
          window.dispatchEvent(new Event('online'))
          await client.meetings.list()
        })
      }
    }))

  it('200 joins and leaves', () =>
    steady('200 joins', 40, 200, (n) =>
      page.evaluate(
        async ([times, meeting]) => {
          const w = window as unknown as TypedWindow
          for (let i = 0; i < times; i++) {
            w.meeting.leave()
            w.meeting = await w.client.enter({ id: meeting })
          }
        },
        [n, id] as const,
      ),
    ))
})
