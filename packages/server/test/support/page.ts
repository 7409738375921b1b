import type { MediaEngine } from '@yuntang/media'
import { type Events, LIMITS, type ServerFrame } from '@yuntang/protocol'
import { type AppDeps, createApp } from '../../src/app.ts'
import { createFakeClock } from '../../src/core/clock.ts'
import { createSeededIds } from '../../src/core/ids.ts'
import { silentLog } from '../../src/core/log.ts'
import type { SocketSession } from '../../src/gateway/gateway.ts'
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
export const startTestApp = async (config: Partial<AppDeps['config']> = {}) => {
  const clock = createFakeClock()
  const { engine, calls } = quietEngine()
  const storage = await createTestStorage()
  const app = await createApp({
    config: {
      allowGuests: false,
      policy: 'open',
      meetingPasswords: 'all',
      maxMeetings: null,
      maxMembers: null,
      maxOpenMics: null,
      resumeMs: LIMITS.resume,
      sessionMs: LIMITS.session,
      emptyMs: LIMITS.empty,
      ...config,
    },
    version: 'test',
    clock,
    ids: createSeededIds(7),
    log: silentLog,
    storage,
    authenticator: { authenticate: async () => {} },
    engine,
  })
  return { app, clock, calls, storage }
}

export type TestApp = Awaited<ReturnType<typeof startTestApp>>

let pages = 0

/** A page without a browser: sends frames, keeps what it gets in order. */
export class TestPage {
  readonly frames: ServerFrame[] = []
  readonly instance = `instance-${pages++}`
  closed: number | null = null
  token = ''
  #socket: SocketSession
  #nextId = 1

  constructor(private readonly test: TestApp) {
    this.#socket = this.#connect()
  }

  #connect(): SocketSession {
    return this.test.app.gateway.accept(
      {
        send: (text) => this.frames.push(JSON.parse(text) as ServerFrame),
        close: (code) => {
          this.closed = code
        },
        bufferedAmount: 0,
      },
      { base: 'http://test', address: '127.0.0.1' },
    )
  }

  raw(text: string): void {
    this.#socket.message(text)
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

  /** Answers the result, or the error's code. */
  async call(method: string, params: unknown = {}): Promise<unknown> {
    const id = this.#nextId++
    this.raw(JSON.stringify({ id, method, params }))
    for (let i = 0; i < 200; i++) {
      for (const f of this.frames)
        if ('id' in f && f.id === id) return f.error ? f.error.code : f.result
      await new Promise((r) => setTimeout(r, 5))
    }
    throw new Error(`${method} was not answered`)
  }

  async login(userID: string, account = 'demo'): Promise<this> {
    this.hello()
    await this.call('session.login', { account, password: MD5, nickName: userID, userID })
    return this
  }

  enter(id: number, password = ''): Promise<unknown> {
    return this.call('meetings.enter', {
      id,
      password,
      nickName: 'n',
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

  cut(code = 1006): void {
    this.#socket.closed(code)
  }

  /** A new socket that says what was seen. */
  resume(seen = this.seen): void {
    this.#socket = this.#connect()
    this.hello({ token: this.token, seen })
  }
}
