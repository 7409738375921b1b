import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { GREEN, RED } from '../support/media-files.ts'
import { hostPages } from '../support/page-host.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { hasTurnServer, startTurnServer, type TurnServer } from '../support/turn-server.ts'
import { enterTyped, sumStat, type TypedWindow, watchTyped } from '../support/typed.ts'

const SECRET = 'the-secret-of-the-turn-server'
const WRONG = 'a-secret-of-another-server'

/** Kinds of the local candidates that the page's connections use. */
const pathsInUse = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const kinds: string[] = []
    for (const pc of window.connections) {
      const stats = await pc.getStats()
      for (const stat of stats.values())
        if (stat.type === 'transport' && stat.selectedCandidatePairId) {
          const pair = stats.get(stat.selectedCandidatePairId)
          const local = stats.get(pair.localCandidateId)
          kinds.push(`${local.candidateType} over ${local.relayProtocol}`)
        }
    }
    return kinds
  })

const level = (page: Page) =>
  page.evaluate(() => (window as unknown as TypedWindow).meeting.networkLevel)

if (!hasTurnServer) console.warn('Relays are not tested: coturn is not installed here.')

describe.skipIf(!hasTurnServer)('a network without UDP to the media server', () => {
  let turn: TurnServer
  let server: RunningServer
  let host: Awaited<ReturnType<typeof hostPages>>
  const browsers: Browser[] = []

  beforeAll(async () => {
    turn = await startTurnServer(SECRET)
    for (const face of [RED, GREEN]) browsers.push(await launchFace(face))
  })
  afterEach(async () => {
    await host.close()
    await server.stop()
    server.forget()
  })
  afterAll(async () => {
    for (const b of browsers) await b.close()
    await turn.stop()
  })

  const start = async (secret: string, transport: 'udp' | 'tcp') => {
    server = await startServer({
      TURN_URLS: turn.urls[transport],
      TURN_SECRET: secret,
      LOG_LEVEL: 'trace',
    })
    host = await hostPages(server.url)
  }
  const [one, two] = [() => browsers[0] as Browser, () => browsers[1] as Browser]
  const relayOnly = { relayOnly: true }
  const openCamera = (page: Page) =>
    page.evaluate(async () => {
      const { meeting } = window as unknown as TypedWindow
      await Promise.all([meeting.camera.open(), meeting.mic.open()])
    })
  /** Everything that the server wrote over the page's sockets. */
  const watchFrames = (page: Page) => {
    const frames: string[] = []
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => frames.push(String(payload))),
    )
    return frames
  }

  it.each(['udp'] as const)(
    'with TURN over %s pictures and sound move both ways, over the relay only, and again after a restart of ICE',
    async (transport) => {
      await start(SECRET, transport)
      const sender = await enterTyped(one(), host.url, 'red one', null, relayOnly)
      await openCamera(sender.page)
      const viewer = await enterTyped(two(), host.url, 'green', sender.id, relayOnly)
      const frames = watchFrames(viewer.page)
      await watchTyped(viewer.page, 'red one', 360)
      const decoded = () => sumStat(viewer.page, 'inbound-rtp', 'video', 'framesDecoded')
      const heard = () => sumStat(viewer.page, 'inbound-rtp', 'audio', 'packetsReceived')
      const moves = async () => {
        const before = [await decoded(), await heard()] as const
        await eventually(async () => {
          expect(await decoded()).toBeGreaterThan(before[0] + 20)
          expect(await heard()).toBeGreaterThan(before[1] + 50)
        }, 20_000)
      }
      await moves()
      expect(await pathsInUse(sender.page)).toEqual([`relay over ${transport}`])
      expect(await pathsInUse(viewer.page)).toEqual([`relay over ${transport}`])

      for (const { page } of [sender, viewer])
        await page.evaluate(() => window.dispatchEvent(new Event('online')))
      await new Promise((resolve) => setTimeout(resolve, 2_000))
      await moves()
      expect(await pathsInUse(viewer.page)).toEqual([`relay over ${transport}`])
      expect([...sender.errors, ...viewer.errors]).toEqual([])
      for (const text of [server.output(), ...frames]) expect(text).not.toContain(SECRET)
    },
  )

  it('07 §6: a wrong secret gives no media, and the network level says so; the secret stands nowhere', async () => {
    await start(WRONG, 'tcp')
    const sender = await enterTyped(one(), host.url, 'red', null, relayOnly)
    const credential = await sender.page.evaluate(async () => {
      const { meeting } = window as unknown as TypedWindow
      meeting.camera.open().catch(() => {})
      return JSON.stringify(window.connections.map((pc) => pc.getConfiguration().iceServers))
    })
    expect(credential).toContain('credential')
    expect(credential).not.toContain(WRONG)
    await eventually(async () => expect(await level(sender.page)).toBe(0), 20_000)
    expect(await sumStat(sender.page, 'candidate-pair', '', 'bytesSent')).toBe(0)
    // It does not flicker while new paths are tried.
    for (let i = 0; i < 8; i++) {
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      expect(await level(sender.page)).toBe(0)
    }
    await eventually(() => expect(turn.output()).toMatch(/401|[Uu]nauthori[sz]ed/), 5_000)
    expect(server.output()).not.toContain(WRONG)
    expect(server.output()).not.toContain(JSON.parse(credential)[0][0].credential)
  })
})
