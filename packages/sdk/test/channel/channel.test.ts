import {
  type EventName,
  type Events,
  LIMITS,
  parseBinaryFrame,
  writeChunk,
} from '@yuntang/protocol'
import { describe, expect, it } from 'vitest'
import { createInbox } from '../../src/client/inbox.ts'
import { createChannel } from '../../src/domains/channel.ts'
import { YuntangError } from '../../src/errors.ts'
import { createChosenFiles } from '../../src/files/chosen-files.ts'
import { createFileIndex, createMemoryStore } from '../../src/files/file-index.ts'
import { createFiles } from '../../src/files/files.ts'
import { createMemoryContents } from '../../src/files/memory-contents.ts'
import { FakeEnv, settle } from '../link/fake-env.ts'

const CHUNK = LIMITS.chunkBytes

/** A channel whose server is the test. */
const setup = (room = Number.POSITIVE_INFINITY) => {
  const env = new FakeEnv()
  const inbox = createInbox()
  const requests: { method: string; params: Record<string, unknown> }[] = []
  const frames: Uint8Array<ArrayBuffer>[] = []
  const state = { answer: {} as unknown, unsent: 0, ids: 0 }
  const files = createFiles({
    index: createFileIndex(createMemoryStore()),
    openContents: async () => createMemoryContents(),
    chosen: createChosenFiles(undefined),
    estimate: async () => ({ usage: 0, quota: 0, persistent: false }),
    persist: async () => false,
    pick: async () => [],
    fetchBlob: () => Promise.reject(new Error('none')),
    room: async () => room,
    download: () => {},
    now: () => 0,
    newID: () => `content${state.ids++}`,
  })
  const channel = createChannel({
    env,
    inbox,
    files,
    send: (async (method: string, params: Record<string, unknown>) => {
      requests.push({ method: method.slice('channel.'.length), params })
      if (state.answer instanceof Error) throw state.answer
      return method === 'channel.offer' ? { transfer: requests.length } : state.answer
    }) as never,
    loggedIn: () => true,
    sendBinary: (frame) => frames.push(frame) > 0,
    unsent: () => state.unsent,
    newID: () => `task${state.ids++}`,
  })
  const say = <K extends EventName>(event: K, data: Events[K]) => inbox.deliver(event, data)
  const of = (method: string) => requests.filter((request) => request.method === method)
  const outcome = (promise: Promise<void>) => {
    const seen = { code: 'open' }
    promise.then(
      () => {
        seen.code = 'well'
      },
      (error: YuntangError) => {
        seen.code = error.code ?? error.message
      },
    )
    return seen
  }
  return { env, channel, files, frames, state, say, of, outcome, requests }
}

const offsets = (frames: readonly Uint8Array<ArrayBuffer>[]) =>
  frames.map((frame) => parseBinaryFrame(frame)?.offset)

describe('04 §2: sending', () => {
  it('more than 200 commands a second wait, in order, and none goes while the link is away', async () => {
    const { env, channel, of } = setup()
    for (let n = 0; n < 500; n++) channel.sendCommand('b', `${n}`).catch(() => {})
    await settle()
    expect(of('command')).toHaveLength(200)
    await env.pass(500)
    expect(of('command').length).toBeGreaterThanOrEqual(299)
    expect(of('command').length).toBeLessThanOrEqual(301)
    channel.setLive(false, false)
    await env.pass(5_000)
    const before = of('command').length
    channel.setLive(true, false)
    expect(of('command').length - before).toBeLessThanOrEqual(200)
    await env.pass(5_000)
    expect(of('command').map(({ params }) => params.data)).toEqual(
      Array.from({ length: 500 }, (_, n) => `${n}`),
    )
  })

  it('at most eight chunks are unconfirmed, and a full socket is waited for', async () => {
    const { env, channel, frames, state, say, of } = setup()
    channel.sendFile('b', new Blob([new Uint8Array(20 * CHUNK)])).catch(() => {})
    await settle()
    expect(of('offer')).toHaveLength(1)
    state.unsent = 2 * CHUNK
    say('channel.go', { transfer: 1, offset: 0, confirmed: 0 })
    await env.pass(50)
    expect(frames).toHaveLength(0)
    state.unsent = 0
    await env.pass(50)
    expect(offsets(frames)).toEqual(Array.from({ length: 8 }, (_, n) => n * CHUNK))
  })

  it('goes back to where the receiver is', async () => {
    const { env, channel, frames, say, of } = setup()
    channel.sendFile('b', new Blob([new Uint8Array(5 * CHUNK)])).catch(() => {})
    await settle()
    say('channel.go', { transfer: 1, offset: 0, confirmed: 0 })
    await env.pass(50)
    expect(frames).toHaveLength(5)
    channel.setLive(false, false)
    channel.setLive(true, false)
    expect(of('continue')).toEqual([{ method: 'continue', params: { transfer: 1 } }])
    say('channel.go', { transfer: 1, offset: 3 * CHUNK, confirmed: 2 * CHUNK })
    await env.pass(50)
    expect(offsets(frames.slice(5))).toEqual([3 * CHUNK, 4 * CHUNK])
  })

  it('five tasks run, the sixth starts when one ends', async () => {
    const { channel, say, of, outcome } = setup()
    const first = outcome(channel.sendBuffer('b', '1', { task: 'first' }))
    for (let n = 0; n < 5; n++) channel.sendBuffer('b', 'x').catch(() => {})
    await settle()
    expect(of('offer')).toHaveLength(5)
    say('channel.settled', { task: 'first' })
    await settle()
    expect(first.code).toBe('well')
    expect(of('offer')).toHaveLength(6)
  })

  it('progress is at most ten a second, never less than before, and ends with the total', async () => {
    const { env, channel, frames, say } = setup()
    const seen: number[] = []
    const onProgress = (sent: number) => seen.push(sent)
    const task = { task: 't', onProgress }
    channel.sendFile('b', new Blob([new Uint8Array(9 * CHUNK)]), task).catch(() => {})
    await settle()
    say('channel.go', { transfer: 1, offset: 0, confirmed: 0 })
    for (let n = 1; n < 9; n++) {
      await env.pass(30)
      channel.frame(frames[0]!.slice()) // a chunk nobody asked for changes nothing
      const confirm = new Uint8Array([2, 0, 0, 0, 1, 0, 0, 0, 0])
      new DataView(confirm.buffer).setUint32(5, n * CHUNK)
      channel.frame(confirm)
    }
    say('channel.settled', { task: 't' })
    expect(seen.at(-1)).toBe(9 * CHUNK)
    expect(seen.length).toBeLessThanOrEqual(4)
    expect(seen).toEqual([...seen].sort((x, y) => x - y))
  })

  it('04 §4: a cancel waits for the server, and one that is too late changes nothing', async () => {
    const { channel, state, say, outcome, of } = setup()
    const abort = new AbortController()
    const late = outcome(channel.sendBuffer('b', 'x', { task: 't', signal: abort.signal }))
    await settle()
    state.answer = new YuntangError('channel.too-late')
    abort.abort(new Error('stopped'))
    await settle()
    expect([late.code, of('cancel').length]).toEqual(['open', 1])
    say('channel.settled', { task: 't' })
    await settle()
    expect(late.code).toBe('well')
    state.answer = {}
    const second = new AbortController()
    const inTime = outcome(channel.sendBuffer('b', 'x', { signal: second.signal }))
    await settle()
    second.abort(new Error('stopped'))
    await settle()
    expect(inTime.code).toBe('stopped')
  })

  it('04 §3: after a restart of the server what was under way fails with 207', async () => {
    const { channel, say, outcome } = setup()
    const cancelled: string[] = []
    channel.on('cancelled', ({ task }) => cancelled.push(task))
    const command = outcome(channel.sendCommand('b', 'x'))
    const buffer = outcome(channel.sendBuffer('b', 'x'))
    const incoming = { transfer: 9, task: 'theirs', from: 'b', name: '', kind: 'buffer' as const }
    say('channel.incoming', { ...incoming, size: 2 * CHUNK })
    await settle()
    channel.frame(writeChunk(9, 0, new Uint8Array(CHUNK)))
    await settle()
    channel.setLive(false, false)
    channel.setLive(true, true)
    await settle()
    expect([command.code, buffer.code]).toEqual(['connection.lost', 'connection.lost'])
    expect(new YuntangError('connection.lost').sdk).toBe(207)
    expect(cancelled).toEqual(['theirs'])
  })
})

describe('04 §6: receiving', () => {
  const incoming = {
    transfer: 3,
    task: 't',
    from: 'a',
    name: '../x\u0000.bin',
    kind: 'file' as const,
  }

  it('stores chunks in order, ignores others, and tells the page when the server agrees', async () => {
    const { channel, files, frames, say, of } = setup()
    const got: { path: string; name: string }[] = []
    channel.on('file', ({ path, name }) => got.push({ path, name }))
    say('channel.incoming', { ...incoming, size: CHUNK + 1 })
    await settle()
    expect(of('accept')).toEqual([{ method: 'accept', params: { transfer: 3, offset: 0 } }])
    channel.frame(writeChunk(3, CHUNK, new Uint8Array([9])))
    channel.frame(writeChunk(3, 0, new Uint8Array(CHUNK).fill(1)))
    channel.frame(writeChunk(3, 0, new Uint8Array(CHUNK).fill(8)))
    await settle()
    expect(offsets(frames)).toEqual([CHUNK])
    expect(got).toEqual([])
    channel.frame(writeChunk(3, 0, new Uint8Array(CHUNK).fill(8)))
    expect(offsets(frames)).toEqual([CHUNK, CHUNK])
    channel.frame(writeChunk(3, CHUNK, new Uint8Array([2])))
    await settle()
    expect(of('finish')).toHaveLength(1)
    expect(got).toEqual([{ path: '/CloudroomVideoSDK/Temp/t/x.bin', name: 'x.bin' }])
    expect(of('delivered')).toHaveLength(1)
    const stored = new Uint8Array(await (await files.get(got[0]!.path))!.arrayBuffer())
    expect([stored.length, stored[0], stored[CHUNK]]).toEqual([CHUNK + 1, 1, 2])
  })

  it('04 §3: a file without room is refused; nothing is told, as nothing had arrived', async () => {
    const { channel, say, of } = setup(10)
    const cancelled: string[] = []
    channel.on('cancelled', ({ task }) => cancelled.push(task))
    say('channel.incoming', { ...incoming, size: 11 })
    await settle()
    expect(of('refuse')).toEqual([{ method: 'refuse', params: { transfer: 3 } }])
    expect(cancelled).toEqual([])
  })

  it('text that is cut inside a character arrives whole', async () => {
    const { channel, say } = setup()
    const text = `x${'好😀'.repeat(20_000)}`
    const raw = new TextEncoder().encode(text)
    const got: string[] = []
    channel.on('buffer', ({ data }) => got.push(data))
    say('channel.incoming', { ...incoming, kind: 'buffer', size: raw.length })
    await settle()
    for (let at = 0; at < raw.length; at += CHUNK)
      channel.frame(writeChunk(3, at, raw.slice(at, at + CHUNK)))
    await settle()
    expect(got).toEqual([text])
  })

  it('eight tasks are taken in, the ninth when one is withdrawn', async () => {
    const { say, of } = setup()
    for (let n = 1; n <= 9; n++)
      say('channel.incoming', { ...incoming, transfer: n, task: `t${n}`, size: 1 })
    await settle()
    expect(of('accept')).toHaveLength(8)
    say('channel.withdrawn', { transfer: 2 })
    await settle()
    expect(of('accept').at(-1)?.params).toEqual({ transfer: 9, offset: 0 })
  })
})
