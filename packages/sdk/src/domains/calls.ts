import { LIMITS } from '@yuntang/protocol'
import type { CallEnd, Calls, CallsEvents, InviteFamily } from '../api.ts'
import type { Inbox } from '../client/inbox.ts'
import type { Login } from '../client/login.ts'
import { createEmitter } from '../emitter.ts'
import { YuntangError } from '../errors.ts'
import { meetingFromWire, meetingToWire, NO_MEETING } from './call-meeting.ts'
import { createCall, type OwnedCall } from './own-call.ts'

/** The client's calls, with what its owner does to them. */
export interface OwnedCalls extends Calls {
  /** The server is another run of itself: it knows no invite, and this page's own are over. */
  restarted(): void
  /** The login is over: so are this page's calls. */
  reset(): void
  clear(): void
}

const newID = () =>
  Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) =>
    n.toString(16).padStart(8, '0'),
  ).join('')

/** Ends that this page was told of; hanging such a call up is an error (spec 03 §4.3, races). */
const TOLD = 100

export const createCalls = (login: Login, inbox: Inbox): OwnedCalls => {
  const events = createEmitter<CallsEvents>()
  const told = new Set<string>()
  let current: OwnedCall | null = null

  const ended = (callID: string, reason: CallEnd, text: string) => {
    told.add(callID)
    for (const oldest of told) if (told.size > TOLD) told.delete(oldest)
    const call = current?.id === callID ? current : null
    if (call) current = null
    call?.setEnded(reason, text)
  }

  /** Errors in order: no login, then what the server would refuse (spec 03 §4.2). */
  const check = (text: string) => {
    if (!login.current) throw new YuntangError('login.required')
    if (new TextEncoder().encode(text).length > LIMITS.freeTextBytes)
      throw new YuntangError('param.invalid')
  }
  const checkID = (callID: string) => {
    if (!callID || callID.length > 64 || told.has(callID)) throw new YuntangError('call.unknown')
  }

  inbox.on('calls.incoming', (p) => {
    const { callID: id, kind, callerID: peerID, callerName: peerName, ext: text } = p
    const meeting = meetingFromWire(p.meeting)
    const facts = { id, kind, direction: 'in', peerID, peerName, text, meeting } as const
    current = createCall({ ...facts, accepted: false }, calls)
    events.emit('incoming', { call: current })
  })
  inbox.on('calls.accepted', ({ callID, meeting: wire, ext: text }) => {
    const meeting = meetingFromWire(wire)
    if (current?.id === callID) current.setAccepted(meeting, text)
    events.emit('accepted', { callID, meeting, text })
  })
  inbox.on('calls.rejected', ({ callID, end: reason, ext: text }) => {
    ended(callID, reason, text)
    events.emit('rejected', { callID, reason, text })
  })
  inbox.on('calls.hungUp', ({ callID, end: reason, ext: text }) => {
    ended(callID, reason, text)
    events.emit('hungUp', { callID, reason, text })
  })
  /** Own invites that are ringing or connected. */
  const invites = new Map<string, { family: InviteFamily; connected: boolean }>()
  inbox.on('calls.inviteStatus', ({ callID: inviteID, family, status }) => {
    if (status === 1) invites.set(inviteID, { family, connected: true })
    else invites.delete(inviteID)
    events.emit('invite', { inviteID, family, status })
  })

  /** A server that began anew knows no calls: what this page holds is over. */
  const resync = async () => {
    if (!current) return
    const { calls: found } = await login.send('calls.current', {})
    const call = current
    if (!call || found[0]?.callID === call.id) return
    const event = call.direction === 'out' && call.state === 'ringing' ? 'rejected' : 'hungUp'
    ended(call.id, 'lost', '')
    events.emit(event, { callID: call.id, reason: 'lost', text: '' })
  }
  // A link that fails again resyncs again.
  inbox.on('session.resync', () => void resync().catch(() => {}))

  const calls: OwnedCalls = {
    on: events.on,
    once: events.once,
    get current() {
      return current
    },
    async start({ userID, meeting = { id: 0 }, text = '', id = newID() }, cancel = {}) {
      check(text)
      const params = { callID: id, called: userID, meeting: meetingToWire(meeting), ext: text }
      await login.send('calls.call', params, cancel.signal)
      const known = { ...NO_MEETING, ...params.meeting, extra: meeting.extra ?? {} }
      const call = createCall(
        {
          id,
          kind: 'call',
          direction: 'out',
          peerID: userID,
          peerName: '',
          text,
          meeting: known,
          accepted: false,
        },
        calls,
      )
      current = call
      return call
    },
    async resume(cancel = {}) {
      const { calls: found } = await login.send('calls.current', {}, cancel.signal)
      const kept = found[0]
      if (!kept || kept.callID === current?.id) return kept ? current : null
      const { callID: id, kind, direction, peerID, peerName, accepted } = kept
      const meeting = meetingFromWire(kept.meeting)
      const facts = { id, kind, direction, peerID, peerName, accepted, meeting, text: '' }
      current = createCall(facts, calls)
      return current
    },
    async accept(callID, { meeting = { id: 0 }, text = '' } = {}, cancel = {}) {
      check(text)
      checkID(callID)
      const params = { callID, meeting: meetingToWire(meeting), ext: text }
      await login.send('calls.accept', params, cancel.signal)
      if (current?.id !== callID) return
      const given = { ...NO_MEETING, ...params.meeting, extra: meeting.extra ?? {} }
      current.setAccepted(meeting.id ? given : current.meeting, text)
    },
    async reject(callID, { text = '' } = {}, cancel = {}) {
      check(text)
      checkID(callID)
      await login.send('calls.reject', { callID, ext: text }, cancel.signal)
      ended(callID, 'refused', text)
    },
    async hangUp(callID, { text = '' } = {}, cancel = {}) {
      check(text)
      checkID(callID)
      const own = current?.id === callID ? current : null
      const reason = own?.state !== 'ringing' ? 'hungUp' : endWhileRinging(own)
      await login.send('calls.hangUp', { callID, ext: text }, cancel.signal)
      ended(callID, reason, text)
    },
    async invite(options, cancel = {}) {
      const { userID, meeting, text = '', id = newID(), family = 'callMoreParty' } = options
      check(text)
      const params = { callID: id, called: userID, meeting: meetingToWire(meeting), ext: text }
      await login.send('calls.invite', { ...params, family }, cancel.signal)
      if (!invites.has(id)) invites.set(id, { family, connected: false })
      return id
    },
    async cancelInvite(id, { text = '', family = 'callMoreParty' } = {}, cancel = {}) {
      check(text)
      checkID(id)
      await login.send('calls.cancelInvite', { callID: id, family, ext: text }, cancel.signal)
      invites.delete(id)
    },
    restarted() {
      for (const [inviteID, { family, connected }] of [...invites]) {
        invites.delete(inviteID)
        events.emit('invite', { inviteID, family, status: connected ? 4 : 3 })
      }
    },
    reset() {
      const call = current
      current = null
      invites.clear()
      told.clear()
      call?.setEnded('lost', '')
    },
    clear: events.clear,
  }
  return calls
}

const endWhileRinging = (call: OwnedCall): CallEnd =>
  call.direction === 'out' ? 'cancelled' : 'refused'
