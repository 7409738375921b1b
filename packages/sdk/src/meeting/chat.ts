import { type ImMessage, LIMITS, type MeetingSnapshot } from '@yuntang/protocol'
import { isUserID } from '../domains/validate.ts'
import { createEmitter } from '../emitter.ts'
import { YuntangError } from '../errors.ts'
import type { Send } from '../link/link.ts'
import type { Chat, ChatEvents, ChatMessage } from './chat-api.ts'
import type { MeetingPart } from './part.ts'

export interface ChatDeps {
  readonly me: string
  readonly send: Send
  /** `""` for who was never seen here. */
  nickName(userID: string): string
  /** A fresh unique identifier. */
  newID(): string
}

const isTooLarge = (text: string) =>
  text.length > LIMITS.imBytes || new TextEncoder().encode(text).length > LIMITS.imBytes

/** A meeting's messages on its page. */
export const createChat = (snapshot: MeetingSnapshot, deps: ChatDeps): Chat & MeetingPart => {
  const { me, send, nickName, newID } = deps
  const events = createEmitter<ChatEvents>()
  /** Highest number that was told here or existed before. */
  let seen = snapshot.im?.last ?? 0
  /** What arrives while missed messages are fetched; null: nothing is. */
  let held: ImMessage[] | null = null
  let missedMore = false
  /** Own messages without an answer. */
  const posting = new Set<Promise<unknown>>()

  const deliver = (message: ImMessage) => {
    if (message.seq <= seen) return
    seen = message.seq
    events.emit('message', message)
  }

  /** Messages come as events again, in their place in the order. */
  const fetchMissed = async () => {
    do {
      missedMore = false
      for (let more = true; more; ) {
        // What I sent is told after its result, so it is asked for after that, too.
        if (posting.size > 0) await Promise.allSettled(posting)
        const page = await send('im.history', { after: seen })
        more = page.more && page.messages.length > 0
        for (const message of page.messages)
          if (message.to === '' || message.to === me) deliver(message)
          else seen = Math.max(seen, message.seq)
      }
    } while (missedMore)
  }
  const catchUp = async () => {
    missedMore = true
    if (held) return
    held = []
    try {
      await fetchMissed()
    } catch (error) {
      console.warn('messages that were missed could not be fetched', error)
    }
    const late = held
    held = null
    for (const message of late) deliver(message)
  }

  const post = async (text: string, to: string, key: string, signal: AbortSignal | undefined) => {
    if (text === '') throw new YuntangError('param.invalid')
    if (isTooLarge(text)) throw new YuntangError('im.too-large')
    if (!isUserID(to)) throw new YuntangError('im.absent')
    const answer = send('im.send', { text, to, key }, signal)
    posting.add(answer)
    try {
      const names = { fromName: nickName(me), toName: nickName(to) }
      return { from: me, to, ...names, text, ...(await answer) } satisfies ChatMessage
    } finally {
      posting.delete(answer)
    }
  }

  return {
    on: events.on,
    once: events.once,
    maxBytes: LIMITS.imBytes,
    async send(text, { to = '', key = newID(), signal } = {}) {
      const about = { key, to, text }
      events.emit('delivery', { ...about, state: 'sending' })
      try {
        const message = await post(text, to, key, signal)
        events.emit('delivery', { ...about, state: 'sent', message })
        return message
      } catch (error) {
        const code = error instanceof YuntangError ? error.code : 'unknown'
        events.emit('delivery', { ...about, state: 'failed', error: code })
        throw error
      }
    },
    history: ({ before, signal } = {}) =>
      send('im.history', before === undefined ? {} : { before }, signal),
    handle(event) {
      if (event.name !== 'im.message') return
      if (held) held.push(event.data)
      else deliver(event.data)
    },
    resync(fresh) {
      if ((fresh.im?.last ?? 0) > seen) void catchUp()
    },
    close: events.clear,
  }
}
