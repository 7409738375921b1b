import { ProtocolError } from '@yuntang/protocol'
import type { Context } from '../../actor/context.ts'
import type { Clock } from '../../core/clock.ts'
import { type Message, messagesOf } from './announce.ts'
import { apply } from './apply.ts'
import { decide } from './decide.ts'
import type { Command, Fact } from './facts.ts'
import { emptyQueues, type QueuesState, type Times } from './model.ts'
import { Pulse } from './pulse.ts'

export interface DeskPorts {
  readonly clock: Clock
  readonly times: Times
  /** The page that a user is logged in on. */
  find(userID: string): Context | undefined
  /** Runs after the answer to the request under way has gone out (spec 05 §7). */
  defer(run: () => void): void
  failed(error: unknown): void
}

/**
 * The service desk of one app account: the only owner of all its queues. A turn decides and applies at
 * once; who is brought together and what people are told follows when the turn's answer is out.
 */
export class Desk {
  readonly #state: QueuesState
  readonly #pulse: Pulse
  #outbox: { readonly page: Context; readonly message: Message }[] = []
  #settling = false
  #closed = false
  #timer: { readonly at: number; readonly cancel: () => void } | null = null

  constructor(private readonly ports: DeskPorts) {
    this.#state = emptyQueues(ports.times)
    this.#pulse = new Pulse(ports.clock, this.#state, (message) => this.#post(message))
  }

  /** For reading only. */
  get state(): QueuesState {
    return this.#state
  }

  /** One turn. Throws the command's error, and then nothing has changed. */
  run(command: Command): void {
    this.#commit(command)
    this.#settleLater()
  }

  #commit(command: Command): number {
    const decision = decide(this.#state, command)
    if ('error' in decision) throw new ProtocolError(decision.error)
    for (const fact of decision.facts) {
      apply(this.#state, fact)
      this.#announce(fact)
    }
    return decision.facts.length
  }

  #announce(fact: Fact): void {
    for (const message of messagesOf(this.#state, fact, this.ports.clock.now()))
      if (message.event === 'queues.queuing') this.#tellPlace(message)
      else this.#post(message)
    if (fact.type === 'user' && fact.change.alive === true) this.#pulse.back(fact.userID)
    if (fact.type === 'deleted') this.#pulse.forget(fact.queue)
  }

  /** A page that is away hears of its position when it is back. */
  #tellPlace(message: Extract<Message, { event: 'queues.queuing' }>): void {
    if (message.data.queue >= 0 && !this.#state.users.get(message.to)?.alive) return
    this.#pulse.told(message.to, message.data)
    this.#post(message)
  }

  #post(message: Message): void {
    const page = this.ports.find(message.to)
    if (page) this.#outbox.push({ page, message })
    if (page) this.#settleLater()
  }

  #settleLater(): void {
    if (this.#settling || this.#closed) return
    this.#settling = true
    this.ports.defer(() => {
      this.#settling = false
      if (this.#closed) return
      try {
        this.#settle()
      } catch (error) {
        this.ports.failed(error)
      }
    })
  }

  #settle(): void {
    const now = this.ports.clock.now()
    while (this.#commit({ type: 'elapse', now }) > 0);
    while (this.#commit({ type: 'assign', now }) > 0);
    for (const id of this.#state.touched) this.#pulse.touched(id)
    apply(this.#state, { type: 'settled' })
    this.#flush()
    this.#arm()
  }

  #flush(): void {
    const outbox = this.#outbox
    this.#outbox = []
    // The login may be over since: then nobody is there to be told.
    for (const { page, message } of outbox)
      if (page.user?.userID === message.to) page.link.event(message.event, message.data)
  }

  #arm(): void {
    const due = this.#state.deadlines.first?.at
    if (due === undefined || due === this.#timer?.at) return
    this.#timer?.cancel()
    const cancel = this.ports.clock.schedule(Math.max(0, due - this.ports.clock.now()), () => {
      this.#timer = null
      this.#settleLater()
    })
    this.#timer = { at: due, cancel }
  }

  close(): void {
    this.#closed = true
    this.#timer?.cancel()
    this.#timer = null
    this.#outbox = []
    this.#pulse.close()
  }
}
