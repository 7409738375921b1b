import type { BoardAction, BoardDraft, Events } from '@yuntang/protocol'
import { startServer } from './bench-server.ts'
import { Bot } from './bot.ts'
import { enterBot, makeMeeting } from './meeting-bots.ts'
import { cpuSeconds } from './processes.ts'

const PORT = 48_170
export const MEMBERS = 50
/** Of the fifty, so many look at what the others draw. */
const WATCHERS = 10
export const PER_SECOND = 30
export const SECONDS = 10
/** Points of one stroke, then the next begins. */
export const STROKE = 45
const TURN_MS = 5
/** Elements on the two pages of a large board. */
const ELEMENTS = 10_000
const JOINS = 7

export const BOARD = { boardID: 'drawing', title: '', width: 1280, height: 720, pageCount: 1 }
const LARGE = { ...BOARD, boardID: 'large', pageCount: 2 }

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const at = (sorted: readonly number[], share: number) =>
  (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(0)
const ascending = (values: number[]) => values.sort((a, b) => a - b)

export const stroke = (elementID: string, points: readonly number[]): BoardDraft => ({
  elementID,
  type: 1,
  left: 100,
  top: 100,
  color: '#ff0000',
  lineWidth: 3,
  points,
})

const tenth = (value: number) => Math.round(value * 10) / 10

/** `count` points as a hand draws them: close to each other, going on from `from` or beginning anywhere. */
export const somePoints = (count: number, from: readonly number[] = []): number[] => {
  let [x = Math.random() * 1000, y = Math.random() * 500] = from.slice(-2)
  const turn = Math.random() * 2 * Math.PI
  return Array.from({ length: count }, () => {
    x = tenth(x + 6 * Math.cos(turn) + 8 * (Math.random() - 0.5))
    y = tenth(y + 6 * Math.sin(turn) + 8 * (Math.random() - 0.5))
    return [x, y]
  }).flat()
}

/** Two pages full of strokes, in parts that fit a frame. */
const fill = async (bot: Bot): Promise<void> => {
  let first = 1
  const edit = (action: BoardAction) =>
    bot.call('board.edit', { first: first++, actions: [action] })
  await edit({ do: 'create', board: BOARD })
  await edit({ do: 'create', board: LARGE })
  const perPage = ELEMENTS / 2
  const perPart = 250
  for (const page of [0, 1])
    for (let from = 0; from < perPage; from += perPart) {
      const elements = Array.from({ length: perPart }, (_, i) =>
        stroke(`p${page}e${from + i}`, somePoints(STROKE)),
      )
      const more = from + perPart < perPage
      await edit({ do: 'page', boardID: LARGE.boardID, page, img: '', elements, from, more })
    }
}

/** Milliseconds from entering to having everything that is on all boards. */
const join = async (userID: string, id: number): Promise<number> => {
  const bot = await Bot.login(PORT, userID)
  const begin = performance.now()
  const devices = { mic: false, cameras: [], defaultVideo: 0, multiVideo: false }
  await bot.call('meetings.enter', { id, password: '', nickName: userID, devices })
  let elements = 0
  for (let cut: number | null = null, from = 0; ; ) {
    const part: { n: number; next: number | null; pages: { elements: object[] }[] } =
      await bot.call('board.read', { cut, from })
    elements += part.pages.reduce((sum, page) => sum + page.elements.length, 0)
    if (part.next === null) break
    cut = part.n
    from = part.next
  }
  const took = performance.now() - begin
  bot.close()
  if (elements < ELEMENTS) throw new Error(`Only ${elements} elements were read`)
  return took
}

/** One member's strokes, a point at a time; each content says when it left. */
const createPen = (bot: Bot, name: string) => {
  let points: number[] = []
  let strokes = 0
  let first = 1
  return () => {
    const isNew = points.length === 0
    if (isNew) strokes += 1
    points.push(...somePoints(1, points))
    const element = { ...stroke(`${name}-${strokes}`, points), sentAt: performance.now() }
    if (points.length === 2 * STROKE) points = []
    const action = { do: isNew ? 'add' : 'modify', boardID: BOARD.boardID, page: 0, element }
    bot.request('board.edit', { first: first++, actions: [action] })
  }
}

/** Everybody draws for some seconds; answers how long points took to those who watch, in ms. */
export const draw = async (members: readonly Bot[], watchers = WATCHERS): Promise<number[]> => {
  const waits: number[] = []
  members.forEach((bot, i) => {
    bot.isDeaf = i >= watchers
    bot.onEvent = (event, data: Events['board.changed']) => {
      if (event !== 'board.changed') return
      const now = performance.now()
      for (const fact of data.facts)
        if ((fact.do === 'add' || fact.do === 'modify') && fact.by !== `member${i}`)
          waits.push(now - Number((fact.element as BoardDraft).sentAt))
    }
  })
  const pens = members.map((bot, i) => createPen(bot, `m${i}`))
  const sent = members.map(() => 0)
  const begin = performance.now()
  for (let passed = 0; passed < SECONDS; passed = (performance.now() - begin) / 1000) {
    pens.forEach((pen, i) => {
      // People do not draw in step.
      const due = passed * PER_SECOND - i / members.length
      // A hand does not make up for what this process was kept from doing.
      sent[i] = Math.max(sent[i] as number, due - PER_SECOND / 2)
      for (; (sent[i] as number) < due; sent[i] = (sent[i] as number) + 1) pen()
    })
    await pause(TURN_MS)
  }
  await pause(500)
  return waits
}

/** Fifty members draw on one board at once; one more enters a meeting with a large board. */
export const boardBench = async (main: string, print: (line: string) => void): Promise<void> => {
  const server = await startServer(main, PORT)
  const bots: Bot[] = []
  try {
    const id = await makeMeeting(PORT)
    for (let i = 0; i < MEMBERS; i++) bots.push(await enterBot(PORT, `member${i}`, id))
    const filler = await enterBot(PORT, 'filler', id)
    bots.push(filler)
    await fill(filler)
    await pause(2_000)
    const joins: number[] = []
    for (let i = 0; i < JOINS; i++) joins.push(await join(`late${i}`, id))
    ascending(joins)
    print(
      `board: complete state of ${ELEMENTS} elements of ${STROKE} points after entering: ` +
        `median ${at(joins, 0.5)} ms, most ${at(joins, 1)} ms over ${JOINS} joins`,
    )
    const used = cpuSeconds(server.pid)
    const from = performance.now()
    const waits = ascending(await draw(bots.slice(0, MEMBERS)))
    const cores = ((cpuSeconds(server.pid) - used) / (performance.now() - from)) * 1000
    print(
      `board: ${MEMBERS} members draw ${PER_SECOND} points/s each for ${SECONDS} s, over loopback: ` +
        `elsewhere after median ${at(waits, 0.5)} ms, p95 ${at(waits, 0.95)} ms, ` +
        `most ${at(waits, 1)} ms; the server takes ${cores.toFixed(2)} cores`,
    )
  } finally {
    for (const bot of bots) bot.close()
    await server.close()
  }
}
