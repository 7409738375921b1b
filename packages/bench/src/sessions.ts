import { startServer } from './bench-server.ts'
import { Bot } from './bot.ts'
import { residentKb } from './processes.ts'

const PORT = 48_150
const SESSIONS = 5_000
const WATCHERS = 500
/** Logins on their way at a time: a server takes a bounded number of strangers per address. */
const AT_ONCE = 100
const CHANGES = 20
/** Changes of one user are merged for this long before they are told (spec 02 §7), so they are spaced. */
const APART_MS = 250
const SETTLE_MS = 3_000

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const at = (sorted: readonly number[], share: number) =>
  (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(0)

const connectAll = async (bots: Bot[]): Promise<void> => {
  let next = 0
  const line = async () => {
    while (next < SESSIONS) {
      const i = next++
      bots.push(await Bot.login(PORT, `user${i}`))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, line))
}

/** Each change of one user's do-not-disturb reaches every watcher; milliseconds until each had it. */
const tellWatchers = async (watchers: readonly Bot[], actor: Bot): Promise<number[]> => {
  const waits: number[] = []
  for (let i = 1; i <= CHANGES; i++) {
    const from = performance.now()
    let left = watchers.length
    const told = new Promise<void>((resolve) => {
      for (const watcher of watchers)
        watcher.onEvent = (event) => {
          if (event !== 'presence.changed') return
          waits.push(performance.now() - from)
          left -= 1
          if (left === 0) resolve()
        }
    })
    actor.request('presence.setDnd', { value: i })
    await told
    await pause(APART_MS)
  }
  return waits.sort((a, b) => a - b)
}

/** Many sessions over real WebSockets on one server process: memory of each, and how status spreads. */
export const sessionsBench = async (main: string, print: (line: string) => void): Promise<void> => {
  const server = await startServer(main, PORT)
  const bots: Bot[] = []
  try {
    // The first login makes what every later one uses.
    bots.push(await Bot.login(PORT, 'first'))
    await pause(SETTLE_MS)
    const before = residentKb(server.pid)
    const from = performance.now()
    await connectAll(bots)
    const seconds = (performance.now() - from) / 1000
    await pause(SETTLE_MS)
    const each = (residentKb(server.pid) - before) / SESSIONS
    print(
      `sessions: ${SESSIONS} logged in over WebSockets in ${seconds.toFixed(1)} s, ` +
        `${each.toFixed(1)} KiB of the server's memory each`,
    )
    const watchers = bots.slice(1, 1 + WATCHERS)
    await Promise.all(
      watchers.map((w) => new Promise((done) => w.request('presence.watch', {}, done))),
    )
    const waits = await tellWatchers(watchers, bots[0] as Bot)
    print(
      `presence: a change reaches ${WATCHERS} watchers among ${SESSIONS} sessions: ` +
        `median ${at(waits, 0.5)} ms, p99 ${at(waits, 0.99)} ms (200 ms of them merge changes)`,
    )
  } finally {
    for (const bot of bots) bot.close()
    await server.close()
  }
}
