import type { BoardAction } from '@yuntang/protocol'
import type { CDPSession, Page } from 'playwright-core'
import { PASSWORD, startServer } from './bench-server.ts'
import {
  BOARD,
  draw,
  MEMBERS,
  PER_SECOND,
  pause,
  SECONDS,
  STROKE,
  somePoints,
  stroke,
} from './board.ts'
import type { Bot } from './bot.ts'
import { launchBrowser } from './browser.ts'
import { enterBot, makeMeeting } from './meeting-bots.ts'

const PORT = 48_190
/** The most that a page takes (12 §1). */
const MOST = 5_000
/** A frame that takes longer is seen to stumble. */
const SLOW_MS = 33.4

/** The page that is drawn on, as full as leaves room for what the members draw. */
const fill = async (bot: Bot): Promise<number> => {
  const drawn = MEMBERS * Math.ceil((PER_SECOND * SECONDS) / STROKE)
  const count = MOST - drawn
  let first = 1
  const edit = (action: BoardAction) =>
    bot.call('board.edit', { first: first++, actions: [action] })
  await edit({ do: 'create', board: BOARD })
  const perPart = 250
  for (let from = 0; from < count; from += perPart) {
    const elements = Array.from({ length: Math.min(perPart, count - from) }, (_, i) =>
      stroke(`e${from + i}`, somePoints(STROKE)),
    )
    const more = from + perPart < count
    await edit({ do: 'page', boardID: BOARD.boardID, page: 0, img: '', elements, from, more })
  }
  await bot.call('pages.switch', { main: 2, sub: BOARD.boardID })
  return count
}

/** Signs in to the web app and enters; resolves when the board is on the screen. */
const openBoard = async (page: Page, id: number): Promise<void> => {
  await page.goto(`http://localhost:${PORT}/meeting/${id}`)
  const at = (testID: string) => page.getByTestId(testID)
  await at('login-account').fill('demo')
  await at('login-password').fill(PASSWORD)
  await at('login-name').fill('Watcher')
  await at('login-submit').click()
  await at('join-now').click()
  await at('board-paper').waitFor()
}

/** What a page did while something went on. */
interface Shown {
  /** Milliseconds between frames. */
  readonly frames: readonly number[]
  /** Share of a processor that the page's main thread took: other work on the machine leaves it as it is. */
  readonly main: number
}

/** Seconds of processor time that the page's main thread has taken, and of time. */
const mainSeconds = async (tools: CDPSession): Promise<readonly [number, number]> => {
  const { metrics } = await tools.send('Performance.getMetrics')
  const of = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN
  return [of('TaskDuration'), of('Timestamp')]
}

const framesDuring = async (page: Page, work: () => Promise<unknown>): Promise<Shown> => {
  const tools = await page.context().newCDPSession(page)
  await tools.send('Performance.enable', { timeDomain: 'threadTicks' })
  await page.evaluate(() => {
    const w = window as unknown as { frames: number[]; counting: boolean }
    w.frames = []
    w.counting = true
    let last = performance.now()
    const next = (now: number) => {
      w.frames.push(now - last)
      last = now
      if (w.counting) requestAnimationFrame(next)
    }
    requestAnimationFrame(next)
  })
  const [taken, from] = await mainSeconds(tools)
  await work()
  const [takenNow, to] = await mainSeconds(tools)
  const frames = await page.evaluate(() => {
    const w = window as unknown as { frames: number[]; counting: boolean }
    w.counting = false
    return w.frames.slice(1)
  })
  await tools.detach()
  return { frames, main: (takenNow - taken) / (to - from) }
}

const said = ({ frames, main }: Shown): string => {
  const slow = frames.filter((ms) => ms > SLOW_MS).length
  const sorted = [...frames].sort((a, b) => a - b)
  const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(0)
  return `${((100 * slow) / frames.length).toFixed(1)} % of ${frames.length} frames over 33 ms (median ${at(0.5)}, p99 ${at(0.99)} ms; main thread ${main.toFixed(2)} cores)`
}

/** Frame times of the web app’s whiteboard with as many elements as a page takes, while fifty members draw on it. */
export const framesBench = async (main: string, print: (line: string) => void): Promise<void> => {
  const server = await startServer(main, PORT)
  const browser = await launchBrowser()
  const bots: Bot[] = []
  try {
    const id = await makeMeeting(PORT)
    for (let i = 0; i < MEMBERS; i++) bots.push(await enterBot(PORT, `member${i}`, id))
    const before = await fill(bots[0] as Bot)
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await openBoard(page, id)
    await pause(3_000)
    const still = await framesDuring(page, () => pause(3_000))
    const busy = await framesDuring(page, () => draw(bots, 0))
    print(
      `frames: ${before} to ${MOST} elements of ${STROKE} points on the page: nobody draws: ${said(still)}; ` +
        `${MEMBERS} members draw ${PER_SECOND} points/s each: ${said(busy)}`,
    )
  } finally {
    for (const bot of bots) bot.close()
    await browser.close()
    await server.close()
  }
}
