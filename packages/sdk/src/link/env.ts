/** The part of WebSocket that a link uses. */
export interface Socket {
  onopen: (() => void) | null
  onmessage: ((event: { data: unknown }) => void) | null
  onclose: (() => void) | null
  send(data: string | Uint8Array<ArrayBuffer>): void
  /** Bytes given to `send` that have not left the page yet. */
  readonly bufferedAmount: number
  close(code?: number): void
}

/** What a link needs from its surroundings. Times in milliseconds. */
export interface LinkEnv {
  /** Throws when the URL may not be opened from this page. */
  openSocket(url: string): Socket
  now(): number
  /** Posts text that arrives although the page goes away. */
  farewell(url: string, text: string): void
  /** From 0 to below 1. */
  random(): number
  /** Runs once after `ms`; the returned function cancels. */
  after(ms: number, run: () => void): () => void
}

/** The browser's own. */
export const browserEnv: LinkEnv = {
  openSocket: (url) => {
    const socket = new WebSocket(url)
    socket.binaryType = 'arraybuffer'
    return socket as Socket
  },
  now: () => performance.now(),
  farewell(url, text) {
    globalThis.navigator?.sendBeacon?.(url, text)
  },
  random: () => Math.random(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
