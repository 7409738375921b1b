import type { Socket } from 'node:net'
import { MessageStream } from '../message/stream.ts'
import type { Hop, TransportEvents } from './port.ts'
import { plainAddress } from './resolver.ts'

/** Bytes that wait for a peer that does not read; then the connection is given up. */
const MAX_QUEUED = 1_048_576
/** Sends whose fate is watched. */
const MAX_WATCHED = 64

/** One TCP connection with a peer. */
export class Connection {
  readonly id: number
  readonly #socket: Socket
  readonly #watched = new Set<() => void>()

  constructor(
    id: number,
    socket: Socket,
    remote: { address: string; port: number },
    events: TransportEvents,
    ended: () => void,
  ) {
    this.id = id
    this.#socket = socket
    const hop: Hop = { address: plainAddress(remote.address), port: remote.port, connection: id }
    const stream = new MessageStream()
    socket.setNoDelay(true)
    socket.setKeepAlive(true, 30_000)
    socket.on('data', (data) => {
      const { messages, pings, error } = stream.push(data)
      for (const message of messages) events.message(message, hop)
      if (pings) socket.write('\r\n')
      if (!error) return
      // The refusal still goes out.
      events.damaged(error, hop)
      socket.removeAllListeners('data')
      socket.destroySoon()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      ended()
      for (const tell of this.#watched) tell()
      this.#watched.clear()
    })
  }

  write(data: Buffer, failed: () => void): void {
    if (this.#socket.destroyed || this.#socket.writableLength > MAX_QUEUED) {
      this.#socket.destroy()
      queueMicrotask(failed)
      return
    }
    this.#watched.add(failed)
    if (this.#watched.size > MAX_WATCHED) this.#watched.delete(this.#watched.values().next().value!)
    this.#socket.write(data)
  }

  close(): void {
    this.#socket.destroySoon()
  }

  destroy(): void {
    this.#socket.destroy()
  }
}
