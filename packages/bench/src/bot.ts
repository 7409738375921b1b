import { createHash } from 'node:crypto'
import { LIMITS, parseServerFrame } from '@yuntang/protocol'
import WebSocket from 'ws'
import { PASSWORD } from './bench-server.ts'

/** A page without a browser that speaks the real protocol. */
export class Bot {
  #id = 0
  #seen = 0
  #acked = 0
  readonly #answers = new Map<number, (result: unknown) => void>()
  onEvent: (event: string, data: { task?: string; error?: string }) => void = () => {}

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (raw) => this.#receive(raw.toString()))
  }

  static async login(port: number, userID: string): Promise<Bot> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`)
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
