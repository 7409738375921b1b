import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { LIMITS, parseServerFrame } from '@yuntang/protocol'
import WebSocket from 'ws'

const PORT = 48_130
const MEDIA_PORT = 48_140
const PASSWORD = 'bench'
/** Each sender keeps to the rate that the SDK allows. */
const SENDERS = 10
const RECEIVERS = 10
const PER_SECOND = LIMITS.commandsPerSecond
const SECONDS = 10
const TURN_MS = 5

/** A page without a browser that speaks the real protocol. */
class Bot {
  #id = 0
  #seen = 0
  #acked = 0
  readonly #answers = new Map<number, (result: unknown) => void>()
  onEvent: (event: string, data: { task?: string; error?: string }) => void = () => {}

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (raw) => this.#receive(raw.toString()))
  }

  static async login(userID: string): Promise<Bot> {
    const socket = new WebSocket(`ws://127.0.0.1:${PORT}/ws`)
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    const bot = new Bot(socket)
    const greeting = { protocol: LIMITS.protocolVersion, sdk: 'bench', instance: `bench-${userID}` }
    socket.send(JSON.stringify({ id: 1, method: 'session.hello', params: greeting }))
    const password = createHash('md5').update(PASSWORD).digest('hex')
    const login = { account: 'demo', password, nickName: userID, userID }
    await new Promise<unknown>((resolve) => bot.request('session.login', login, resolve))
    return bot
  }

  request(method: string, params: unknown, answered: (result: unknown) => void = () => {}): void {
    this.#id += 1
    this.#answers.set(this.#id, answered)
    this.socket.send(JSON.stringify({ id: this.#id, method, params }))
  }

  #receive(raw: string): void {
    const frame = parseServerFrame(raw)
    if (!frame) return
    if ('seq' in frame) this.#seen = frame.seq
    if ('id' in frame) {
      if (frame.error) throw new Error(frame.error.message)
      this.#answers.get(frame.id)?.(frame.result)
      this.#answers.delete(frame.id)
    } else if ('event' in frame) this.onEvent(frame.event, frame.data as { task?: string })
    const receipt = 'receipt' in frame && frame.receipt
    if (receipt || this.#seen - this.#acked >= 256) {
      this.#acked = this.#seen
      this.socket.send(JSON.stringify({ ack: this.#seen }))
    }
  }

  close(): void {
    this.socket.close(4001)
  }
}

const startServer = async (main: string, dataDir: string) => {
  const child = spawn(process.execPath, [main], {
    env: {
      ...process.env,
      PORT: String(PORT),
      MEDIA_PORT: String(MEDIA_PORT),
      PUBLIC_IP: '127.0.0.1',
      DATA_DIR: dataDir,
      APP_ACCOUNT: 'demo',
      APP_PASSWORD: PASSWORD,
      LOG_LEVEL: 'error',
    },
    stdio: 'ignore',
  })
  for (let i = 0; i < 300; i++) {
    const up = await fetch(`http://127.0.0.1:${PORT}/healthz`).then(
      (r) => r.ok,
      () => false,
    )
    if (up) return child
    await new Promise((r) => setTimeout(r, 100))
  }
  child.kill()
  throw new Error('The server did not get ready')
}

/** Sends the commands at their times, whatever the server does; answers how long each took, in ms. */
const run = async (senders: readonly Bot[]): Promise<number[]> => {
  const waits: number[] = []
  const open = new Map<string, number>()
  const total = senders.length * PER_SECOND * SECONDS
  const begin = performance.now()
  const finished = new Promise<void>((resolve, reject) => {
    for (const sender of senders)
      sender.onEvent = (event, { task = '', error }) => {
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
  const dataDir = mkdtempSync(path.join(tmpdir(), 'yuntang-bench-'))
  const server = await startServer(main, dataDir)
  const bots: Bot[] = []
  try {
    for (let i = 0; i < RECEIVERS; i++) bots.push(await Bot.login(`receiver${i}`))
    const senders: Bot[] = []
    for (let i = 0; i < SENDERS; i++) senders.push(await Bot.login(`sender${i}`))
    bots.push(...senders)
    const waits = await run(senders)
    print(
      `commands: ${SENDERS * PER_SECOND}/s from ${SENDERS} senders to ${RECEIVERS} receivers over loopback for ${SECONDS} s, ` +
        `to the confirmed result: median ${at(waits, 0.5)} ms, p99 ${at(waits, 0.99)} ms, most ${at(waits, 1)} ms`,
    )
  } finally {
    for (const bot of bots) bot.close()
    const ended = new Promise((resolve) => server.once('exit', resolve))
    server.kill('SIGTERM')
    await ended
    rmSync(dataDir, { recursive: true, force: true })
  }
}
