import { createHash } from 'node:crypto'
import {
  type In,
  LIMITS,
  type Method,
  type Out,
  parseServerFrame,
  type Requests,
} from '@yuntang/protocol'
import WebSocket from 'ws'
import { PASSWORD } from './bench-server.ts'

const ACK_FRAMES = 256
const ACK_CHARS = 1024 * 1024

const seqOf = (raw: Buffer): number | null => {
  const [, seq] = /^\{"seq":(\d+)/.exec(raw.toString('latin1', 0, 30)) ?? []
  return seq === undefined ? null : Number(seq)
}

/** A page without a browser that speaks the real protocol. */
export class Bot {
  #id = 0
  #seen = 0
  #acked = 0
  #unackedChars = 0
  readonly #answers = new Map<number, (result: unknown) => void>()
  onEvent: (event: string, data: never) => void = () => {}
  /** Acknowledges everything and looks into nothing, as cheaply as many pages elsewhere would be. */
  isDeaf = false

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (raw: Buffer) => {
      this.#unackedChars += raw.length
      if (this.isDeaf) this.#seen = seqOf(raw) ?? this.#seen
      else this.#receive(raw.toString())
      const isMuch = this.#seen - this.#acked >= ACK_FRAMES || this.#unackedChars >= ACK_CHARS
      if (isMuch) this.#acknowledge()
    })
  }

  static async login(port: number, userID: string): Promise<Bot> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`)
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    const bot = new Bot(socket)
    const greeting = { protocol: LIMITS.protocolVersion, sdk: 'bench', instance: `bench-${userID}` }
    socket.send(JSON.stringify({ id: 1, method: 'session.hello', params: greeting }))
    const password = createHash('md5').update(PASSWORD).digest('hex')
    await bot.call('session.login', { account: 'demo', password, nickName: userID, userID })
    return bot
  }

  /** Without `answered` nobody waits: what a busy machine sends in a burst may then be refused. */
  request(method: string, params: unknown, answered?: (result: unknown) => void): void {
    this.#id += 1
    if (!this.isDeaf && answered) this.#answers.set(this.#id, answered)
    this.socket.send(JSON.stringify({ id: this.#id, method, params }))
  }

  call<M extends Method>(method: M, params: In<Requests[M]>): Promise<Out<Requests[M]>> {
    return new Promise((resolve) =>
      this.request(method, params, (result) => resolve(result as Out<Requests[M]>)),
    )
  }

  #receive(raw: string): void {
    const frame = parseServerFrame(raw)
    if (!frame) return
    if ('seq' in frame) this.#seen = frame.seq
    if ('id' in frame) {
      const answered = this.#answers.get(frame.id)
      if (frame.error && (answered || frame.error.code !== 'rate.exceeded'))
        throw new Error(frame.error.message)
      answered?.(frame.result)
      this.#answers.delete(frame.id)
    } else if ('event' in frame) this.onEvent(frame.event, frame.data as never)
    if ('receipt' in frame && frame.receipt) this.#acknowledge()
  }

  #acknowledge(): void {
    this.#acked = this.#seen
    this.#unackedChars = 0
    this.socket.send(JSON.stringify({ ack: this.#seen }))
  }

  close(): void {
    this.socket.close(4001)
  }
}
