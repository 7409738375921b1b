import type { ChatDelivery, ChatMessage, Meeting } from '@yuntang/sdk'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type EffectScope, effectScope } from 'vue'
import { useChat } from '../src/chat/use-chat.ts'

const said = (seq: number, over: Partial<ChatMessage> = {}): ChatMessage => ({
  ...{ seq, from: 'b', to: '', fromName: 'Bob', toName: '', text: `№ ${seq}`, at: seq },
  ...over,
})
const page = Object.assign(new EventTarget(), { hidden: false })
/** What this tab keeps over a reload. */
const kept = new Map<string, string>()
const tab = {
  getItem: (name: string) => kept.get(name) ?? null,
  setItem: (name: string, value: string) => void kept.set(name, value),
}
let scope: EffectScope
beforeEach(() => {
  kept.clear()
  vi.stubGlobal('sessionStorage', tab)
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
const open = async (past: readonly ChatMessage[] = [], me = 'me') => {
  const hear: { message?(m: ChatMessage): void; delivery?(d: ChatDelivery): void } = {}
  const sent: unknown[] = []
  const meeting = {
    id: 10_000_001,
    me,
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

it('a reload loses neither what is unread nor what is being written; another person sees none of it', async () => {
  const first = await open([said(1)])
  first.hear.message?.(said(2))
  first.chat.draft.value = 'half a thought'
  first.chat.to.value = 'b'
  await settle()
  const reload = (past: readonly ChatMessage[], me?: string) => {
    scope.stop()
    scope = effectScope()
    return open(past, me)
  }
  const all = [said(1), said(2), said(3), said(4, { from: 'me' })]
  const again = await reload(all)
  expect(again.chat.unread.value).toBe(2)
  expect([again.chat.draft.value, again.chat.to.value]).toEqual(['half a thought', 'b'])
  again.chat.show(true)
  expect((await reload(all)).chat.unread.value).toBe(0)
  const other = await reload(all, 'c')
  expect([other.chat.unread.value, other.chat.draft.value]).toEqual([0, ''])
})

it('what the tab kept is not trusted: with nonsense it begins anew', async () => {
  for (const text of ['', '{', '{"meeting":10000001,"me":"me","read":"x","draft":"","to":""}']) {
    kept.set('yuntang.chat', text)
    const { chat } = await open([said(1)])
    expect([chat.unread.value, chat.draft.value]).toEqual([0, ''])
  }
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
