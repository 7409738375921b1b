import { afterAll, beforeAll, expect, test } from 'vitest'
import { createProcessEngine, type MediaEngine } from '../src/index.ts'
import { isFromWorker, isToWorker } from '../src/process/messages.ts'
import { chromiumPub, chromiumSub } from './support/fixtures.ts'
import { CAM, MIC } from './support/page.ts'
import { freePort, until } from './support/wait.ts'
import { bundleWorker, processesOf } from './support/worker-file.ts'

let worker: Awaited<ReturnType<typeof bundleWorker>>
let workerPath: string
const engines: MediaEngine[] = []

beforeAll(async () => {
  worker = await bundleWorker()
  workerPath = worker.workerPath
})
afterAll(async () => {
  await Promise.all(engines.map((e) => e.close()))
  await worker.remove()
})

const open = async (processes = 1) => {
  const port = await freePort()
  const engine = await createProcessEngine({ port, processes, workerPath })
  engines.push(engine)
  return { engine, port }
}

const children = () => processesOf(workerPath)

const join = async (engine: MediaEngine, room: string) => {
  await engine.publish({ room, peer: 'a', offer: chromiumPub, tracks: [MIC, CAM] })
  return engine.receive({ room, peer: 'b', offer: chromiumSub })
}

test('calls, events and refusals cross the process', async () => {
  const { engine, port } = await open()
  const offers: string[] = []
  engine.on('offer', (o) => offers.push(`${o.room}/${o.peer} ${o.tracks.map((t) => t.track)}`))
  const { answer } = await join(engine, 'r')
  expect(answer).toContain(` ${port} typ host`)
  await until(() => offers.length > 0)
  expect(offers).toEqual(['r/b mic'])
  await expect(
    engine.publish({ room: 'r', peer: 'a', offer: 'x', tracks: [] }),
  ).rejects.toMatchObject({ name: 'EngineError', code: 'sdp' })
  await engine.close()
  await engine.close()
  expect(children()).toEqual([])
  await expect(join(engine, 'r')).rejects.toMatchObject({ code: 'closed' })
})

test('a crash is told with its rooms, and the process comes back', async () => {
  const { engine } = await open()
  const crashed: string[][] = []
  engine.on('crashed', (c) => crashed.push(c.rooms))
  await join(engine, 'one')
  await join(engine, 'two')
  const [pid] = children()
  process.kill(pid as number, 'SIGKILL')
  await until(() => crashed.length > 0)
  expect(crashed[0]?.sort()).toEqual(['one', 'two'])
  expect((await join(engine, 'one')).answer).toContain('a=inactive')
  expect(children()).not.toContain(pid)
  await engine.close()
})

test('a call that a crash interrupts is refused', async () => {
  const { engine } = await open()
  await join(engine, 'r')
  const [pid] = children()
  process.kill(pid as number, 'SIGSTOP')
  const call = engine.watch({ room: 'r', peer: 'b', wishes: [] })
  process.kill(pid as number, 'SIGKILL')
  await expect(call).rejects.toMatchObject({ code: 'closed' })
  await engine.close()
})

test('rooms are spread over processes, each with its own port; a crash costs its rooms only', async () => {
  const { engine, port } = await open(2)
  const crashed: string[][] = []
  engine.on('crashed', (c) => crashed.push(c.rooms))
  expect((await join(engine, 'one')).answer).toContain(` ${port} typ host`)
  expect((await join(engine, 'two')).answer).toContain(` ${port + 1} typ host`)
  const [first] = children().sort((a, b) => a - b)
  process.kill(first as number, 'SIGKILL')
  await until(() => crashed.length > 0)
  expect(crashed).toHaveLength(1)
  expect(crashed[0]).toHaveLength(1)
  await engine.close()
})

test('a taken port refuses the start with one plain sentence and leaves no process', async () => {
  const { engine, port } = await open()
  const before = children().length
  await expect(createProcessEngine({ port, workerPath })).rejects.toThrow(/UDP port \d+ is taken/)
  await until(() => children().length === before)
  await engine.close()
})

test('messages of another shape are dropped', () => {
  for (const m of [null, 1, 'open', {}, { type: 'call', id: 1, name: 'close' }])
    expect([isToWorker(m), isFromWorker(m)]).toEqual([false, false])
  expect(isToWorker({ type: 'call', id: 1, name: 'constructor', argument: {} })).toBe(false)
  expect(isFromWorker({ type: 'event', name: 'other', data: {} })).toBe(false)
  expect(isToWorker({ type: 'call', id: 1, name: 'watch', argument: {} })).toBe(true)
})
