import type { ChatDelivery, ChatMessage, Meeting } from '@yuntang/sdk'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type EffectScope, effectScope } from 'vue'
import { useChat } from '../src/chat/use-chat.ts'

const said = (seq: number, over: Partial<ChatMessage> = {}): ChatMessage => ({
  ...{ seq, from: 'b', to: '', fromName: 'Bob', toName: '', text: `№ ${seq}`, at: seq },
  ...over,
})
const page = Object.assign(new EventTarget(), { hidden: false })
let scope: EffectScope
beforeEach(() => {
  vi.stubGlobal('document', page)
  page.hidden = false
  scope = effectScope()
})
afterEach(() => {
  scope.stop()
  vi.unstubAllGlobals()
})
const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

/** A meeting whose server's part the test plays. */
const open = async (past: readonly ChatMessage[] = []) => {
  const hear: { message?(m: ChatMessage): void; delivery?(d: ChatDelivery): void } = {}
  const sent: unknown[] = []
  const meeting = {
    me: 'me',
    chat: {
      on(name: 'message' | 'delivery', listener: () => void) {
        hear[name] = listener
        return () => {}
      },
      history: async () => ({ messages: past, more: false }),
      send: async (...args: unknown[]) => void sent.push(args),
    },
  } as unknown as Meeting
  const chat = scope.run(() => useChat(meeting)) as ReturnType<typeof useChat>
  await settle()
  return { chat, hear, sent }
}

it('what comes while nobody looks is unread, private messages too; the past and my own are not', async () => {
  const { chat, hear } = await open([said(1), said(2)])
  hear.message?.(said(3))
  hear.message?.(said(4, { to: 'me' }))
  hear.message?.(said(5, { from: 'me' }))
  expect(chat.unread.value).toBe(2)
  chat.show(true)
  hear.message?.(said(6))
  expect(chat.unread.value).toBe(0)
  chat.show(false)
  hear.message?.(said(7))
  expect(chat.unread.value).toBe(1)
})

it('behind another tab nobody reads, also with the panel open', async () => {
  const { chat, hear } = await open()
  chat.show(true)
  page.hidden = true
  page.dispatchEvent(new Event('visibilitychange'))
  hear.message?.(said(1))
  expect(chat.unread.value).toBe(1)
  page.hidden = false
  page.dispatchEvent(new Event('visibilitychange'))
  expect(chat.unread.value).toBe(0)
})

it('11 §1: the order is the server’s, and a message told twice is there once', async () => {
  const { chat, hear } = await open([said(1), said(2)])
  for (const seq of [4, 3, 2, 4]) hear.message?.(said(seq))
  expect(chat.messages.value.map(({ seq }) => seq)).toEqual([1, 2, 3, 4])
})

it('a message that failed stays to be sent again under its key, and is there once when it was sent', async () => {
  const { chat, hear, sent } = await open()
  const mine = { key: 'k', to: 'b', text: 'hi' }
  hear.delivery?.({ ...mine, state: 'failed', error: 'im.rate' })
  expect(chat.waiting.value).toMatchObject([{ key: 'k', error: 'im.rate' }])
  await chat.again(chat.waiting.value[0] as ChatDelivery)
  expect(sent).toEqual([['hi', { to: 'b', key: 'k' }]])
  const message = said(1, { from: 'me', to: 'b' })
  hear.delivery?.({ ...mine, state: 'sent', message })
  expect([chat.waiting.value, chat.messages.value]).toEqual([[], [message]])
  hear.delivery?.({ ...mine, key: 'other', state: 'failed', error: 'im.absent' })
  chat.discard('other')
  expect(chat.waiting.value).toEqual([])
})
