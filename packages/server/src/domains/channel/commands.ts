import { LIMITS, ProtocolError } from '@yuntang/protocol'
import type { UserKey } from '../../actor/activity.ts'
import type { Context, User } from '../../actor/context.ts'
import type { Clock } from '../../core/clock.ts'

/** Commands for one receiver that it has not confirmed, in number and in bytes of UTF-8. */
const MOST = 1_000
const MOST_BYTES = 16 * 1024 * 1024
/** For all receivers together. */
const MOST_OF_ALL_BYTES = 256 * 1024 * 1024
/** Those of them that are in its link's log; the others wait here. */
const MOST_SENT = 256
const MOST_SENT_BYTES = 1024 * 1024

interface Command {
  readonly bytes: number
  /** Hands it to the receiver's link; answers what takes it back. */
  post(): () => void
  settle(arrived: boolean): void
}

interface Queue {
  readonly waiting: Command[]
  readonly sent: Map<Command, () => void>
  bytes: number
  sentBytes: number
}

const keyOf = ({ account, userID }: UserKey) => `${account}\n${userID}`

/**
 * Commands under way. A command is an event of the receiver's numbered log, so that it arrives once
 * and in order also over a lost link; what the page has not confirmed within T_REQUEST is withdrawn.
 */
export class Commands {
  /** By receiver. */
  readonly #queues = new Map<string, Queue>()
  #bytes = 0

  constructor(
    private readonly clock: Clock,
    private readonly mostOfAll = MOST_OF_ALL_BYTES,
  ) {}

  send(
    from: Context,
    sender: User,
    to: Context & { user: User },
    task: string,
    data: string,
  ): void {
    const bytes = Buffer.byteLength(data)
    if (bytes > LIMITS.commandBytes) throw new ProtocolError('channel.command-too-large')
    const key = keyOf(to.user)
    const queue: Queue = this.#queues.get(key) ?? {
      waiting: [],
      sent: new Map(),
      bytes: 0,
      sentBytes: 0,
    }
    if (
      queue.waiting.length + queue.sent.size >= MOST ||
      queue.bytes + bytes > MOST_BYTES ||
      this.#bytes + bytes > this.mostOfAll
    )
      throw new ProtocolError('channel.failed')
    this.#queues.set(key, queue)
    const command: Command = {
      bytes,
      post: () =>
        to.link.eventWithReceipt('channel.command', { from: sender.userID, data }, () => {
          this.#take(key, queue, command)
          command.settle(true)
        }),
      settle(arrived) {
        cancelTimer()
        // The sender may have logged out meanwhile, or be somebody else.
        if (from.user !== sender) return
        const error = arrived ? {} : { error: 'channel.failed' as const }
        from.link.event('channel.settled', { task, ...error })
      },
    }
    const cancelTimer = this.clock.schedule(LIMITS.request, () => {
      this.#take(key, queue, command)?.()
      command.settle(false)
    })
    queue.waiting.push(command)
    queue.bytes += bytes
    this.#bytes += bytes
    this.#sendNext(queue)
  }

  #sendNext(queue: Queue): void {
    for (let next = queue.waiting[0]; next; next = queue.waiting[0]) {
      const fits = queue.sent.size < MOST_SENT && queue.sentBytes + next.bytes <= MOST_SENT_BYTES
      if (!fits) return
      queue.waiting.shift()
      queue.sentBytes += next.bytes
      queue.sent.set(next, next.post())
    }
  }

  /** Takes a command out; answers what takes it back from the receiver's link, if it is there. */
  #take(key: string, queue: Queue, command: Command): (() => void) | undefined {
    const withdraw = queue.sent.get(command)
    queue.bytes -= command.bytes
    this.#bytes -= command.bytes
    if (withdraw) {
      queue.sent.delete(command)
      queue.sentBytes -= command.bytes
      this.#sendNext(queue)
    } else queue.waiting.splice(queue.waiting.indexOf(command), 1)
    const isEmpty = queue.sent.size + queue.waiting.length === 0
    if (isEmpty && this.#queues.get(key) === queue) this.#queues.delete(key)
    return withdraw
  }

  /** The receiver's login ended: what it has not confirmed has failed. */
  receiverGone(user: UserKey): void {
    const key = keyOf(user)
    const queue = this.#queues.get(key)
    if (!queue) return
    this.#queues.delete(key)
    for (const withdraw of queue.sent.values()) withdraw()
    const lost = [...queue.sent.keys(), ...queue.waiting.splice(0)]
    queue.sent.clear()
    this.#bytes -= queue.bytes
    queue.bytes = 0
    for (const command of lost) command.settle(false)
  }

  close(): void {
    for (const queue of this.#queues.values())
      for (const command of [...queue.sent.keys(), ...queue.waiting]) command.settle(false)
    this.#queues.clear()
    this.#bytes = 0
  }
}
