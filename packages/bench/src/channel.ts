import { LIMITS } from '@yuntang/protocol'
import { startServer } from './bench-server.ts'
import { Bot } from './bot.ts'

const PORT = 48_130
/** Each sender keeps to the rate that the SDK allows. */
const SENDERS = 10
const RECEIVERS = 10
const PER_SECOND = LIMITS.commandsPerSecond
const SECONDS = 10
const TURN_MS = 5

/** Sends the commands at their times, whatever the server does; answers how long each took, in ms. */
const run = async (senders: readonly Bot[]): Promise<number[]> => {
  const waits: number[] = []
  const open = new Map<string, number>()
  const total = senders.length * PER_SECOND * SECONDS
  const begin = performance.now()
  const finished = new Promise<void>((resolve, reject) => {
    for (const sender of senders)
      sender.onEvent = (event, { task = '', error }: { task?: string; error?: string }) => {
        if (event !== 'channel.settled') return
        if (error) reject(new Error(error))
        waits.push(performance.now() - (open.get(task) ?? Number.NaN))
        open.delete(task)
        if (waits.length === total) resolve()
      }
  })
  let sent = 0
  const timer = setInterval(() => {
    const due = Math.min(PER_SECOND * SECONDS, ((performance.now() - begin) / 1000) * PER_SECOND)
    for (; sent < due; sent++)
      for (const [s, sender] of senders.entries()) {
        const task = `${s}-${sent}`
        open.set(task, performance.now())
        const to = `receiver${(s + sent) % RECEIVERS}`
        sender.request('channel.command', { task, to, data: `command ${sent} of a bot` })
      }
    if (sent >= PER_SECOND * SECONDS) clearInterval(timer)
  }, TURN_MS)
  await finished
  return waits.sort((a, b) => a - b)
}

const at = (sorted: readonly number[], share: number) =>
  (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(1)

/** Commands per second through one server, from the request to the confirmed result. */
export const channelBench = async (main: string, print: (line: string) => void): Promise<void> => {
  const server = await startServer(main, PORT)
  const bots: Bot[] = []
  try {
    for (let i = 0; i < RECEIVERS; i++) bots.push(await Bot.login(PORT, `receiver${i}`))
    const senders: Bot[] = []
    for (let i = 0; i < SENDERS; i++) senders.push(await Bot.login(PORT, `sender${i}`))
    bots.push(...senders)
    const waits = await run(senders)
    print(
      `commands: ${SENDERS * PER_SECOND}/s from ${SENDERS} senders to ${RECEIVERS} receivers over loopback for ${SECONDS} s, ` +
        `to the confirmed result: median ${at(waits, 0.5)} ms, p99 ${at(waits, 0.99)} ms, most ${at(waits, 1)} ms`,
    )
  } finally {
    for (const bot of bots) bot.close()
    await server.close()
  }
}
