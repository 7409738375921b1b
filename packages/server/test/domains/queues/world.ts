import { LIMITS, ProtocolError } from '@yuntang/protocol'
import { expect } from 'vitest'
import { type CallEnd, createActivity } from '../../../src/actor/activity.ts'
import type { Context } from '../../../src/actor/context.ts'
import { createFakeClock } from '../../../src/core/clock.ts'
import { silentLog } from '../../../src/core/log.ts'
import { Desks } from '../../../src/domains/queues/desks.ts'
import type { Command } from '../../../src/domains/queues/facts.ts'
import type { QueueDefinition } from '../../../src/domains/queues/model.ts'
import { queuingOf } from '../../../src/domains/queues/views.ts'

export const TIMES = {
  assign: LIMITS.assign,
  engage: LIMITS.engage,
  cooldown: LIMITS.cooldown,
  session: LIMITS.session,
}

export const queue = (id: number, over: Partial<QueueDefinition> = {}): QueueDefinition => ({
  id,
  name: `Queue ${id}`,
  desc: '',
  priority: 10,
  maxWaiting: 0,
  maxWaitMs: 0,
  agents: null,
  ...over,
})

type Own = Command extends infer C ? (C extends { now: number } ? Omit<C, 'now'> : C) : never

/** One account's service desk with pages that note what they are told, and calls that the test plays. */
export const createWorld = (...definitions: QueueDefinition[]) => {
  const clock = createFakeClock()
  const activity = createActivity(silentLog)
  const pages = new Map<string, Context>()
  const told: { to: string; event: string; data: unknown }[] = []
  const deferred: (() => void)[] = []
  const desks = new Desks({
    clock,
    log: { ...silentLog, error: ({ err }: { err: unknown }) => Promise.reject(err) } as never,
    times: TIMES,
    activity,
    find: (_account, userID) => pages.get(userID),
    defer: (run) => deferred.push(run),
  })
  const desk = desks.of('demo')
  for (const definition of definitions) desk.run({ type: 'define', definition })

  const settle = () => {
    for (let run = deferred.shift(); run; run = deferred.shift()) run()
  }
  const key = (userID: string) => ({ account: 'demo', userID })
  let calls = 0

  const world = {
    clock,
    desk,
    desks,
    settle,
    state: desk.state,
    /** `ok`, or the classic number of the error. */
    do(command: Own): 'ok' | number {
      try {
        desk.run({ ...command, now: clock.now() } as Command)
        settle()
        return 'ok'
      } catch (error) {
        if (error instanceof ProtocolError) return Number(ERROR_NUMBERS[error.code] ?? -1)
        throw error
      }
    },
    online(...users: string[]) {
      for (const userID of users) {
        const user = { ...key(userID), nickName: `Nick ${userID}`, proof: '' }
        const link = {
          alive: true,
          event: (event: string, data: unknown) => told.push({ to: userID, event, data }),
        }
        pages.set(userID, { user, link } as unknown as Context)
        activity.emit('online', key(userID))
        settle()
      }
    },
    offline(userID: string, how: 'logout' | 'lost' | 'replaced' = 'lost') {
      pages.delete(userID)
      activity.emit('offline', { ...key(userID), how })
      settle()
    },
    link(userID: string, alive: boolean) {
      activity.emit('link', { ...key(userID), alive })
      settle()
    },
    dnd(userID: string, dnd: number) {
      activity.emit('dnd', { ...key(userID), dnd })
      settle()
    },
    meeting(userID: string, meetingID: number | null) {
      activity.emit('meeting', { ...key(userID), meetingID })
      settle()
    },
    ring(caller: string, called: string, kind: 'call' | 'invite' = 'call') {
      const call = { account: 'demo', callID: `call-${calls++}`, kind, caller, called } as const
      activity.emit('call', { ...call, stage: 'ringing' })
      settle()
      return {
        ...call,
        accept() {
          activity.emit('call', { ...call, stage: 'accepted' })
          settle()
        },
        end(end: CallEnd, by?: string) {
          activity.emit('call', { ...call, stage: 'ended', end, ...(by && { by }) })
          settle()
        },
      }
    },
    pass(ms: number) {
      clock.advance(ms)
      settle()
    },
    join: (userID: string, id = 1, text = '') =>
      world.do({ type: 'join', userID, queue: id, text }),
    serve: (userID: string, id = 1) => world.do({ type: 'serve', userID, queue: id }),
    accept: (agent: string, customer: string, id = 1) =>
      world.do({ type: 'accept', userID: agent, queue: id, customer }),
    reject: (agent: string, customer: string, id = 1) =>
      world.do({ type: 'reject', userID: agent, queue: id, customer }),
    leave: (userID: string) => world.do({ type: 'leave', userID }),
    stop: (userID: string, id = 1) => world.do({ type: 'stopServing', userID, queue: id }),
    next: (userID: string) => world.do({ type: 'next', userID }),
    /** What these users were told since the last look, in short; numbers of queues left out. */
    look(...users: string[]): string[] {
      const seen = told.splice(0).filter((m) => users.length === 0 || users.includes(m.to))
      return seen.flatMap((m) => {
        const short = brief(m.event, m.data)
        return short === null ? [] : [`${m.to} ${short}`]
      })
    },
    raw: () => told.splice(0),
    place: (userID: string) => queuingOf(desk.state, userID, clock.now()),
    stage: (userID: string) => desk.state.customers.get(userID)?.stage ?? 'none',
    customerOf: (agent: string) => desk.state.users.get(agent)?.customer ?? null,
  }
  return world
}

export type World = ReturnType<typeof createWorld>

/** Users a to e are online, and a serves queue 1. */
export const startServing = (w: World): void => {
  w.online('a', 'b', 'c', 'd', 'e')
  expect(w.serve('a')).toBe('ok')
  w.look()
}

/** Besides, customer c was offered to a. */
export const offerCustomer = (w: World): void => {
  startServing(w)
  w.join('c')
  expect(w.look('a')).toEqual(['a offered c'])
}

const brief = (event: string, data: unknown): string | null => {
  const d = data as Record<string, unknown>
  switch (event) {
    case 'queues.queuing':
      return Number(d.queue) < 0 ? `place ${d.queue}` : `place ${d.queue}:${d.position}`
    case 'queues.offered':
      return `offered ${d.userID}`
    case 'queues.withdrawn':
      return `withdrawn ${d.userID}`
    case 'queues.deleted':
      return `deleted ${d.queue}`
    default:
      return null
  }
}

const ERROR_NUMBERS: Partial<Record<string, number>> = {
  'queue.unknown': 400,
  'queue.nobody': 401,
  'queue.gone': 402,
  'queue.not-serving': 403,
  'queue.elsewhere': 404,
  'queue.busy': 601,
  'queue.full': 802,
}
