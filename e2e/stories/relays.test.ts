import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { GREEN, RED } from '../support/media-files.ts'
import { hostPages } from '../support/page-host.ts'
import { freeUdpPort, type RunningServer, startServer } from '../support/server.ts'
import { hasTurnServer, startTurnServer, type TurnServer } from '../support/turn-server.ts'
import { enterTyped, sumStat, type TypedWindow, watchTyped } from '../support/typed.ts'
import { FaultProxy } from '../support/udp-proxy.ts'

const SECRET = 'the-secret-of-the-turn-server'
type Transport = keyof TurnServer['urls']
const WRONG = 'a-secret-of-another-server'

/** How the page's connections reach the relay that they use; `undefined` for one that uses none. */
const pathsInUse = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const kinds: string[] = []
    for (const pc of window.connections) {
      const stats = await pc.getStats()
      for (const stat of stats.values())
        if (stat.type === 'transport' && stat.selectedCandidatePairId) {
          const pair = stats.get(stat.selectedCandidatePairId)
          const local = stats.get(pair.localCandidateId)
          kinds.push(String(local.relayProtocol))
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
  const firewall: FaultProxy[] = []

  beforeAll(async () => {
    turn = await startTurnServer(SECRET)
    for (const face of [RED, GREEN]) browsers.push(await launchFace(face, [turn.trust]))
  })
  afterEach(async () => {
    for (const wall of firewall.splice(0)) wall.close()
    await host.close()
    await server.stop()
    server.forget()
  })
  afterAll(async () => {
    for (const b of browsers) await b.close()
    await turn.stop()
  })

  /** No datagram of a page reaches the media server: only those that come from the relay. */
  const start = async (secret: string, transports: readonly Transport[]) => {
    const mediaPort = await freeUdpPort(2)
    server = await startServer({
      TURN_URLS: transports.map((transport) => turn.urls[transport]).join(),
      TURN_SECRET: secret,
      MEDIA_PORT: String(mediaPort),
      MEDIA_PROCESSES: '1',
      LOG_LEVEL: 'trace',
    })
    const ports: Record<number, number> = {}
    for (const [i, port] of [mediaPort, mediaPort + 1].entries()) {
      const wall = await FaultProxy.open(port, i)
      wall.isAllowed = turn.isRelay
      firewall.push(wall)
      ports[port] = wall.port
    }
    host = await hostPages(server.url)
    return (transport: Transport) => ({ ports, relay: turn.urls[transport] })
  }
  const [one, two] = [() => browsers[0] as Browser, () => browsers[1] as Browser]
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

  it.each([
    ['udp', 'udp'],
    ['tcp', 'tls'],
  ] as const)(
    'with TURN over %s and over %s pictures and sound move both ways, over the relay only, and again after a restart of ICE',
    async (...transports) => {
      const network = await start(SECRET, [...new Set(transports)])
      const sender = await enterTyped(one(), host.url, 'red one', null, network(transports[0]))
      await openCamera(sender.page)
      const viewer = await enterTyped(two(), host.url, 'green', sender.id, network(transports[1]))
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
      expect(await pathsInUse(sender.page)).toEqual([transports[0]])
      expect(await pathsInUse(viewer.page)).toEqual([transports[1]])

      for (const { page } of [sender, viewer])
        await page.evaluate(() => window.dispatchEvent(new Event('online')))
      await new Promise((resolve) => setTimeout(resolve, 2_000))
      await moves()
      expect(await pathsInUse(viewer.page)).toEqual([transports[1]])
      expect([...sender.errors, ...viewer.errors]).toEqual([])
      for (const text of [server.output(), ...frames]) expect(text).not.toContain(SECRET)
    },
  )

  it('07 §6: a wrong secret gives no media, and the network level says so; the secret stands nowhere', async () => {
    const network = await start(WRONG, ['tcp'])
    const sender = await enterTyped(one(), host.url, 'red', null, network('tcp'))
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
    for (let i = 0; i < 6; i++) {
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      expect(await level(sender.page)).toBe(0)
    }
    await eventually(() => expect(turn.output()).toMatch(/401|[Uu]nauthori[sz]ed/))
    expect(server.output()).not.toContain(WRONG)
    expect(server.output()).not.toContain(JSON.parse(credential)[0][0].credential)
  })
})
