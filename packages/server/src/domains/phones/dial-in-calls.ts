import { ProtocolError } from '@yuntang/protocol'
import type { IncomingCall, Line } from '@yuntang/telephony'
import type { Attempts } from '../../accounts/attempts.ts'
import type { Clock } from '../../core/clock.ts'
import type { Ids } from '../../core/ids.ts'
import type { Log } from '../../core/log.ts'
import { isSameSecret } from '../../core/same-secret.ts'
import type { MeetingRecord, MeetingStore, UserStore } from '../../storage/port.ts'
import {
  type Checked,
  DIALLED,
  type DialInAct,
  type DialInEvent,
  type DialInState,
  stepDialIn,
  waitOf,
} from './dial-in.ts'
import { callerID } from './number.ts'
import type { Prompt, Prompts } from './prompts.ts'
import type { PhoneSeat, PhoneSeats } from './seats.ts'

export interface DialInDeps {
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly prompts: Prompts
  readonly meetings: Pick<MeetingStore, 'find'>
  readonly users: Pick<UserStore, 'find'>
  readonly directory: { find(account: string, userID: string): unknown }
  readonly seats: Pick<PhoneSeats, 'take'>
  /** Wrong meeting numbers and passwords; the same count as for entering. */
  readonly guesses: Attempts
}

interface Caller {
  readonly call: IncomingCall
  state: DialInState
  seat: PhoneSeat | null
  /** When all that it was told is said, milliseconds since 1970. */
  saidAt: number
  /** Cancels its wait. */
  stop: () => void
}

/** Caller IDs are easily forged: all telephones together have what one address has. */
const GUESSER = 'telephones'
const SAMPLES_PER_MS = 48

/** Everybody who calls one of the trunk's numbers: asked for a meeting and brought there. */
export class DialIn {
  readonly #callers = new Set<Caller>()

  constructor(private readonly deps: DialInDeps) {}

  take(call: IncomingCall): void {
    const caller: Caller = { call, state: DIALLED, seat: null, saidAt: 0, stop: () => {} }
    this.#callers.add(caller)
    call.on('answered', () => this.#feed(caller, { type: 'answered' }))
    call.on('digit', (digit) => this.#feed(caller, { type: 'digit', digit }))
    call.on('ended', () => this.#gone(caller))
    call.answer()
  }

  #gone(caller: Caller): void {
    if (!this.#callers.delete(caller)) return
    caller.stop()
    caller.state = { at: 'over' }
    caller.seat?.leave('left')
  }

  #feed(caller: Caller, event: DialInEvent): void {
    if (!this.#callers.has(caller)) return
    const { state, acts } = stepDialIn(caller.state, event)
    caller.state = state
    for (const act of acts) this.#act(caller, act)
    if (state.at === 'over') return
    caller.stop()
    const wait = waitOf(state)
    if (wait !== null) this.#after(caller, wait, () => this.#feed(caller, { type: 'quiet' }))
  }

  /** `ms` after all is said. */
  #after(caller: Caller, ms: number, run: () => void): void {
    const { clock } = this.deps
    const now = clock.now()
    caller.stop = clock.schedule(Math.max(caller.saidAt, now) - now + ms, run)
  }

  #act(caller: Caller, act: DialInAct): void {
    if (act.do === 'say') this.#say(caller, act.prompts)
    else if (act.do === 'hush') {
      caller.call.line?.hush()
      caller.saidAt = 0
    } else if (act.do === 'check') this.#check(caller, act.meeting, act.password)
    else if (act.do === 'toggle') this.#feed(caller, { type: 'muted', now: this.#toggle(caller) })
    else {
      caller.stop()
      this.#after(caller, 0, () => caller.call.hangUp())
    }
  }

  #say(caller: Caller, prompts: readonly Prompt[]): void {
    const { clock } = this.deps
    for (const prompt of prompts) {
      const speech = this.deps.prompts[prompt]
      caller.call.line?.say(speech)
      caller.saidAt = Math.max(caller.saidAt, clock.now()) + speech.length / SAMPLES_PER_MS
    }
  }

  #toggle({ seat }: Caller): 'muted' | 'unmuted' | 'listening' {
    if (!seat) return 'muted'
    const isOpen = seat.room.member(seat.userID)?.audio === 3
    if (isOpen) {
      seat.speak(false)
      return 'muted'
    }
    return seat.speak(true) ? 'unmuted' : 'listening'
  }

  #check(caller: Caller, meeting: number, password: string | null): void {
    this.#enter(caller, meeting, password)
      .catch((error: unknown): Checked => {
        if (error instanceof ProtocolError && error.code === 'meeting.full') return 'full'
        if (error instanceof ProtocolError && error.code === 'meeting.unknown') return 'wrong'
        this.deps.log.warn({ err: error }, 'who dialled in found no way into the meeting')
        return 'failed'
      })
      .then((result) => this.#feed(caller, { type: 'checked', result }))
  }

  async #enter(caller: Caller, id: number, password: string | null): Promise<Checked> {
    const found = await this.#find(id, password)
    return typeof found === 'string' ? found : await this.#sit(caller, found)
  }

  async #find(
    id: number,
    password: string | null,
  ): Promise<MeetingRecord | 'throttled' | 'wrong' | 'protected'> {
    const end = await this.deps.guesses.begin(GUESSER)
    if (!end) return 'throttled'
    let failed = false
    try {
      const meeting = await this.deps.meetings.find(id)
      failed = !meeting || (password !== null && !isSameSecret(meeting.password, password))
      if (!meeting || failed) return 'wrong'
      return password === null && meeting.password !== '' ? 'protected' : meeting
    } finally {
      end(failed)
    }
  }

  async #sit(caller: Caller, meeting: MeetingRecord): Promise<Checked> {
    const { call } = caller
    const userID = await this.#userID(call.peer, meeting)
    const { line } = call
    if (!line || !this.#callers.has(caller)) return 'failed'
    let isOver = false
    const unseat = (why: 'ended' | 'hungUp') => {
      isOver = true
      this.#unseat(caller, why)
    }
    const guest = { userID, nickName: '', line, hangUp: unseat }
    const seat = await this.deps.seats.take(meeting.id, guest)
    if (isOver || !this.#callers.has(caller)) {
      seat.leave('left')
      return 'failed'
    }
    caller.seat = seat
    return seat.room.member(seat.userID)?.audio === 3 ? 'speaking' : 'listening'
  }

  /** A caller ID proves nothing: one that is a user's, or withheld, gets another name. */
  async #userID(peer: string, meeting: MeetingRecord): Promise<string> {
    const number = callerID(peer)
    const isFree =
      number !== null &&
      !(await this.#isUser(number, meeting)) &&
      !(await this.#isUser(number.replace('+', ''), meeting))
    return isFree ? number : `tel_${this.deps.ids.token().slice(0, 12)}`
  }

  async #isUser(userID: string, { account, creator }: MeetingRecord): Promise<boolean> {
    const { directory, users } = this.deps
    if (userID === creator || directory.find(account, userID)) return true
    return (await users.find(account, userID)) !== null
  }

  /** It leaves its seat, which a meeting that is over has taken from it. */
  #unseat(caller: Caller, why: 'ended' | 'hungUp'): void {
    const { seat } = caller
    caller.seat = null
    seat?.leave('left')
    if (why === 'ended') this.#feed(caller, { type: 'ended' })
    else caller.call.hangUp()
  }

  /** A line that lost its sound is of no use: its call ends. */
  soundLost(line: Line): void {
    for (const { call } of this.#callers) if (call.line === line) call.hangUp()
  }

  close(): void {
    for (const { call, stop } of this.#callers) {
      stop()
      call.hangUp()
    }
    this.#callers.clear()
  }
}
