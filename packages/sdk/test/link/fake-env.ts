import type { LinkEnv, Socket } from '../../src/link/env.ts'

/** The far end of a socket, by hand. */
export class FakeSocket implements Socket {
  onopen: (() => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  onclose: (() => void) | null = null
  bufferedAmount = 0
  readonly sent: Record<string, unknown>[] = []
  closedWith: number | 'plain' | null = null
  constructor(readonly url: string) {}
  readonly binary: Uint8Array<ArrayBuffer>[] = []
  send(data: string | Uint8Array<ArrayBuffer>) {
    if (typeof data === 'string') this.sent.push(JSON.parse(data) as Record<string, unknown>)
    else this.binary.push(data)
  }
  close(code?: number) {
    this.closedWith ??= code ?? 'plain'
    this.onclose?.()
  }
  say(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) })
  }
  /** Frames that the page sent under this key. */
  of(key: string) {
    return this.sent.filter((frame) => key in frame)
  }
}

/** A clock turned by hand and a list of the sockets opened. */
export class FakeEnv implements LinkEnv {
  readonly sockets: FakeSocket[] = []
  private time = 0
  private timers: { at: number; run: () => void }[] = []

  openSocket(url: string) {
    const socket = new FakeSocket(url)
    this.sockets.push(socket)
    return socket
  }
  now() {
    return this.time
  }
  readonly farewells: [string, string][] = []
  farewell(url: string, text: string) {
    this.farewells.push([url, text])
  }
  /** No jitter: the longest waits. */
  random() {
    return 0
  }
  after(ms: number, run: () => void) {
    const timer = { at: this.time + ms, run }
    this.timers.push(timer)
    return () => {
      this.timers = this.timers.filter((other) => other !== timer)
    }
  }
  /** Time goes by without a timer being run: all that were due come late. */
  sleep(ms: number) {
    this.time += ms
  }
  get last() {
    return this.sockets.at(-1)!
  }
  /** Lets time pass, timers in order, promises in between. */
  async pass(ms: number) {
    const end = this.time + ms
    for (;;) {
      await settle()
      const next = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (!next) break
      this.timers = this.timers.filter((timer) => timer !== next)
      this.time = Math.max(this.time, next.at)
      next.run()
    }
    this.time = end
  }
}

/** Lets every promise chain run to its end. */
export const settle = () => new Promise<void>((resolve) => setImmediate(resolve))
