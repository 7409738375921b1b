import { type CallMeeting, LIMITS, ProtocolError } from '@yuntang/protocol'
import type { Activity, UserKey } from '../../actor/activity.ts'
import type { Context } from '../../actor/context.ts'
import type { Calls, CurrentCall } from '../../actor/engagements.ts'
import type { Clock } from '../../core/clock.ts'
import { activityOf, type Notice, noticesOf } from './announce.ts'
import { type CallCommand, decide } from './decide.ts'
import { Losses } from './losses.ts'
import {
  apply,
  type CallFact,
  type CallMeetingState,
  type CallsState,
  callOf,
  type LiveCall,
  noCalls,
} from './state.ts'
import { Timers } from './timers.ts'

export interface ExchangeDeps {
  readonly clock: Clock
  readonly activity: Activity
  /** T_SESSION */
  readonly sessionMs: number
  readonly directory: { find(account: string, userID: string): Context | undefined }
  readonly rooms: { size(meetingID: number): number }
  /** Null: there is no telephone. */
  readonly phones: InvitedPhones | null
}

/** What becomes of invites to telephones; called inside the turn, so it must not act on calls. */
export interface InvitedPhones {
  started(account: string, call: LiveCall): void
  ended(callID: string): void
}

/**
 * All calls of this server: the only owner of their state. A turn decides, applies and announces
 * without a pause, so that everybody's operations happen in one order.
 */
export class Exchange implements Calls {
  readonly #accounts = new Map<string, CallsState>()
  readonly #timers: Timers
  readonly #losses: Losses
  readonly #off: (() => void)[]

  constructor(private readonly deps: ExchangeDeps) {
    const { activity, clock } = deps
    this.#timers = new Timers(clock)
    this.#losses = new Losses(clock)
    this.#off = [
      activity.on('link', (link) => this.#losses.link(link, this.engaged(link))),
      activity.on('offline', ({ account, userID, how }) =>
        this.#turn(account, { type: 'offline', userID, how }),
      ),
      activity.on('online', (user) => this.#cameOnline(user)),
    ]
  }

  /** Throws the command's error, and then nothing has changed. */
  commit(account: string, command: CallCommand): void {
    const decision = decide(this.#state(account), command)
    if ('error' in decision) throw new ProtocolError(decision.error)
    for (const fact of decision.facts) this.#happen(account, fact)
  }

  /** A command that cannot be refused. */
  #turn(account: string, command: CallCommand): void {
    if (this.#accounts.has(account)) this.commit(account, command)
  }

  #state(account: string): CallsState {
    return this.#accounts.get(account) ?? noCalls
  }

  #happen(account: string, fact: CallFact): void {
    const before = this.#state(account)
    const after = apply(before, fact)
    if (after.live.size || after.ended.size) this.#accounts.set(account, after)
    else this.#accounts.delete(account)
    this.#setTimers(account, fact)
    for (const notice of noticesOf(before, fact)) this.#tell(account, notice)
    this.#tellPhones(account, before, fact)
    const told = activityOf(account, before, fact)
    if (told) this.deps.activity.emit('call', told)
  }

  #tellPhones(account: string, before: CallsState, fact: CallFact): void {
    const { phones } = this.deps
    if (fact.type === 'started' && fact.call.phone) phones?.started(account, fact.call)
    else if (fact.type === 'ended' && before.live.get(fact.id)?.phone) phones?.ended(fact.id)
  }

  #setTimers(account: string, fact: CallFact): void {
    const later = (name: string, ms: number, command: CallCommand) =>
      this.#timers.set(`${account}\n${name}`, ms, () => this.#turn(account, command))
    const stop = (name: string) => this.#timers.stop(`${account}\n${name}`)
    if (fact.type === 'started') {
      const { id, phone } = fact.call
      later(id, phone ? LIMITS.phoneRing : LIMITS.ring, { type: 'ringOver', id })
    } else if (fact.type === 'accepted') stop(fact.id)
    else if (fact.type === 'ended')
      later(fact.id, LIMITS.callTombstone, { type: 'forget', id: fact.id })
    else if (fact.type === 'gone') {
      const { id, userID } = fact
      const since = this.#losses.take({ account, userID })
      const left = since + this.deps.sessionMs - this.deps.clock.now()
      later(`${id}\n${userID}`, left, { type: 'sessionOver', id, userID })
    } else if (fact.type === 'back') stop(`${fact.id}\n${fact.userID}`)
  }

  #cameOnline(user: UserKey): void {
    const { account, userID } = user
    this.#losses.forget(user)
    this.#turn(account, { type: 'online', userID })
    const call = callOf(this.#state(account), userID)
    const ctx = this.deps.directory.find(account, userID)
    if (call?.stage !== 'ringing' || call.called !== userID || !ctx) return
    // The page learns of its login first: the answer leaves in this task, the call in a later one.
    this.#timers.set(`${account}\n${call.id}\nagain`, 0, () => {
      const now = callOf(this.#state(account), userID)
      if (now?.id !== call.id || now.stage !== 'ringing') return
      if (this.deps.directory.find(account, userID) !== ctx) return
      this.#tell(account, { to: userID, event: 'calls.incoming', call: now })
    })
  }

  #tell(account: string, notice: Notice): void {
    const ctx = this.deps.directory.find(account, notice.to)
    if (!ctx) return
    const { link } = ctx
    if (notice.event === 'calls.incoming') {
      const { id: callID, caller: callerID, callerName, family, ext } = notice.call
      const kind = family ? 'invite' : 'call'
      const meeting = this.#describe(ctx, notice.call.meeting)
      link.event('calls.incoming', { callID, kind, callerID, callerName, meeting, ext })
    } else if (notice.event === 'calls.accepted') {
      const meeting = this.#describe(ctx, notice.call.meeting)
      link.event('calls.accepted', { callID: notice.call.id, meeting, ext: notice.ext })
    } else if (notice.event === 'calls.inviteStatus') {
      const { callID, family, status } = notice
      link.event('calls.inviteStatus', { callID, family, status })
    } else {
      const { event, callID, end, ext } = notice
      link.event(event, { callID, end, ext })
    }
  }

  #describe({ link }: Context, m: CallMeetingState | null): CallMeeting {
    if (!m) return { id: 0, password: '', subject: '', url: '', creator: '', memberCount: 0 }
    const { id, password, subject, creator, extra } = m
    const url = `${link.base}/m/${m.slug}`
    const memberCount = this.deps.rooms.size(id)
    return { id, password, subject, url, creator, memberCount, ...(extra && { extra }) }
  }

  /** The meeting is over: so are its calls and invites. */
  meetingEnded(meetingID: number): void {
    for (const account of [...this.#accounts.keys()])
      this.#turn(account, { type: 'meetingEnded', meetingID })
  }

  /** The call as its user's page is told of it. */
  describe(ctx: Context, user: UserKey) {
    const call = callOf(this.#state(user.account), user.userID)
    if (!call) return null
    const out = call.caller === user.userID
    return {
      callID: call.id,
      kind: call.family ? ('invite' as const) : ('call' as const),
      direction: out ? ('out' as const) : ('in' as const),
      peerID: out ? call.called : call.caller,
      peerName: out ? call.calledName : call.callerName,
      accepted: call.stage === 'accepted',
      meeting: this.#describe(ctx, call.meeting),
    }
  }

  #callOf({ account, userID }: UserKey): LiveCall | undefined {
    return callOf(this.#state(account), userID)
  }

  engaged(user: UserKey): boolean {
    return this.#callOf(user) !== undefined
  }

  current(user: UserKey): CurrentCall | null {
    const call = this.#callOf(user)
    if (!call) return null
    const out = call.caller === user.userID
    return {
      callID: call.id,
      peerID: out ? call.called : call.caller,
      peerName: out ? call.calledName : call.callerName,
      accepted: call.stage === 'accepted',
      meetingID: call.meeting?.id ?? 0,
      meetingPassword: call.meeting?.password ?? '',
      acceptedAt: call.stage === 'accepted' ? call.acceptedAt : null,
    }
  }

  /** Forgets everything; nobody is told. Idempotent. */
  close(): void {
    for (const off of this.#off.splice(0)) off()
    this.#timers.close()
    this.#accounts.clear()
  }
}
