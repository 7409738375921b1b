import { LIMITS, type Queuing as WireQueuing } from '@yuntang/protocol'
import type { Calls, QueueInfo, QueueStatus, Queues, QueuesEvents, Queuing } from '../api.ts'
import type { Inbox } from '../client/inbox.ts'
import type { Login } from '../client/login.ts'
import { createEmitter } from '../emitter.ts'
import { YuntangError } from '../errors.ts'

/** The client's queues, with what their owner does to them. */
export interface OwnedQueues extends Queues {
  /** The login is over; definitions stay until the next one (spec 02 §4). */
  reset(): void
  clear(): void
}

const NOT_QUEUING: WireQueuing = { queue: -1, position: 0, waited: 0 }

interface Assigned {
  readonly queue: number
  readonly userID: string
  readonly name: string
}

const isQueue = (id: number) => Number.isSafeInteger(id) && id >= 0

export interface QueuesDeps {
  readonly login: Login
  readonly inbox: Inbox
  readonly calls: Calls
  /** Milliseconds, never going back. */
  now(): number
}

export const createQueues = ({ login, inbox, calls, now }: QueuesDeps): OwnedQueues => {
  const events = createEmitter<QueuesEvents>()
  const statuses = new Map<number, QueueStatus>()
  let loaded = false
  let list: readonly QueueInfo[] = []
  let place = { ...NOT_QUEUING, at: 0 }
  let serving: readonly number[] = []
  /** Since when the call goes on; may lie before this page was loaded. */
  let talk: { readonly callID: string; readonly since: number } | null = null
  /** The customer that this page believes to have, offered or accepted. */
  let assigned: Assigned | null = null

  const setPlace = (queuing: WireQueuing) => {
    place = { ...queuing, at: now() }
  }
  const setStatus = (status: QueueStatus) => {
    if (loaded) statuses.set(status.queue, status)
  }
  const queuing = (): Queuing => {
    if (!loaded) return { ...NOT_QUEUING }
    const { at, queue, position, waited } = place
    // In any accepted call, queue or not (spec 05 §3).
    if (queue === -1 && calls.current?.state === 'accepted')
      return { queue: -2, position: 0, waited: 0 }
    return { queue, position, waited: queue >= 0 ? waited + now() - at : waited }
  }
  /** Without a login first, then what the server would refuse anyway. */
  const check = (fits: boolean) => {
    if (!login.current) throw new YuntangError('login.required')
    if (!fits) throw new YuntangError('param.invalid')
  }

  inbox.on('queues.status', (status) => {
    setStatus(status)
    events.emit('status', status)
  })
  inbox.on('queues.queuing', (data) => {
    setPlace(data)
    events.emit('queuing', { ...data })
  })
  inbox.on('queues.offered', (offer) => {
    assigned = offer
    events.emit('offered', offer)
  })
  inbox.on('queues.withdrawn', (offer) => {
    assigned = null
    events.emit('withdrawn', offer)
  })
  inbox.on('queues.deleted', ({ queue }) => {
    serving = serving.filter((id) => id !== queue)
    list = list.filter(({ id }) => id !== queue)
    statuses.delete(queue)
    events.emit('deleted', { queue })
  })

  calls.on('incoming', ({ call }) =>
    call.on('accepted', () => {
      talk = { callID: call.id, since: now() }
    }),
  )
  calls.on('accepted', ({ callID }) => {
    talk = { callID, since: now() }
    calls.current?.on('ended', () => {
      assigned = null
    })
  })
  calls.on('rejected', () => {
    assigned = null
  })

  const load = async (signal?: AbortSignal) => {
    const all = await login.send('queues.init', {}, signal)
    loaded = true
    list = all.queues
    statuses.clear()
    for (const status of all.statuses) setStatus(status)
    setPlace(all.queuing)
    serving = all.serving
    await calls.resume({ ...(signal && { signal }) })
    const { callID, talking } = all.session ?? {}
    if (callID !== undefined && talking !== undefined) talk = { callID, since: now() - talking }
    return all.assigned ?? null
  }
  const serve = async (queue: number, signal?: AbortSignal) => {
    const answer = await login.send('queues.serve', { queue }, signal)
    serving = answer.serving
    setStatus(answer.status)
  }

  /** Events were missed, or the server was restarted: what it knows now counts; services go on. */
  const reload = async () => {
    const [placeBefore, servedBefore, assignedBefore] = [place, serving, assigned]
    const assignedNow = await load()
    if (place.queue !== placeBefore.queue || place.position !== placeBefore.position)
      events.emit('queuing', queuing())
    if (assignedBefore && assignedNow?.userID !== assignedBefore.userID) {
      assigned = null
      events.emit('withdrawn', {
        queue: assignedBefore.queue,
        userID: assignedBefore.userID,
      })
    }
    for (const queue of servedBefore) if (!serving.includes(queue)) await serve(queue)
  }
  inbox.on('session.resync', () => {
    // What cannot be asked for now fails with the link, and then everybody is told.
    if (loaded && login.current) reload().catch(() => {})
  })

  return {
    on: events.on,
    once: events.once,
    get list() {
      return [...list]
    },
    get queuing() {
      return queuing()
    },
    get serving() {
      return loaded ? [...serving] : []
    },
    get session() {
      const call = calls.current
      if (!call) return null
      const { id: callID, peerID, meeting } = call
      const accepted = call.state === 'accepted'
      return {
        callID,
        peerID,
        peerName: call.peerName || (assigned?.userID === peerID ? assigned.name : ''),
        accepted,
        meetingID: meeting.id,
        meetingPassword: meeting.password,
        talking: accepted && talk?.callID === callID ? now() - talk.since : 0,
      }
    },
    status: (queue) => statuses.get(queue) ?? null,
    async init(cancel = {}) {
      const { userID, queue } = (await load(cancel.signal)) ?? {}
      if (userID === undefined || queue === undefined) assigned = null
      else if (assigned?.userID !== userID) assigned = { userID, queue, name: '' }
    },
    async refresh(cancel = {}) {
      const { statuses: all } = await login.send('queues.statuses', {}, cancel.signal)
      for (const status of all) {
        setStatus(status)
        events.emit('status', status)
      }
    },
    async join({ queue, text = '' }, cancel = {}) {
      const bytes = new TextEncoder().encode(text).length
      check(isQueue(queue) && bytes <= LIMITS.freeTextBytes)
      const answer = await login.send('queues.join', { queue, text }, cancel.signal)
      setPlace(answer.queuing)
      setStatus(answer.status)
    },
    async leave(cancel = {}) {
      const answer = await login.send('queues.leave', {}, cancel.signal)
      setPlace(answer.queuing)
    },
    async serve(queue, cancel = {}) {
      check(isQueue(queue))
      await serve(queue, cancel.signal)
    },
    async stopServing(queue, cancel = {}) {
      check(isQueue(queue))
      const answer = await login.send('queues.stopServing', { queue }, cancel.signal)
      serving = answer.serving
      setStatus(answer.status)
    },
    async next(cancel = {}) {
      const offer = await login.send('queues.next', {}, cancel.signal)
      assigned = offer
      return offer
    },
    async accept({ queue, userID }, cancel = {}) {
      check(isQueue(queue) && userID !== '')
      return await login.send('queues.accept', { queue, userID }, cancel.signal)
    },
    async reject({ queue, userID }, cancel = {}) {
      check(isQueue(queue) && userID !== '')
      await login.send('queues.reject', { queue, userID }, cancel.signal)
      if (assigned?.userID === userID) assigned = null
    },
    reset() {
      loaded = false
      place = { ...NOT_QUEUING, at: 0 }
      serving = []
      talk = null
      assigned = null
    },
    clear: events.clear,
  }
}
