import { randomUUID } from 'node:crypto'
import { LIMITS, parseServerFrame } from '@yuntang/protocol'
import { type App, type AppDeps, createApp } from '@yuntang/server'

const QUEUES = 20
const AGENTS = 1000
const CUSTOMERS = 10_000
const PER_SECOND = 200
const SECONDS = 10
const TURN_MS = 10
/** Every page acknowledges within this many turns, which also says that it is alive. */
const ACK_TURNS = 500
const LOGINS_AT_ONCE = 200

const definitions = Array.from({ length: QUEUES }, (_, i) => ({
  id: i + 1,
  account: 'demo',
  name: `Queue ${i + 1}`,
  desc: '',
  priority: 1 + (i % 3),
  maxWaiting: 0,
  maxWaitMs: 0,
  agents: null,
  createdAt: 0,
  updatedAt: 0,
}))

/** The real server between its sockets and its storage; nothing is kept on disk. */
const startApp = (): Promise<App> => {
  const silent = () => {}
  const deps = {
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
    },
    version: 'bench',
    clock: {
      now: () => Date.now(),
      schedule(ms: number, run: () => void) {
        const timer = setTimeout(run, ms)
        return () => clearTimeout(timer)
      },
    },
    ids: { token: randomUUID, uuid: randomUUID },
    log: { error: console.error, warn: silent, info: silent, debug: silent },
    storage: {
      queues: { all: async () => definitions },
      sessions: { all: async () => [], save: async () => {} },
      meetings: { all: async () => [] },
      users: { remember: async () => {} },
      im: { lasts: async () => new Map() },
      pages: { all: async () => new Map() },
      boards: { meetings: async () => [] },
      netFiles: { removeStale: async () => [], known: async () => new Set() },
      records: { removeStale: async () => [], known: async () => new Set() },
    },
    blobs: { ids: async () => [] },
    authenticator: { authenticate: async () => {} },
    engine: { on: () => silent },
  }
  return createApp(deps as unknown as AppDeps)
}

/** A page without a browser on an in-process socket: it speaks the real protocol, text for text. */
class Bot {
  #id = 0
  #seen = 0
  readonly #session: ReturnType<App['gateway']['accept']>
  readonly #answers = new Map<number, () => void>()
  onOffered: (offer: { queue: number; userID: string }) => void = () => {}
  received = 0

  constructor(
    app: App,
    readonly userID: string,
  ) {
    const socket = {
      sendBinary: () => {},
      send: (text: string) => this.#receive(text),
      close: () => {},
      bufferedAmount: 0,
    }
    this.#session = app.gateway.accept(socket, { base: 'http://bench', address: '127.0.0.1' })
    const instance = `bench-${userID}`
    this.#send({ protocol: LIMITS.protocolVersion, sdk: 'bench', instance }, 'session.hello')
  }

  login(): Promise<void> {
    const { userID } = this
    const password = '0'.repeat(32)
    return this.request('session.login', { account: 'demo', password, nickName: userID, userID })
  }

  #send(params: object, method: string): number {
    this.#id += 1
    this.#session.message(JSON.stringify({ id: this.#id, method, params }))
    return this.#id
  }

  request(method: string, params: object): Promise<void> {
    return new Promise((resolve) => {
      this.#answers.set(this.#id + 1, resolve)
      this.#send(params, method)
    })
  }

  acknowledge(): void {
    this.#session.message(`{"ack":${this.#seen}}`)
  }

  #receive(text: string): void {
    this.received += 1
    const frame = parseServerFrame(text)
    if (!frame || !('seq' in frame)) return
    this.#seen = frame.seq
    if ('id' in frame) {
      if (frame.error) throw new Error(`${this.userID}: ${frame.error.message}`)
      this.#answers.get(frame.id)?.()
      this.#answers.delete(frame.id)
    } else if (frame.event === 'queues.offered') this.onOffered(frame.data as never)
  }
}

const inTurns = async (bots: readonly Bot[], run: (bot: Bot, i: number) => Promise<unknown>) => {
  for (let i = 0; i < bots.length; i += LOGINS_AT_ONCE)
    await Promise.all(bots.slice(i, i + LOGINS_AT_ONCE).map((bot, n) => run(bot, i + n)))
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const percentile = (values: readonly number[], part: number) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * part)] ?? Number.NaN

/**
 * Assignments a second with many people waiting. One assignment: an agent accepts its offer, the customer
 * leaves and waits again at the end, and the server offers that agent the next one. Bots and server share
 * one process and one core, so the figure for the processor is that of both.
 */
export const queuesBench = async (print: (line: string) => void): Promise<void> => {
  const app = await startApp()
  const bots = (name: string, n: number) =>
    Array.from({ length: n }, (_, i) => new Bot(app, `${name}${i}`))
  const customers = bots('c', CUSTOMERS)
  const agents = bots('a', AGENTS)
  const everybody = [...customers, ...agents]
  const home = new Map(customers.map((bot, i) => [bot.userID, { bot, queue: 1 + (i % QUEUES) }]))
  const offers: { agent: Bot; queue: number; userID: string }[] = []
  const freed = new Map<Bot, number>()
  const waits: number[] = []
  for (const agent of agents)
    agent.onOffered = (offer) => {
      offers.push({ agent, ...offer })
      const since = freed.get(agent)
      if (since !== undefined) waits.push(performance.now() - since)
      freed.delete(agent)
    }

  await inTurns(everybody, (bot) => bot.login())
  await inTurns(customers, (bot, i) =>
    bot.request('queues.join', { queue: 1 + (i % QUEUES), text: '' }),
  )
  await inTurns(agents, async (bot, i) => {
    for (const at of [0, 7]) {
      const queue = 1 + ((i + at) % QUEUES)
      await bot.request('queues.serve', { queue })
    }
  })
  for (const bot of everybody) bot.acknowledge()
  await pause(2000)

  const messages = () => everybody.reduce((sum, bot) => sum + bot.received, 0)
  const [received, cpu, start] = [messages(), process.cpuUsage(), performance.now()]
  let [done, turn, missing] = [0, 0, 0]
  for (let now = start; now - start < SECONDS * 1000; now = performance.now()) {
    const due = Math.floor(((now - start) / 1000) * PER_SECOND)
    while (done < due) {
      const offer = offers.shift()
      const customer = offer && home.get(offer.userID)
      if (!offer || !customer) {
        missing += 1
        break
      }
      done += 1
      freed.set(offer.agent, performance.now())
      void offer.agent.request('queues.accept', { queue: offer.queue, userID: offer.userID })
      void customer.bot.request('queues.leave', {})
      void customer.bot.request('queues.join', { queue: customer.queue, text: '' })
    }
    turn += 1
    for (let i = turn % ACK_TURNS; i < everybody.length; i += ACK_TURNS) everybody[i]?.acknowledge()
    await pause(TURN_MS)
  }
  const seconds = (performance.now() - start) / 1000
  const used = process.cpuUsage(cpu)
  const core = (used.user + used.system) / 1e6 / seconds
  print(
    `queues: ${(done / seconds).toFixed(0)} assignments/s (wanted ${PER_SECOND}, ran dry ${missing} times), ` +
      `${AGENTS} agents, ${CUSTOMERS} waiting customers, ${QUEUES} queues, in-process sockets; ` +
      `next offer after ${percentile(waits, 0.5).toFixed(1)} ms, p99 ${percentile(waits, 0.99).toFixed(1)} ms; ` +
      `${((messages() - received) / seconds).toFixed(0)} messages/s; ` +
      `${core.toFixed(2)} cores for server and bots`,
  )
  await app.close()
}
