import { type ErrorCode, ProtocolError } from '@yuntang/protocol'
import type { Call, CallEnd, Line, Telephone } from '@yuntang/telephony'
import type { Clock } from '../../core/clock.ts'
import type { Log } from '../../core/log.ts'
import type { CallCommand } from '../calls/decide.ts'
import type { InvitedPhones } from '../calls/exchange.ts'
import type { PhoneStarts } from '../calls/handlers.ts'
import type { LiveCall } from '../calls/state.ts'
import { isCallable } from './number.ts'
import type { PhoneSeat, PhoneSeats } from './seats.ts'

/** A trunk that says nothing but that it tries counts as ringing after this. */
const TRYING_MS = 5_000
/** One that says nothing at all cannot be reached: who invited waits for an answer. */
const SILENT_MS = 12_000

export interface PhoneInvitesDeps {
  readonly clock: Clock
  readonly log: Log
  readonly telephone: Pick<Telephone, 'dial'>
  readonly seats: Pick<PhoneSeats, 'take'>
  /** Tells calls what the telephone did. */
  commit(account: string, command: CallCommand): void
}

interface Live {
  readonly account: string
  readonly invite: LiveCall
  readonly call: Call
  readonly ring: Ring
  seat: PhoneSeat | null
}

/** Whether a telephone could be rung at all; only the first word counts. */
interface Ring {
  readonly done: Promise<void>
  readonly hasFailed: boolean
  /** The trunk takes its time. */
  trying(): void
  rung(): void
  failed(error: ErrorCode): void
}

/** `silent`: nothing was heard at all; it has failed by then. */
const createRing = (clock: Clock, silent: () => void): Ring => {
  let state: 'trying' | 'rung' | 'failed' = 'trying'
  const { promise: done, resolve, reject } = deferred()
  const rung = () => {
    stop()
    if (state !== 'trying') return
    state = 'rung'
    resolve()
  }
  let stop = clock.schedule(SILENT_MS, () => {
    failed('phone.unreachable')
    silent()
  })
  const failed = (error: ErrorCode) => {
    stop()
    if (state !== 'trying') return
    state = 'failed'
    reject(new ProtocolError(error))
  }
  done.catch(() => {}) // nobody may wait for it
  return {
    done,
    get hasFailed() {
      return state === 'failed'
    },
    trying() {
      stop()
      if (state === 'trying') stop = clock.schedule(TRYING_MS, rung)
    },
    rung,
    failed,
  }
}

const deferred = () => {
  let resolve: () => void = () => {}
  let reject: (error: Error) => void = () => {}
  const promise = new Promise<void>((done, failed) => {
    resolve = done
    reject = failed
  })
  return { promise, resolve, reject }
}

/** Why nobody was rung, by what the call said (spec 03 §6.4). */
const notRung = (why: CallEnd, status: number): ErrorCode | null => {
  if (why === 'unreachable') return 'phone.unreachable'
  if (why === 'unauthorised') return 'phone.unauthorised'
  // Without a status it never left this server.
  if (why === 'busy' && status === 0) return 'phone.busy'
  if (why !== 'failed') return null
  return [404, 410, 484, 604].includes(status) ? 'call.no-user' : 'call.offline'
}

const ENDS = {
  refused: 'refused',
  busy: 'refused',
  noAnswer: 'unanswered',
  cancelled: 'unanswered',
  hungUp: 'hungUp',
  unreachable: 'unanswered',
  unauthorised: 'unanswered',
  failed: 'unanswered',
} as const satisfies Record<CallEnd, string>

/** Invites of telephones: calls them, seats them, and tells what they do (spec 03 §6.3, §6.4). */
export class PhoneInvites implements InvitedPhones, PhoneStarts {
  readonly #live = new Map<string, Live>()

  constructor(private readonly deps: PhoneInvitesDeps) {}

  canCall(called: string): boolean {
    return isCallable(called)
  }

  rung(callID: string): Promise<void> {
    return this.#live.get(callID)?.ring.done ?? Promise.resolve()
  }

  started(account: string, invite: LiveCall): void {
    const { clock, telephone } = this.deps
    const call = telephone.dial(invite.called)
    const ring = createRing(clock, () => this.#fail(account, invite.id))
    const live: Live = { account, invite, call, ring, seat: null }
    this.#live.set(invite.id, live)
    call.on('trying', () => ring.trying())
    call.on('ringing', () => ring.rung())
    call.on('answered', () => {
      ring.rung()
      this.#later(live, () => this.#answered(live))
    })
    call.on('ended', (why, status) => {
      const error = notRung(why, status)
      if (error) ring.failed(error)
      else ring.rung()
      this.#later(live, () => {
        if (ring.hasFailed) this.#fail(account, invite.id)
        else this.deps.commit(account, { type: 'phoneEnded', id: invite.id, end: ENDS[why] })
      })
    })
  }

  /** Nobody was rung: the answer to the invite says so. */
  #fail(account: string, id: string): void {
    this.deps.commit(account, { type: 'phoneEnded', id, end: null })
  }

  /** A line that lost its sound is of no use: its call ends. */
  soundLost(line: Line): void {
    for (const { call } of this.#live.values()) if (call.line === line) call.hangUp()
  }

  /** The request that began the invite is answered first; then who invited hears what came of it. */
  #later(live: Live, run: () => void): void {
    setImmediate(() => {
      if (this.#live.get(live.invite.id) === live) run()
    })
  }

  #answered(live: Live): void {
    const { account, invite, call } = live
    const { commit, clock } = this.deps
    commit(account, { type: 'phoneAnswered', id: invite.id, at: clock.now() })
    const end = () => commit(account, { type: 'phoneEnded', id: invite.id, end: 'hungUp' })
    const { line } = call
    if (!line || !invite.meeting) {
      end()
      return
    }
    const { called: userID } = invite
    this.deps.seats.take(invite.meeting.id, { userID, nickName: '', line, hangUp: end }).then(
      (seat) => {
        if (this.#live.get(invite.id) === live) live.seat = seat
        else seat.leave('left')
      },
      (err: unknown) => {
        this.deps.log.info({ err }, 'an answered telephone found no place in its meeting')
        if (this.#live.get(invite.id) === live) end()
      },
    )
  }

  ended(callID: string): void {
    const live = this.#live.get(callID)
    if (!live) return
    this.#live.delete(callID)
    live.ring.rung()
    live.seat?.leave('left')
    live.call.hangUp()
  }

  close(): void {
    for (const { call, ring } of this.#live.values()) {
      ring.rung()
      call.hangUp()
    }
    this.#live.clear()
  }
}
