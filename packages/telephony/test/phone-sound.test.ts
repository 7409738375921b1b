import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CodecName, createPhoneSound, type Line } from '../src/index.ts'
import { memoryRooms } from './support/memory-rooms.ts'
import { openTelephone, type Telephone } from './support/telephone.ts'
import { amplitudeOf, tone } from './support/tone.ts'
import { until } from './support/wait.ts'

const here = path.dirname(fileURLToPath(import.meta.url))
let dir: string
let bundled: string

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'phone-worker-'))
  bundled = path.join(dir, 'phone-worker.mjs')
  await symlink(path.resolve(here, '../../../node_modules'), path.join(dir, 'node_modules'))
  await build({
    entryPoints: [path.resolve(here, '../src/worker.ts')],
    outfile: bundled,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  })
})
afterAll(() => rm(dir, { recursive: true }))

const SECOND = 50

let nextPort = 20_000 + (process.pid % 2_000) * 10

const world = async (workerPath?: string, bind = '127.0.0.1') => {
  const memory = memoryRooms()
  const log: string[] = []
  const first = nextPort
  nextPort += 10
  const sound = createPhoneSound({
    rooms: memory.rooms,
    ports: { first, last: first + 7 },
    bind,
    ...(workerPath ? { workerPath } : {}),
    log: (_level, text) => log.push(text),
  })
  const phones: Telephone[] = []
  return {
    ...memory,
    sound,
    log,
    first,
    /** A telephone whose call is answered; it says a tone. */
    async call(hz: number, codec: CodecName = 'PCMA') {
      const [line, phone] = [await sound.open(), await openTelephone(codec)]
      phones.push(phone)
      line.connect(phone.target)
      phone.speak(line.port, hz)
      return { line, phone }
    },
    async close() {
      for (const phone of phones) phone.close()
      await sound.close()
    },
  }
}

const hears = (phone: Telephone, hz: number) => amplitudeOf(phone.last(SECOND / 2), hz, 8_000)

describe.each([
  ['in this thread', () => undefined],
  ['in a thread of its own', () => bundled],
])('telephones %s', (_name, workerPath) => {
  test('two telephones and a page in a room: each hears the others, none itself', async () => {
    const w = await world(workerPath())
    const a = await w.call(440)
    const b = await w.call(700, 'PCMU')
    await w.sound.join(a.line, { room: 'r', peer: 'a' })
    await w.sound.join(b.line, { room: 'r', peer: 'b' })
    const stop = w.sing('r', 1_200)
    await until(() => hears(b.phone, 440) > 6_000 && hears(b.phone, 1_200) > 5_000)
    await until(() => hears(a.phone, 700) > 6_000 && hears(a.phone, 1_200) > 5_000)
    // A frame that the busy machine lost in between leaks into all frequencies: a window without one.
    await until(() => hears(a.phone, 700) > 6_000 && hears(a.phone, 440) < 400)
    await until(() => hears(b.phone, 440) > 6_000 && hears(b.phone, 700) < 400)
    await until(() => (w.spoken.get('r/a') ?? []).length > SECOND / 2)
    // A window in which the busy machine lost nothing.
    await until(() => {
      const said = w.said('r', 'a', SECOND / 2)
      return amplitudeOf(said, 440, 48_000) > 4_000 && amplitudeOf(said, 700, 48_000) < 200
    })
    // 8,000 of 32,768 as a tone are −15 dBov.
    const levels = (w.spoken.get('r/a') ?? []).slice(-SECOND / 2).map((p) => p.level)
    expect(levels.sort((x, y) => x - y)[10]).toBeGreaterThanOrEqual(14)
    expect(levels[10]).toBeLessThanOrEqual(17)
    stop()
    await w.close()
  })

  test('RFC 4733: each press is told once, both ways', async () => {
    const w = await world(workerPath())
    const { line, phone } = await w.call(0)
    const pressed: string[] = []
    line.on('digit', (d) => pressed.push(d))
    phone.press(5, 50_000)
    phone.press(11, 60_000)
    await until(() => pressed.length === 2)
    line.press('7')
    await until(() => phone.digits.length >= 7)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(pressed).toEqual(['5', '#'])
    expect(phone.digits.map((p) => [p[0], (p[1] as number) >> 7])).toEqual([
      ...Array.from({ length: 4 }, () => [7, 0]),
      ...Array.from({ length: 3 }, () => [7, 1]),
    ])
    await w.close()
  })

  test('port: a line outside rooms says what it is told, and is heard', async () => {
    const w = await world(workerPath())
    const { line, phone } = await w.call(600)
    let heard = 0
    const off = line.heard((frame, level) => {
      if (frame.length === 960 && level > 0.1 && amplitudeOf(frame, 600, 48_000) > 6_000) heard++
    })
    await until(() => heard > 5)
    off()
    line.say(tone(900, 48_000 * 2, 48_000))
    await until(() => hears(phone, 900) > 6_000)
    line.hush()
    await until(() => amplitudeOf(phone.last(5), 900, 8_000) < 50)
    // The quiet of a line is not dead.
    expect(phone.last(5).some((x) => x !== 0)).toBe(true)
    await w.close()
  })

  test('RFC 3264 §8.4: a held telephone gets nothing, and its music does not reach the room', async () => {
    const w = await world(workerPath())
    const { line, phone } = await w.call(440)
    await w.sound.join(line, { room: 'r', peer: 'a' })
    const said = () => w.spoken.get('r/a')?.length ?? 0
    await until(() => phone.heard.length > 5 && said() > 5)
    line.hold(true)
    // What was said before ends with its pause: 400 ms.
    await until(() => (w.spoken.get('r/a')?.at(-1)?.level ?? 0) === 127)
    await new Promise((resolve) => setTimeout(resolve, 500))
    const before = [phone.heard.length, said()]
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect([phone.heard.length, said()]).toEqual(before)
    line.hold(false)
    await until(() => phone.heard.length > (before[0] ?? 0) && said() > (before[1] ?? 0))
    await w.close()
  })

  test('a muted telephone is heard by nobody and hears all; silence is not sent', async () => {
    const w = await world(workerPath())
    const a = await w.call(440)
    const b = await w.call(0)
    await w.sound.join(a.line, { room: 'r', peer: 'a' })
    await w.sound.join(b.line, { room: 'r', peer: 'b', isMuted: true })
    expect(w.bridges.get('r/b')).toEqual({ speaks: false, listens: false })
    await until(() => hears(b.phone, 440) > 6_000)
    await w.sound.mute(a.line, true)
    expect(w.bridges.get('r/a')?.speaks).toBe(false)
    await until(() => amplitudeOf(b.phone.last(5), 440, 8_000) < 50)
    const said = w.spoken.get('r/a')?.length
    await w.sound.mute(b.line, false)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(w.spoken.get('r/a')?.length).toBe(said)
    expect(w.spoken.get('r/b')).toBeUndefined()
    await w.close()
  })

  test('nobody else on the network is heard (RFC 3550 §5.1 says nothing of who sends)', async () => {
    const w = await world(workerPath())
    const { line, phone } = await w.call(440)
    const stranger = await openTelephone()
    let foreign = 0
    line.heard((frame) => {
      if (amplitudeOf(frame, 1_000, 48_000) > 1_000) foreign++
    })
    await until(() => phone.heard.length > 10)
    stranger.speak(line.port, 1_000)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(foreign).toBe(0)
    stranger.close()
    await w.close()
  })

  test('a closed line has left its room and gives its ports back; the range is all there is', async () => {
    const w = await world(workerPath())
    const lines: Line[] = []
    for (let i = 0; i < 4; i++) lines.push(await w.sound.open())
    expect(lines.map((l) => l.port).sort()).toEqual([0, 2, 4, 6].map((n) => w.first + n))
    await expect(w.sound.open()).rejects.toThrow(/No UDP port of \d+ to \d+ is free/)
    await w.sound.join(lines[0] as Line, { room: 'r', peer: 'a' })
    await w.sound.join(lines[1] as Line, { room: 'r', peer: 'b' })
    lines[0]?.close()
    lines[0]?.close()
    expect([...w.bridges.keys()].sort()).toEqual(['r/b', 'r/telephones'])
    await expect(w.sound.join(lines[0] as Line, { room: 'r', peer: 'a' })).rejects.toThrow(
      'The line is closed',
    )
    expect((await w.sound.open()).port).toBe(w.first)
    const late = w.sound.open()
    await Promise.all([w.close(), expect(late).rejects.toThrow('ended')])
    expect([...w.bridges.keys()]).toEqual([])
    expect(w.listeners()).toBe(0)
    await expect(w.sound.open()).rejects.toThrow('ended')
  })

  test('after a crash of the engine all bridges are opened anew, and sound goes on', async () => {
    const w = await world(workerPath())
    const a = await w.call(440)
    await w.sound.join(a.line, { room: 'r', peer: 'a' })
    const stop = w.sing('r', 900)
    await until(() => hears(a.phone, 900) > 5_000)
    w.crash('r')
    expect([...w.bridges.keys()].sort()).toEqual(['r/a', 'r/telephones'])
    const before = a.phone.heard.length
    await until(() => a.phone.heard.length > before + SECOND && hears(a.phone, 900) > 5_000)
    stop()
    await w.close()
  })
})

test('a thread that dies takes its lines along, tells so, and the next line has a new one', async () => {
  const dying = path.join(dir, 'dying.mjs')
  await writeFile(
    dying,
    `import './phone-worker.mjs'
import { parentPort } from 'node:worker_threads'
parentPort.on('message', (m) => { if (m.type === 'press') throw new Error('as if by a bug') })`,
  )
  const w = await world(dying)
  const { line } = await w.call(0)
  const lost: Line[] = []
  w.sound.on('lost', (l) => lost.push(l))
  await w.sound.join(line, { room: 'r', peer: 'a' })
  line.press('1')
  await until(() => lost.length > 0)
  expect(lost).toEqual([line])
  expect(w.log).toEqual(['the thread of telephones ended'])
  await until(() => w.bridges.size === 0)
  const again = await w.call(0)
  await until(() => again.phone.heard.length > 5)
  await w.close()
})

test('RFC 7587: a telephone that speaks Opus hears what is above 4 kHz', async () => {
  const w = await world()
  const wide = await w.call(5_000, 'opus')
  const narrow = await w.call(440)
  await w.sound.join(wide.line, { room: 'r', peer: 'wide' })
  await w.sound.join(narrow.line, { room: 'r', peer: 'narrow' })
  const stop = w.sing('r', 6_000)
  const hears = (hz: number) => amplitudeOf(wide.phone.last(SECOND / 2), hz, 48_000)
  await until(() => hears(440) > 5_000 && hears(6_000) > 2_000)
  await until(() => (w.spoken.get('r/wide') ?? []).length > SECOND / 2)
  await until(() => amplitudeOf(w.said('r', 'wide', SECOND / 2), 5_000, 48_000) > 2_000)
  stop()
  await w.close()
})

test('bound to all of IPv6, telephones of IPv4 are reached and heard too', async () => {
  const w = await world(undefined, '::')
  const { line, phone } = await w.call(600)
  let heard = 0
  line.heard((frame) => {
    if (amplitudeOf(frame, 600, 48_000) > 6_000) heard++
  })
  await until(() => heard > 5 && phone.heard.length > 5)
  await w.close()
})

test('60 calls leave nothing behind: no handle, no bridge', async () => {
  const handles = () => process.getActiveResourcesInfo().filter((r) => r === 'UDPWRAP').length
  const before = handles()
  const w = await world()
  for (let n = 0; n < 15; n++) {
    const calls = await Promise.all([1, 2, 3, 4].map((i) => w.call(i * 300)))
    for (const [i, { line }] of calls.entries())
      await w.sound.join(line, { room: `r${n}`, peer: `p${i}` })
    for (const { line, phone } of calls) {
      line.close()
      phone.close()
    }
  }
  expect(w.bridges.size).toBe(0)
  await w.sound.close()
  await until(() => handles() === before)
})

test('closing ends a thread that does not answer any more', async () => {
  const stuck = path.join(dir, 'stuck.mjs')
  await writeFile(
    stuck,
    `import './phone-worker.mjs'
import { parentPort } from 'node:worker_threads'
parentPort.on('message', (m) => { while (m.type === 'press'); })`,
  )
  const w = await world(stuck)
  const { line } = await w.call(0)
  line.press('1')
  await w.close()
  expect(w.log).toEqual([])
})
