import { createServer, type Socket, connect as tcpConnect } from 'node:net'

/** `swallow`: bytes vanish both ways and nobody is told; `refuse`: new connections are dropped at once. */
export type Weather = 'fine' | 'swallow' | 'refuse'

/** A network that misbehaves on command, between a page and the signalling port of a server. */
export interface FaultyProxy {
  readonly port: number
  /** Holds for connections that exist, and for new ones. */
  weather: Weather
  /** Milliseconds that every chunk waits, in order, in each direction. */
  delay: number
  /** Ends every connection, as a restarted router does. */
  cut(): void
  /** Connections that pages have tried so far. */
  readonly tried: number
  close(): Promise<void>
}

interface State {
  weather: Weather
  delay: number
}
/** Both directions of one connection; once a byte is gone the stream is worth nothing. */
interface Pair {
  dead: boolean
}

/** Passes chunks on in order, each after the delay of its arrival; swallowed ones are gone. */
const forward = (from: Socket, to: Socket, pair: Pair, state: State) => {
  let last: Promise<void> = Promise.resolve()
  from.on('data', (chunk) => {
    if (state.weather === 'swallow') pair.dead = true
    if (pair.dead) return
    const { delay } = state
    const due = Date.now() + delay
    last = last.then(async () => {
      const left = due - Date.now()
      if (left > 0) await new Promise((resolve) => setTimeout(resolve, left))
      if (!to.destroyed) to.write(chunk)
    })
  })
}

export const startFaultyProxy = async (target: number): Promise<FaultyProxy> => {
  const sockets = new Set<Socket>()
  let tried = 0
  const state: State = { weather: 'fine', delay: 0 }

  const keep = (socket: Socket, other: Socket, pair: Pair) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => {
      sockets.delete(socket)
      // A half-open network does not tell the far side either.
      if (!pair.dead) other.destroy()
    })
  }

  const server = createServer((page) => {
    tried += 1
    if (state.weather === 'refuse') {
      page.on('error', () => {})
      page.resetAndDestroy()
      return
    }
    const upstream = tcpConnect(target, '127.0.0.1')
    const pair = { dead: false }
    keep(page, upstream, pair)
    keep(upstream, page, pair)
    forward(page, upstream, pair, state)
    forward(upstream, page, pair, state)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    get weather() {
      return state.weather
    },
    set weather(weather) {
      state.weather = weather
    },
    get delay() {
      return state.delay
    },
    set delay(delay) {
      state.delay = delay
    },
    cut,
    get tried() {
      return tried
    },
    close() {
      cut()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
