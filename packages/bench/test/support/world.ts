import { LIMITS } from '@yuntang/protocol'
import type { LinkEnv, Socket } from '../../../sdk/src/link/env.ts'
import { createApp } from '../../../server/src/app.ts'
import { createFakeClock, type FakeClock } from '../../../server/src/core/clock.ts'
import { createSeededIds } from '../../../server/src/core/ids.ts'
import { silentLog } from '../../../server/src/core/log.ts'
import { createSignedPaths } from '../../../server/src/files/signed-paths.ts'
import { memoryBlobs } from '../../../server/test/support/memory-blobs.ts'
import { quietEngine } from '../../../server/test/support/page.ts'
import { testSigningKey } from '../../../server/test/support/signing-key.ts'
import { createMemoryStorage, type Disk } from './memory-storage.ts'

export const settle = async (turns = 12) => {
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve))
}

/** One run of the server, until it is killed. */
interface Run {
  dead: boolean
  readonly app: Awaited<ReturnType<typeof createApp>>
  readonly clock: FakeClock
}

/** The way between one page and the server. */
export interface Network {
  up: boolean
  /** Packets vanish; nobody is told. */
  swallow: boolean
  /** The page reads too slowly: what is on its way to it piles up. */
  slow: boolean
  readonly sockets: Set<() => void>
}

/** A server that can be killed, pages' clocks that go on, and networks that can be cut. */
export class World {
  readonly disk: Disk = { meetings: new Map(), sessions: new Map(), boards: new Map() }
  readonly pageClock = createFakeClock()
  #run: Run | null = null
  #runs = 0

  async start(): Promise<void> {
    const run: { dead: boolean } = { dead: false }
    const clock = createFakeClock(this.pageClock.now())
    const app = await createApp({
      config: {
        relays: null,
        allowGuests: false,
        policy: 'open',
        meetingPasswords: 'all',
        maxMeetings: null,
        maxMembers: null,
        maxOpenMics: null,
        resumeMs: LIMITS.resume,
        sessionMs: LIMITS.session,
        emptyMs: LIMITS.empty,
        engageMs: LIMITS.engage,
        netDiskKb: 0,
        recordsBytes: 0,
      },
      version: 'test',
      clock,
      ids: createSeededIds(++this.#runs),
      log: silentLog,
      storage: createMemoryStorage(this.disk, () => run.dead),
      authenticator: { authenticate: async () => {} },
      engine: quietEngine().engine,
      blobs: memoryBlobs(),
      paths: createSignedPaths(Buffer.alloc(32), clock),
      signingKey: testSigningKey,
      isForbidden: () => false,
      phone: null,
    })
    this.#run = Object.assign(run, { app, clock })
  }

  /** kill -9: what was not on disk is gone, and every socket with it. */
  kill(networks: readonly Network[]): void {
    if (this.#run) this.#run.dead = true
    this.#run = null
    for (const network of networks) this.cut(network)
  }

  cut(network: Network): void {
    for (const close of [...network.sockets]) close()
  }

  /** Lets time pass for everybody, messages in between. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 250) {
      const step = Math.min(250, left)
      this.#run?.clock.advance(step)
      this.pageClock.advance(step)
      await settle(3)
    }
  }

  async end(): Promise<void> {
    await this.#run?.app.close()
  }

  env(network: Network): LinkEnv {
    return {
      now: () => this.pageClock.now(),
      random: () => 0,
      farewell() {},
      after: (ms, run) => this.pageClock.schedule(ms, run),
      openSocket: () => this.#open(network),
    }
  }

  #open(network: Network): Socket {
    const run = this.#run
    const page: Socket = {
      onopen: null,
      onmessage: null,
      onclose: null,
      bufferedAmount: 0,
      send() {},
      close() {},
    }
    let state: 'opening' | 'open' | 'lost' | 'closed' = 'opening'
    const closeBoth = () => {
      if (state === 'closed') return
      const told = state
      state = 'closed'
      network.sockets.delete(closeBoth)
      setImmediate(() => page.onclose?.())
      // Nobody tells a server on the far side of a hole.
      if (told !== 'lost') closed(1006)
    }
    let closed = (_code: number) => {}
    network.sockets.add(closeBoth)
    setImmediate(() => {
      if (state !== 'opening') return
      if (network.swallow) return
      if (!network.up || !run || run.dead) {
        closeBoth()
        return
      }
      const session = run.app.gateway.accept(
        {
          get bufferedAmount() {
            return network.slow ? LIMITS.unsentBytes + 1 : 0
          },
          sendBinary() {},
          send: (text) =>
            setImmediate(() => {
              if (network.swallow) state = state === 'open' ? 'lost' : state
              if (state === 'open' && !run.dead) page.onmessage?.({ data: text })
            }),
          close: (code) =>
            setImmediate(() => {
              if (state === 'open') closeBoth()
              else session.closed(code)
            }),
        },
        { base: 'http://test', address: '127.0.0.1' },
      )
      closed = (code) => {
        if (!run.dead) session.closed(code)
      }
      state = 'open'
      page.send = (text) =>
        setImmediate(() => {
          if (network.swallow) state = state === 'open' ? 'lost' : state
          if (state === 'open' && !run.dead && typeof text === 'string') session.message(text)
        })
      page.close = (code) => {
        if (state === 'closed') return
        const reached = state === 'open'
        state = 'closed'
        network.sockets.delete(closeBoth)
        if (reached) setImmediate(() => closed(code ?? 1005))
      }
      page.onopen?.()
    })
    page.close = () => {
      state = 'closed'
      network.sockets.delete(closeBoth)
    }
    return page
  }
}
