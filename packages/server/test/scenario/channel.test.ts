import { LIMITS, parseBinaryFrame, writeChunk, writeConfirm } from '@yuntang/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApp, type TestApp, TestPage } from '../support/page.ts'

const CHUNK = LIMITS.chunkBytes
const part = (n: number) => new Uint8Array(CHUNK).fill(n)

describe('the transparent channel between pages', () => {
  let test: TestApp
  let users = 0
  /** Every test has its own users on one server. */
  const join = async (name = 'u', account?: string) => {
    users += 1
    const userID = `${name}${users}`
    return Object.assign(await new TestPage(test).login(userID, account), { userID })
  }
  const acknowledge = (page: TestPage) => page.raw(JSON.stringify({ ack: page.seen }))
  const offer = async (from: TestPage, to: { userID: string }, size: number, task = 't') => {
    const answer = await from.call('channel.offer', {
      task,
      to: to.userID,
      kind: 'file',
      size,
      name: 'f',
    })
    return typeof answer === 'string' ? answer : (answer as { transfer: number }).transfer
  }

  beforeAll(async () => {
    test = await startTestApp()
  }, 60_000)
  afterAll(async () => {
    test.app.close()
    await test.storage.close()
  })

  it('04 §2, §8: nobody offline, unknown or of another account can be reached', async () => {
    const [a, other] = [await join(), await join('o', 'elsewhere')]
    for (const to of ['nobody', other.userID]) {
      expect(await a.call('channel.command', { task: 't', to, data: '' })).toBe('channel.offline')
      expect(await offer(a, { userID: to }, 1)).toBe('channel.offline')
    }
    expect(other.events('channel.command')).toEqual([])
    const guest = new TestPage(test)
    guest.hello()
    expect(await guest.call('channel.command', { task: 't', to: a.userID, data: '' })).toBe(
      'login.required',
    )
  })

  it('04 §2: a command has its result when the receiving page has confirmed it', async () => {
    const [a, b] = [await join(), await join()]
    for (const data of ['one', 'two'])
      await a.call('channel.command', { task: data, to: b.userID, data })
    expect(b.events('channel.command').map(({ data }) => data)).toEqual(['one', 'two'])
    expect(a.events('channel.settled')).toEqual([])
    acknowledge(b)
    expect(a.events('channel.settled')).toEqual([{ task: 'one' }, { task: 'two' }])
  })

  it('04 §1: the limit of a command is in bytes of UTF-8', async () => {
    const a = await join()
    const send = (data: string) => a.call('channel.command', { task: 't', to: a.userID, data })
    expect(await send('é'.repeat(LIMITS.commandBytes / 2))).toEqual({})
    expect(await send(`${'é'.repeat(LIMITS.commandBytes / 2)}x`)).toBe('channel.command-too-large')
  })

  it('04 §3: in a silent loss a command waits T_REQUEST, then fails and is never delivered', async () => {
    const [a, b] = [await join(), await join()]
    b.cut()
    await a.call('channel.command', { task: 'lost', to: b.userID, data: 'lost' })
    test.clock.advance(LIMITS.request - 1)
    a.raw('{"ping":1}')
    expect(a.events('channel.settled')).toEqual([])
    test.clock.advance(1)
    expect(a.events('channel.settled')).toEqual([{ task: 'lost', error: 'channel.failed' }])
    await a.call('channel.command', { task: 'kept', to: b.userID, data: 'kept' })
    b.resume()
    expect(b.events('channel.command').map(({ data }) => data)).toEqual(['kept'])
    acknowledge(b)
    expect(a.events('channel.settled').at(-1)).toEqual({ task: 'kept' })
  })

  it('04 §3: a target that logs out fails the commands it has not confirmed', async () => {
    const [a, b] = [await join(), await join()]
    await a.call('channel.command', { task: 't', to: b.userID, data: '' })
    await b.call('session.logout')
    expect(a.events('channel.settled')).toEqual([{ task: 't', error: 'channel.failed' }])
  })

  it('04 §7: chunks are relayed as they are, confirmations come back, and the end is told', async () => {
    const [a, b] = [await join(), await join()]
    const transfer = await offer(a, b, 2 * CHUNK)
    expect(b.events('channel.incoming')).toMatchObject([{ transfer, from: a.userID, name: 'f' }])
    await b.call('channel.accept', { transfer, offset: 0 })
    expect(a.events('channel.go')).toEqual([{ transfer, offset: 0, confirmed: 0 }])
    a.binary(writeChunk(transfer as number, 0, part(1)))
    a.binary(writeChunk(transfer as number, CHUNK, part(2)))
    expect(b.chunks).toHaveLength(2)
    expect(b.chunks[1]).toEqual(writeChunk(transfer as number, CHUNK, part(2)))
    b.binary(writeConfirm(transfer as number, CHUNK))
    expect(a.chunks.map((f) => parseBinaryFrame(f))).toEqual([
      { kind: 'confirm', transfer, offset: CHUNK },
    ])
    expect(await b.call('channel.finish', { transfer })).toEqual({})
    expect(await a.call('channel.cancel', { transfer })).toBe('channel.too-late')
    expect(a.events('channel.settled')).toEqual([])
    await b.call('channel.delivered', { transfer })
    expect(a.events('channel.settled')).toEqual([{ task: 't' }])
  })

  it('04 §2: a receiver that comes back gets the rest from where it was', async () => {
    const [a, b] = [await join(), await join()]
    const transfer = (await offer(a, b, 3 * CHUNK)) as number
    await b.call('channel.accept', { transfer, offset: 0 })
    a.binary(writeChunk(transfer, 0, part(1)))
    b.cut()
    a.binary(writeChunk(transfer, CHUNK, part(2)))
    b.resume()
    await b.call('channel.accept', { transfer, offset: CHUNK })
    expect(a.events('channel.go').at(-1)).toEqual({ transfer, offset: CHUNK, confirmed: CHUNK })
    a.binary(writeChunk(transfer, 2 * CHUNK, part(3))) // sent before it heard
    a.binary(writeChunk(transfer, CHUNK, part(2)))
    a.cut()
    a.resume()
    await a.call('channel.continue', { transfer })
    expect(a.events('channel.go').at(-1)).toMatchObject({ offset: 2 * CHUNK })
    a.binary(writeChunk(transfer, 2 * CHUNK, part(3)))
    expect(b.chunks.map((f) => f[100])).toEqual([1, 2, 3])
    expect(await b.call('channel.finish', { transfer })).toEqual({})
  })

  it('04 §3: whoever goes, the other side is told once', async () => {
    const [a, b] = [await join(), await join()]
    const [first, second] = [await offer(a, b, 1, 'x'), await offer(b, a, 1, 'y')]
    for (const page of [a, b])
      for (const transfer of [first, second])
        await page.call('channel.accept', { transfer, offset: 0 })
    await b.call('session.logout')
    expect(a.events('channel.settled')).toEqual([{ task: 'x', error: 'channel.failed' }])
    expect(a.events('channel.withdrawn')).toEqual([{ transfer: second }])
    expect(b.events('channel.settled')).toEqual([])
  })

  it('04 §2: forged and repeated identifiers change nothing', async () => {
    const [a, b, thief] = [await join(), await join(), await join()]
    const transfer = (await offer(a, b, 2 * CHUNK)) as number
    for (const page of [thief, a])
      expect(await page.call('channel.accept', { transfer, offset: 0 })).toBe('channel.too-late')
    await b.call('channel.accept', { transfer, offset: 0 })
    for (const method of ['cancel', 'continue', 'finish', 'delivered', 'refuse'])
      expect(await thief.call(`channel.${method}`, { transfer })).toBe('channel.too-late')
    expect(await b.call('channel.cancel', { transfer })).toBe('channel.too-late')
    thief.binary(writeChunk(transfer, 0, part(9)))
    b.binary(writeChunk(transfer, 0, part(9)))
    expect(b.chunks).toEqual([])
    a.binary(writeChunk(transfer, 0, part(1)))
    thief.binary(writeConfirm(transfer, CHUNK))
    expect(a.chunks).toEqual([])
    expect(await offer(a, b, 5, 't')).toBe('param.invalid')
    expect(await b.call('channel.finish', { transfer })).toBe('param.invalid')
    expect(await b.call('channel.accept', { transfer, offset: 7 })).toBe('param.invalid')
  })

  it('04 §2: a sender has five tasks under way, a receiver takes eight', async () => {
    const receiver = await join()
    const accepted: unknown[] = []
    for (let s = 0; s < 2; s++) {
      const sender = await join()
      for (let i = 0; i < 5; i++) {
        const transfer = await offer(sender, receiver, 1, `t${i}`)
        accepted.push(await receiver.call('channel.accept', { transfer, offset: 0 }))
      }
      expect(await offer(sender, receiver, 1, 'sixth')).toBe('rate.exceeded')
    }
    expect(accepted.filter((answer) => answer === 'rate.exceeded')).toHaveLength(2)
  })

  it('04 §3: what a receiver that is away is sent is bounded, and nothing is lost before', async () => {
    const [a, b] = [await join(), await join()]
    b.cut()
    const data = 'x'.repeat(LIMITS.commandBytes)
    const answers = []
    for (let n = 0; n < 260; n++) {
      answers.push(await a.call('channel.command', { task: `${n}`, to: b.userID, data }))
      test.clock.advance(10)
    }
    expect(answers.filter((answer) => answer === 'channel.failed')).toHaveLength(4)
    b.resume()
    for (let n = 0; n < 20; n++) acknowledge(b)
    expect(b.events('channel.command')).toHaveLength(256)
    expect(a.events('channel.settled').map(({ error }) => error)).toEqual(
      Array.from({ length: 256 }, () => undefined),
    )
  })

  it('a page that sends only stray binary frames loses its link, and nobody else does', async () => {
    const [a, b] = [await join(), await join()]
    for (let i = 0; i < 1_100; i++) a.binary(new Uint8Array(3))
    expect(a.closed).toBe(4004)
    expect(b.closed).toBeNull()
    const stranger = new TestPage(test)
    stranger.binary(writeConfirm(1, 0))
    expect(stranger.closed).toBe(4004)
  })

  it('04 §2: 200 commands a second are taken, a flood is refused', async () => {
    const [a, b] = [await join(), await join()]
    const send = (n: number) =>
      a.raw(
        JSON.stringify({
          id: 1000 + n,
          method: 'channel.command',
          params: { task: `${n}`, to: b.userID, data: '' },
        }),
      )
    const refused = () =>
      a.frames.filter((f) => 'error' in f && f.error?.code === 'rate.exceeded').length
    for (let n = 0; n < 400; n++) send(n)
    acknowledge(b)
    expect(b.events('channel.command')).toHaveLength(400)
    expect(refused()).toBe(0)
    for (let n = 400; n < 500; n++) send(n)
    expect(b.events('channel.command')).toHaveLength(400)
    expect(refused()).toBe(100)
  })
})
