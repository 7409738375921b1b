import { type ImMessage, LIMITS, type MeetingSnapshot } from '@yuntang/protocol'
import { describe, expect, it } from 'vitest'
import { YuntangError } from '../../src/errors.ts'
import type { Send } from '../../src/link/link.ts'
import { createChat } from '../../src/meeting/chat.ts'

const snapshot = (last: number) => ({ im: { last } }) as MeetingSnapshot
const message = (seq: number, over: Partial<ImMessage> = {}): ImMessage => ({
  seq,
  from: 'a',
  to: '',
  fromName: 'Ann',
  toName: '',
  text: `№ ${seq}`,
  at: seq,
  ...over,
})
const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

/** A chat whose server answers by hand. */
const open = (last = 0) => {
  const asked: {
    method: string
    params: unknown
    answer(value: unknown): void
    fail(e: unknown): void
  }[] = []
  const send = ((method: string, params: unknown) =>
    new Promise((answer, fail) => asked.push({ method, params, answer, fail }))) as unknown as Send
  const chat = createChat(snapshot(last), {
    me: 'me',
    send,
    nickName: (userID) => ({ me: 'Me', b: 'Bob' })[userID] ?? '',
    newID: () => `id${asked.length}`,
  })
  const heard: number[] = []
  chat.on('message', ({ seq }) => heard.push(seq))
  const hear = (m: ImMessage) => chat.handle?.({ name: 'im.message', data: m })
  return { chat, asked, heard, hear }
}

describe('11 §1: messages on a page', () => {
  it.each([
    ['no text', '', '', 'param.invalid'],
    ['too many bytes of UTF-8', '云'.repeat(LIMITS.imBytes / 3 + 1), '', 'im.too-large'],
    ['a name nobody can have', 'x', 'a\nb', 'im.absent'],
  ])('%s: refused without asking the server', async (_, text, to, code) => {
    const { chat, asked } = open()
    const states: unknown[] = []
    chat.on('delivery', ({ key, state, error }) => states.push([key, state, error]))
    await expect(chat.send(text, { to, key: 'k' })).rejects.toMatchObject({ code })
    expect(asked).toEqual([])
    expect(states).toEqual([
      ['k', 'sending', undefined],
      ['k', 'failed', code],
    ])
  })

  it('a message is sending, then sent or failed, and resolves as the server took it', async () => {
    const { chat, asked } = open()
    const states: string[] = []
    chat.on('delivery', ({ key, state }) => states.push(`${key} ${state}`))
    const sent = chat.send('hi', { to: 'b' })
    expect(asked[0]).toMatchObject({
      method: 'im.send',
      params: { text: 'hi', to: 'b', key: 'id0' },
    })
    asked[0]?.answer({ seq: 3, at: 5 })
    const names = { fromName: 'Me', toName: 'Bob' }
    expect(await sent).toEqual({ seq: 3, from: 'me', to: 'b', ...names, text: 'hi', at: 5 })
    const failed = chat.send('no')
    asked[1]?.fail(new YuntangError('im.forbidden'))
    await expect(failed).rejects.toMatchObject({ sdk: 1001 })
    expect(states).toEqual(['id0 sending', 'id0 sent', 'id1 sending', 'id1 failed'])
  })

  it('what was missed is fetched and told in its place, once, before what came meanwhile', async () => {
    const { chat, asked, heard, hear } = open(2)
    hear(message(3))
    chat.resync?.(snapshot(6))
    expect(asked[0]).toMatchObject({ method: 'im.history', params: { after: 3 } })
    hear(message(8))
    // Mine to somebody else never came as an event.
    asked[0]?.answer({ messages: [message(4), message(5, { from: 'me', to: 'b' })], more: true })
    await settle()
    expect(asked[1]).toMatchObject({ params: { after: 5 } })
    asked[1]?.answer({ messages: [message(6), message(7), message(8)], more: false })
    await settle()
    hear(message(9))
    expect(heard).toEqual([3, 4, 6, 7, 8, 9])
  })

  it('after a restart my own message is told after its result, and what failed holds up nothing', async () => {
    const { chat, asked, heard } = open()
    const order: string[] = []
    chat.on('message', ({ seq }) => order.push(`told ${seq}`))
    const both = [chat.send('a'), chat.send('b')].map((sent, i) =>
      sent.then(
        ({ seq }) => order.push(`sent ${seq}`),
        () => order.push(`failed ${i}`),
      ),
    )
    chat.resync?.(snapshot(1))
    expect(asked.map(({ method }) => method)).toEqual(['im.send', 'im.send'])
    asked[0]?.answer({ seq: 1, at: 1 })
    await settle()
    expect(asked).toHaveLength(2)
    asked[1]?.fail(new YuntangError('connection.timeout'))
    await Promise.all(both)
    await settle()
    expect(asked[2]).toMatchObject({ method: 'im.history', params: { after: 0 } })
    asked[2]?.answer({ messages: [message(1, { from: 'me' })], more: false })
    await settle()
    expect(order).toEqual(['sent 1', 'failed 1', 'told 1'])
    expect(heard).toEqual([1])
  })

  it('07 §5.2: given up while it is on its way, a message fails once with the code of the link', async () => {
    const { chat, asked } = open()
    const states: unknown[] = []
    chat.on('delivery', ({ state, error }) => states.push([state, error]))
    const sent = chat.send('lost')
    asked[0]?.fail(new YuntangError('connection.lost'))
    await expect(sent).rejects.toMatchObject({ sdk: 207 })
    expect(states).toEqual([
      ['sending', undefined],
      ['failed', 'connection.lost'],
    ])
  })

  it('nothing was missed: nothing is asked', () => {
    const { chat, asked } = open(2)
    chat.resync?.(snapshot(2))
    expect(asked).toEqual([])
  })

  it('events are lost again while the missed ones are fetched: it asks once more', async () => {
    const { chat, asked, heard } = open()
    chat.resync?.(snapshot(1))
    chat.resync?.(snapshot(2))
    asked[0]?.answer({ messages: [message(1)], more: false })
    await settle()
    asked[1]?.answer({ messages: [message(2)], more: false })
    await settle()
    expect(asked).toHaveLength(2)
    expect(heard).toEqual([1, 2])
  })
})
