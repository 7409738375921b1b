import type { Clock } from '../../clock.ts'
import type { Act, Machine, Timer } from './machine.ts'

/** What a machine's acts mean for one transaction. */
export interface Effects {
  send(): void
  ack(): void
  pass(): void
  fail(why: 'timeout' | 'transport'): void
  /** The transaction is gone. */
  ended(): void
}

type TimerEvent = { readonly type: 'timer'; readonly timer: Timer }

/** A transaction that runs, whichever machine it is. */
export interface Run<Event> {
  readonly at: string
  feed(event: Event): void
  /** Ends it without a word. */
  stop(): void
}

/** One transaction: a machine with its timers. */
export class Runner<State extends { readonly at: string }, Event> implements Run<Event> {
  readonly #machine: Machine<State, Event | TimerEvent>
  readonly #clock: Clock
  readonly #reliable: boolean
  readonly #effects: Effects
  readonly #timers = new Map<Timer, () => void>()
  #state: State

  constructor(
    machine: Machine<State, Event | TimerEvent>,
    clock: Clock,
    reliable: boolean,
    effects: Effects,
  ) {
    this.#machine = machine
    this.#clock = clock
    this.#reliable = reliable
    this.#effects = effects
    this.#state = machine.initial
  }

  get at(): State['at'] {
    return this.#state.at
  }

  feed(event: Event | TimerEvent): void {
    if (this.at === 'terminated') return
    const { state, acts } = this.#machine.step(this.#state, event, this.#reliable)
    this.#state = state
    for (const act of acts) this.#run(act)
    // An act may have fed the next event already, and that have ended it.
    if (state.at === 'terminated') this.stop()
  }

  stop(): void {
    for (const cancel of this.#timers.values()) cancel()
    this.#timers.clear()
    this.#state = { ...this.#state, at: 'terminated' }
    this.#effects.ended()
  }

  #run(act: Act): void {
    if (act.do === 'fail') this.#effects.fail(act.why)
    else if (act.do !== 'start') this.#effects[act.do]()
    else this.#start(act.timer, act.ms)
  }

  #start(timer: Timer, ms: number): void {
    this.#timers.get(timer)?.()
    this.#timers.set(
      timer,
      this.#clock.schedule(ms, () => this.feed({ type: 'timer', timer })),
    )
  }
}
