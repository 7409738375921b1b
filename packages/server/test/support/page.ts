import type { MediaEngine } from '@yuntang/media'
import { type Events, LIMITS, type ServerFrame } from '@yuntang/protocol'
import { type AppDeps, createApp } from '../../src/app.ts'
import { createFakeClock, type FakeClock } from '../../src/core/clock.ts'
import { createSeededIds } from '../../src/core/ids.ts'
import { type Log, silentLog } from '../../src/core/log.ts'
import { createWordCheck } from '../../src/domains/im/forbidden-words.ts'
import type { PhonePorts } from '../../src/domains/phones/phones.ts'
import { createSignedPaths } from '../../src/files/signed-paths.ts'
import type { SocketSession } from '../../src/gateway/socket-session.ts'
import type { Storage } from '../../src/storage/port.ts'
import { memoryBlobs } from './memory-blobs.ts'
import { testSigningKey } from './signing-key.ts'
import { createTestStorage } from './test-storage.ts'

/** An engine that carries nothing: for scenarios about signalling only. It notes what it was asked. */
export const quietEngine = () => {
  const calls: string[] = []
  const note = (name: string) => async (argument: unknown) => {
    calls.push(`${name} ${JSON.stringify(argument)}`)
    return { answer: 'v=0', version: 1 }
  }
  const engine = {
    publish: note('publish'),
    receive: note('receive'),
    answer: note('answer'),
    watch: note('watch'),
    unpublish: note('unpublish'),
    closePeer: note('closePeer'),
    closeRoom: note('closeRoom'),
    on: () => () => {},
    close: async () => {},
  } as unknown as MediaEngine
  return { engine, calls }
}

export const MD5 = '0'.repeat(32)

/** A whole server over in-memory sockets and fake time. */
export const startTestApp = async (
  config: Partial<AppDeps['config']> = {},
  /** Storage of the file's other tests, or an earlier run as `kill -9` left it. */
  earlier: {
    storage?: Storage
    clock?: FakeClock
    seed?: number
    engine?: MediaEngine
    phone?: PhonePorts
    log?: Log
  } = {},
) => {
  const clock = earlier.clock ?? createFakeClock()
  const { engine, calls } = quietEngine()
  const storage = earlier.storage ?? (await createTestStorage())
  const seed = (earlier.seed ?? 6) + 1
  const blobs = memoryBlobs()
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
      netDiskKb: 1024,
      recordsBytes: 1024 * 1024,
      ...config,
    },
    version: 'test',
    clock,
    ids: createSeededIds(seed),
    log: earlier.log ?? silentLog,
    storage,
    authenticator: { authenticate: async () => {} },
    engine: earlier.engine ?? engine,
    blobs,
    paths: createSignedPaths(Buffer.alloc(32), clock),
    signingKey: testSigningKey,
    isForbidden: createWordCheck(['坏词']),
    phone: earlier.phone ?? null,
  })
  return { app, clock, calls, storage, seed, blobs }
}

/**
 * Kills the server and starts another on what it had stored. Its timers belong to the dead process:
 * the new one gets a clock of its own.
 */
export const restartTestApp = (test: TestApp, config: Partial<AppDeps['config']> = {}) =>
  startTestApp(config, {
    storage: test.storage,
    clock: createFakeClock(test.clock.now()),
    seed: test.seed,
  })

export type TestApp = Awaited<ReturnType<typeof startTestApp>>

let pages = 0

/** A page without a browser: sends frames, keeps what it gets in order. */
export class TestPage {
  readonly frames: ServerFrame[] = []
  /** Binary frames, in order. */
  readonly chunks: Uint8Array<ArrayBuffer>[] = []
  closed: number | null = null
  token = ''
  proof = ''
  #socket: SocketSession
  #nextId = 1

  /** Unsent bytes of the socket, as a slow reader has them. */
  buffered = 0

  constructor(
    private test: TestApp,
    readonly instance = `instance-${pages++}`,
  ) {
    this.#socket = this.#connect()
  }

  #connect(): SocketSession {
    const page = this
    const session: SocketSession = this.test.app.gateway.accept(
      {
        send: (text) => this.frames.push(JSON.parse(text) as ServerFrame),
        sendBinary: (frame) => this.chunks.push(new Uint8Array(frame)),
        close: (code) => {
          this.closed = code
          setImmediate(() => session.closed(code))
        },
        get bufferedAmount() {
          return page.buffered
        },
      },
      { base: 'http://test', address: '127.0.0.1' },
    )
    return session
  }

  raw(text: string): void {
    this.#socket.message(text)
  }

  binary(frame: Uint8Array<ArrayBuffer>): void {
    this.#socket.binary(frame)
  }

  hello(resume?: { token: string; seen: number }): void {
    const params = {
      protocol: LIMITS.protocolVersion,
      sdk: 'test',
      instance: this.instance,
      resume,
    }
    this.raw(JSON.stringify({ id: 1, method: 'session.hello', params }))
    for (const f of this.frames) if ('hello' in f) this.token = (f.hello as { token: string }).token
  }

  /** Sends a request without waiting; answers its number. */
  post(method: string, params: unknown = {}): number {
    const id = this.#nextId++
    this.raw(JSON.stringify({ id, method, params }))
    return id
  }

  /** Answers the result, or the error's code. */
  call(method: string, params: unknown = {}): Promise<unknown> {
    return this.answer(this.post(method, params), method)
  }

  async answer(id: number, method = 'a request'): Promise<unknown> {
    for (let i = 0; i < 1_000; i++) {
      const f = this.frames.findLast((frame) => 'id' in frame && frame.id === id)
      if (f && 'id' in f) return f.error ? f.error.code : f.result
      await new Promise((r) => (i < 20 ? setImmediate(r) : setTimeout(r, 5)))
    }
    throw new Error(`${method} was not answered`)
  }

  async login(userID: string, account = 'demo'): Promise<this> {
    this.hello()
    const login = { account, password: MD5, nickName: userID, userID }
    this.proof = ((await this.call('session.login', login)) as { proof: string }).proof
    return this
  }

  enter(id: number, password = '', more: object = {}): Promise<unknown> {
    return this.call('meetings.enter', {
      id,
      password,
      nickName: 'n',
      ...more,
      devices: {
        mic: true,
        cameras: [{ videoID: 1, name: 'c' }],
        defaultVideo: 1,
        multiVideo: false,
      },
    })
  }

  events<K extends keyof Events>(name: K): Events[K][] {
    return this.frames.flatMap((f) =>
      'event' in f && f.event === name ? [f.data as Events[K]] : [],
    )
  }

  get seen(): number {
    return Math.max(0, ...this.frames.map((f) => ('seq' in f ? f.seq : 0)))
  }

  /** Everything came through. */
  acknowledge(): void {
    this.raw(JSON.stringify({ ack: this.seen }))
  }

  cut(code = 1006): void {
    this.#socket.closed(code)
  }

  /** A new socket that says what was seen; after a restart to the new server. */
  resume(seen = this.seen, test = this.test): void {
    this.test = test
    this.#socket = this.#connect()
    this.hello({ token: this.token, seen })
  }
}
