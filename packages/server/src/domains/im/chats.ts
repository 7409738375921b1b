import { type ImMessage, LIMITS, type MeetingSnapshot, ProtocolError } from '@yuntang/protocol'
import type { Room } from '../../actor/room.ts'
import type { RoomPart } from '../../actor/room-part.ts'
import type { Clock } from '../../core/clock.ts'
import { createGatherer, type Gatherer } from '../../core/gather.ts'
import type { Log } from '../../core/log.ts'
import { Late } from '../../gateway/late.ts'
import type { ImRecord, ImStore, ImViewer } from '../../storage/port.ts'
import type { WordCheck } from './forbidden-words.ts'
import { createInOrder, type InOrder } from './in-order.ts'
import { apply, decide, emptyIm, type ImState } from './state.ts'

export interface ChatsDeps {
  readonly store: ImStore
  readonly clock: Clock
  readonly log: Log
  readonly isForbidden: WordCheck
}

interface Chat {
  state: ImState
  readonly turns: InOrder
  readonly writes: Gatherer<ImRecord, ReadonlySet<number>>
}

/** Old messages are removed each time so many new ones came. */
const TRIM_EVERY = 100

/** Inside, and with a page: a telephone shows no text. */
const readsMessages = (room: Room, userID: string): boolean => {
  const member = room.member(userID)
  return member !== undefined && member.phone !== true
}

/** Messages of all meetings (spec 11 §1). */
export class Chats implements RoomPart {
  readonly #chats = new Map<number, Chat>()
  #lasts = new Map<number, number>()

  constructor(private readonly deps: ChatsDeps) {}

  /** The numbers go on where an earlier run stopped. */
  async start(): Promise<void> {
    this.#lasts = new Map(await this.deps.store.lasts())
  }

  #chat(meeting: number): Chat {
    let chat = this.#chats.get(meeting)
    if (!chat) {
      const last = this.#lasts.get(meeting) ?? 0
      this.#lasts.delete(meeting)
      chat = {
        state: emptyIm(last),
        turns: createInOrder(last),
        writes: createGatherer((messages) => this.#write(meeting, messages)),
      }
      this.#chats.set(meeting, chat)
    }
    return chat
  }

  async #write(meeting: number, messages: readonly ImRecord[]): Promise<ReadonlySet<number>> {
    const kept = await this.deps.store.append(messages)
    const last = messages.at(-1)?.seq ?? 0
    const first = messages[0]?.seq ?? 0
    if (Math.floor(last / TRIM_EVERY) !== Math.floor((first - 1) / TRIM_EVERY))
      await this.deps.store.trim(meeting, last - LIMITS.imKept)
    return kept
  }

  /** Takes a message; it is told when it is on disk and the sender has its answer. */
  async send(
    room: Room,
    from: string,
    { to, text, key }: { to: string; text: string; key: string },
  ): Promise<Late<{ seq: number; at: number }>> {
    const chat = this.#chat(room.id)
    const at = this.deps.clock.now()
    const decision = decide(chat.state, {
      from,
      to,
      text,
      at,
      present: to === '' || readsMessages(room, to),
      forbidden: this.deps.isForbidden(text),
    })
    if ('error' in decision) throw new ProtocolError(decision.error)
    chat.state = apply(chat.state, decision.fact)
    const { seq } = decision.fact
    const nameOf = (userID: string) => room.member(userID)?.nickName ?? ''
    const names = { fromName: nameOf(from), toName: nameOf(to) }
    const message: ImMessage = { seq, from, to, ...names, text, at }
    const known = await this.#keep(chat, { ...message, meeting: room.id, key })
    if (known) {
      chat.turns.ready(seq, null)
      return new Late(() => known)
    }
    return new Late(
      () => ({ seq, at }),
      () => chat.turns.ready(seq, () => this.#tell(room, message)),
    )
  }

  /** Answers the message that an earlier sending of the same request made, or null. */
  async #keep(chat: Chat, message: ImRecord): Promise<{ seq: number; at: number } | null> {
    try {
      if ((await chat.writes.add(message)).has(message.seq)) return null
      const known = await this.deps.store.findByKey(message.meeting, message.from, message.key)
      if (known) return { seq: known.seq, at: known.at }
    } catch (err) {
      this.deps.log.error({ err, meeting: message.meeting }, 'a message could not be stored')
    }
    chat.turns.ready(message.seq, null)
    throw new ProtocolError('im.failed')
  }

  #tell(room: Room, message: ImMessage): void {
    if (message.to === '') room.announce('im.message', message)
    else room.tell(message.to, 'im.message', message)
  }

  /** One answer's worth of the past. */
  async history(
    meeting: number,
    viewer: ImViewer,
    { before, after }: { before?: number; after?: number },
  ): Promise<{ messages: ImMessage[]; more: boolean }> {
    const { store } = this.deps
    const limit = LIMITS.imPage + 1
    const forward = before === undefined && after !== undefined
    const rows = forward
      ? await store.after(meeting, viewer, after, limit)
      : await store.before(meeting, viewer, before ?? Number.MAX_SAFE_INTEGER, limit)
    const nearest = forward ? rows : rows.toReversed()
    const messages: ImMessage[] = []
    let chars = 0
    for (const { meeting: _, key: __, ...message } of nearest.slice(0, LIMITS.imPage)) {
      chars += JSON.stringify(message).length
      if (messages.length > 0 && chars > LIMITS.imPageChars) break
      messages.push(message)
    }
    return {
      messages: forward ? messages : messages.reverse(),
      more: messages.length < rows.length,
    }
  }

  snapshot(room: Room): Partial<MeetingSnapshot> {
    return { im: { last: this.#chat(room.id).turns.done } }
  }

  ended(meeting: number): void {
    this.#chats.delete(meeting)
    this.#lasts.delete(meeting)
  }
}
