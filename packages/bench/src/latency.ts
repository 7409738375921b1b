import type { Page } from 'playwright-core'
import { launchBrowser } from './browser.ts'
import {
  acceptDirect,
  describeDirect,
  drawMoments,
  joinRoom,
  type Path,
  readMoments,
  type Seen,
  takeSeen,
} from './latency-page.ts'
import { roomOptions } from './room/options.ts'
import { startRoom } from './room.ts'

const PORT = 48_180
const ROUNDS = 6
/** Until the paths' first estimates and buffers have settled. */
const WARM_MS = 3_000
const MEASURE_MS = 8_000
/** Milliseconds that the way through the server may be longer than the direct one. */
const TARGET = 10

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Connects the pages on one path; the viewer reads moments when this is done. */
const connect = async (path: Path, sender: Page, viewer: Page, url: string) => {
  const sessions: string[] = []
  if (path === 'sfu') {
    sessions.push(await sender.evaluate(joinRoom, '/whip/clock' as const))
    sessions.push(await viewer.evaluate(joinRoom, '/whep?from=clock' as const))
  } else {
    const offer = await sender.evaluate(describeDirect, null)
    const answer = await viewer.evaluate(describeDirect, offer)
    await sender.evaluate(acceptDirect, answer)
  }
  const at = await viewer.evaluate(() => {
    return (window as unknown as { connections: unknown[] }).connections.length - 1
  })
  await viewer.evaluate(readMoments, [path, at] as const)
  return async () => {
    for (const session of sessions) await fetch(url + session, { method: 'DELETE' })
  }
}

/** Both paths at once from one picture, so that a busy moment of the machine hits both. */
const round = async (paths: readonly Path[], sender: Page, viewer: Page, url: string) => {
  const ends: (() => Promise<void>)[] = []
  for (const path of paths) ends.push(await connect(path, sender, viewer, url))
  await wait(WARM_MS)
  const before = await viewer.evaluate(() => {
    const { seen } = window as unknown as { seen: Record<Path, unknown[]> }
    return { sfu: seen.sfu.length, direct: seen.direct.length }
  })
  await wait(MEASURE_MS)
  const seen = await viewer.evaluate(takeSeen)
  await sender.evaluate(takeSeen)
  for (const end of ends) await end()
  return { sfu: seen.sfu.slice(before.sfu), direct: seen.direct.slice(before.direct) }
}

const at = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN
const three = (values: readonly number[]): string =>
  [0.5, 0.9, 0.99].map((share) => at(values, share).toFixed(1)).join(' / ')

/** How much longer each frame took through the server than on the direct path, where both showed it. */
const differences = (sfu: readonly Seen[], direct: readonly Seen[]): number[] => {
  const straight = new Map(direct.map((s) => [s.stamp, s.delay]))
  return sfu.flatMap(({ stamp, delay }) => {
    const other = straight.get(stamp)
    return other === undefined ? [] : (delay - other) / 10
  })
}

/**
 * From drawing on one page to the frame callback of another, through the engine and directly from page
 * to page: Chromium's own share is in both, the difference is ours.
 */
export const latencyBench = async (print: (line: string) => void): Promise<void> => {
  const options = roomOptions(['--port', `${PORT}`, '--media-port', `${PORT + 1}`])
  const room = await startRoom({ ...options, every: 3600 }, () => {})
  const browser = await launchBrowser([
    // The direct path needs addresses that the other page can reach.
    '--disable-features=WebRtcHideLocalIpsWithMdns',
    '--disable-background-timer-throttling',
    '--disable-renderer-backgrounding',
    '--disable-backgrounding-occluded-windows',
  ])
  try {
    const openPage = async () => {
      const page = await (await browser.newContext()).newPage()
      await page.goto(room.url)
      return page
    }
    const [sender, viewer] = [await openPage(), await openPage()]
    await sender.evaluate(drawMoments)
    const all: Record<Path, Seen[]> = { sfu: [], direct: [] }
    const longer: number[] = []
    for (let i = 0; i < ROUNDS; i++) {
      const order: Path[] = i % 2 ? ['direct', 'sfu'] : ['sfu', 'direct']
      const { sfu, direct } = await round(order, sender, viewer, room.url)
      all.sfu.push(...sfu)
      all.direct.push(...direct)
      longer.push(...differences(sfu, direct))
    }
    const ms = (path: Path) => all[path].map((s) => s.delay / 10)
    const difference = at(ms('sfu'), 0.5) - at(ms('direct'), 0.5)
    print(
      `latency, glass to glass, median / p90 / p99: through the engine ${three(ms('sfu'))} ms (${all.sfu.length} frames), ` +
        `page to page ${three(ms('direct'))} ms (${all.direct.length} frames); medians differ by ${difference.toFixed(1)} ms ` +
        `(target ${TARGET}), frame by frame ${three(longer)} ms (${longer.length} frames, ${ROUNDS} rounds)`,
    )
  } finally {
    await browser.close()
    await room.close()
  }
}
