import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type BridgedPacket,
  createCoreEngine,
  createProcessEngine,
  type MediaEngine,
} from '../src/index.ts'
import { nativeHearer, nativeTalker } from './support/native-pair.ts'
import { freePort, until } from './support/wait.ts'
import { bundleWorker, processOf } from './support/worker-file.ts'

let worker: Awaited<ReturnType<typeof bundleWorker>>
beforeAll(async () => {
  worker = await bundleWorker()
})
afterAll(() => worker.remove())

const ADAPTERS: Record<string, (port: number) => Promise<MediaEngine>> = {
  'in this process': (port) => createCoreEngine({ port, announce: ['127.0.0.1'] }),
  'in a child process': (port) =>
    createProcessEngine({ port, announce: ['127.0.0.1'], workerPath: worker.workerPath }),
}

const text = (p: BridgedPacket) => `${p.from}/${p.track} ${Buffer.from(p.opus).toString()}`

describe.each(Object.entries(ADAPTERS))('bridges of an engine %s', (_name, make) => {
  const world = async () => {
    const port = await freePort()
    const engine = await make(port)
    const heard: BridgedPacket[] = []
    engine.on('bridged', (b) => {
      if (b.room === 'r' && b.peer === 'ear') heard.push(...b.packets)
    })
    const parts: { close(): void }[] = []
    const part = async <T extends { close(): void }>(made: Promise<T>): Promise<T> => {
      const p = await made
      parts.push(p)
      return p
    }
    return {
      engine,
      heard,
      talker: (peer: string) => part(nativeTalker(engine, port, { room: 'r', peer })),
      hearer: (peer: string) => part(nativeHearer(engine, port, { room: 'r', peer })),
      bridge: (peer: string, role: { speaks: boolean; listens: boolean }) =>
        engine.openBridge({ room: 'r', peer, ...role }),
      say: (peer: string, opus: string, level = 20, timestamp = 960) =>
        engine.sendBridge({
          room: 'r',
          peer,
          packet: { opus: Buffer.from(opus), level, timestamp },
        }),
      async close() {
        for (const p of parts) p.close()
        await engine.close()
      },
    }
  }
  const EAR = { speaks: false, listens: true }
  const MOUTH = { speaks: true, listens: false }

  test('port: a listening bridge hears pages with level and numbers, and no other bridge', async () => {
    const w = await world()
    await w.bridge('ear', EAR)
    await w.bridge('phone', MOUTH)
    const a = await w.talker('a')
    a.say('one', 30)
    w.say('phone', 'not for bridges')
    a.say('two', 31)
    await until(() => w.heard.length >= 2)
    expect(w.heard.map(text)).toEqual(['a/mic one', 'a/mic two'])
    expect(w.heard.map((p) => [p.level, p.seq, p.timestamp])).toEqual([
      [30, 1, 960],
      [31, 2, 1920],
    ])
    await w.close()
  })

  test('port: what a bridge sends is a track "mic" with its level to the others', async () => {
    const w = await world()
    await w.bridge('phone', MOUTH)
    await w.bridge('ear', EAR)
    const b = await w.hearer('b')
    await until(() => b.tracks.length > 0)
    expect(b.tracks).toEqual(['phone/mic'])
    let n = 0
    await until(() => {
      w.say('phone', 'hello', 25, 960 * n++)
      return b.heard().length > 3
    })
    const [first, second] = b.heard()
    expect(first).toMatchObject({ text: 'hello', level: 25 })
    expect((second?.timestamp ?? 0) - (first?.timestamp ?? 0)).toBe(960)
    await w.close()
  })

  test('port: unpublish stops a bridge at once; opened again it speaks again', async () => {
    const w = await world()
    await w.bridge('phone', MOUTH)
    const b = await w.hearer('b')
    await until(() => b.tracks.length > 0)
    await w.engine.unpublish({ room: 'r', peer: 'phone', tracks: ['mic'] })
    await until(() => b.tracks.length === 0)
    w.say('phone', 'unheard')
    await w.bridge('phone', MOUTH)
    await until(() => b.tracks.length > 0)
    await until(() => {
      w.say('phone', 'heard')
      return b.heard().length > 0
    })
    expect(new Set(b.heard().map((p) => p.text))).toEqual(new Set(['heard']))
    await w.close()
  })

  test('port: a closed bridge is withdrawn and hears nothing more', async () => {
    const w = await world()
    await w.bridge('ear', EAR)
    await w.bridge('phone', MOUTH)
    const [a, b] = [await w.talker('a'), await w.hearer('b')]
    await until(() => b.tracks.length === 2)
    a.say('one', 30)
    await until(() => w.heard.length === 1)
    await w.engine.closePeer({ room: 'r', peer: 'ear' })
    await w.engine.closePeer({ room: 'r', peer: 'phone' })
    await until(() => b.tracks.length === 1)
    expect(b.tracks).toEqual(['a/mic'])
    const before = b.heard().length
    a.say('two', 30)
    await until(() => b.heard().length > before)
    expect(w.heard).toHaveLength(1)
    w.say('phone', 'too late')
    await w.close()
  })

  test('port: a peer is a bridge or has a connection, not both', async () => {
    const w = await world()
    await w.talker('a')
    await expect(w.bridge('a', MOUTH)).rejects.toMatchObject({ name: 'EngineError', code: 'peer' })
    await w.bridge('phone', MOUTH)
    await expect(w.talker('phone')).rejects.toMatchObject({ code: 'peer' })
    await w.close()
  })
})

test('a crash of the process is told with rooms of bridges, which can be opened anew', async () => {
  const port = await freePort()
  const engine = await createProcessEngine({
    port,
    announce: ['127.0.0.1'],
    workerPath: worker.workerPath,
  })
  const crashed: string[][] = []
  engine.on('crashed', (c) => crashed.push(c.rooms))
  await engine.openBridge({ room: 'r', peer: 'phone', speaks: true, listens: true })
  process.kill(processOf(worker.workerPath) as number, 'SIGKILL')
  const packet = { opus: Buffer.from('x'), level: 20, timestamp: 0 }
  engine.sendBridge({ room: 'r', peer: 'phone', packet })
  await until(() => crashed.length > 0)
  expect(crashed).toEqual([['r']])
  await engine.openBridge({ room: 'r', peer: 'phone', speaks: true, listens: true })
  await engine.close()
})
