import { createSocket, type Socket } from 'node:dgram'
import { isIP } from 'node:net'
import { writeMessage } from '../message/message.ts'
import { parseDatagram } from '../message/parse.ts'
import { SipSyntaxError } from '../message/syntax-error.ts'
import type { Hop, Transport, TransportEvents } from './port.ts'

/** Sockets to single peers at a time, and sends whose fate is watched on each. */
const MAX_PEERS = 16
const MAX_WATCHED = 64

export interface SocketOptions {
  readonly address: string
  /** 0 for any. */
  readonly port: number
  /** Whether somebody may speak to us; everybody else is not heard and gets no answer. */
  readonly allows: (address: string) => boolean
  readonly events: TransportEvents
}

interface Peer {
  readonly socket: Socket
  readonly ready: Promise<void>
  /** Of sends after which nothing came back yet. */
  readonly watched: Set<() => void>
}

const bound = (socket: Socket, options: { address: string; port: number; exclusive?: boolean }) =>
  new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(options, () => {
      socket.off('error', reject)
      resolve()
    })
  })

/** Its callback gets the error of a connection that cannot be; the type does not say so. */
const connected = (socket: Socket, to: Hop) =>
  new Promise<void>((resolve, reject) => {
    const done = (error?: Error) => (error ? reject(error) : resolve())
    socket.connect(to.port, to.address, done as () => void)
  })

const closed = (socket: Socket) => new Promise<void>((resolve) => socket.close(() => resolve()))

/**
 * One socket hears everybody; for each peer that we speak to there is another on the same port that is
 * connected to it, because the kernel tells only such a socket when the peer is not there (ICMP).
 */
export const openUdp = async (options: SocketOptions): Promise<Transport> => {
  const type = isIP(options.address) === 6 ? 'udp6' : 'udp4'
  // Ports that are shared do not tell that somebody else has one: an unshared socket asks first.
  const alone = createSocket({ type })
  await bound(alone, options)
  const { address, port } = alone.address()
  await closed(alone)

  const peers = new Map<string, Peer>()
  let isOpen = true

  const hear = (data: Buffer, from: { address: string; port: number }) => {
    if (!options.allows(from.address)) return
    peers.get(`${from.address} ${from.port}`)?.watched.clear()
    if (data.every((byte) => byte === 13 || byte === 10 || byte === 0)) return
    const hop: Hop = { address: from.address, port: from.port, connection: 0 }
    try {
      options.events.message(parseDatagram(data), hop)
    } catch (error) {
      if (!(error instanceof SipSyntaxError)) throw error
      options.events.damaged(error, hop)
    }
  }

  const socketOn = () => {
    const socket = createSocket({ type, reuseAddr: true })
    socket.on('message', hear)
    return socket
  }

  const main = socketOn()
  await bound(main, { address, port })
  main.on('error', () => {})

  const peerFor = (to: Hop): Peer => {
    const key = `${to.address} ${to.port}`
    const known = peers.get(key)
    if (known) return known
    const [oldest] = peers
    if (peers.size >= MAX_PEERS && oldest) {
      peers.delete(oldest[0])
      oldest[1].ready.then(
        () => oldest[1].socket.close(),
        () => {},
      )
    }
    const socket = socketOn()
    const watched = new Set<() => void>()
    const ready = bound(socket, { address, port }).then(() => connected(socket, to))
    ready.catch(() => {
      peers.delete(key)
      socket.close()
    })
    socket.on('error', () => {
      const failed = [...watched]
      watched.clear()
      for (const tell of failed) tell()
    })
    const peer = { socket, ready, watched }
    peers.set(key, peer)
    return peer
  }

  const sendBytes = async (data: Buffer, to: Hop, failed: () => void) => {
    const peer = peerFor(to)
    await peer.ready
    if (!isOpen) return failed()
    peer.watched.add(failed)
    if (peer.watched.size > MAX_WATCHED) peer.watched.delete(peer.watched.values().next().value!)
    peer.socket.send(data, (error) => {
      if (error && peer.watched.delete(failed)) failed()
    })
  }

  return {
    kind: 'UDP',
    reliable: false,
    local: { address, port },
    send: (message, to, failed) => {
      sendBytes(writeMessage(message), to, failed).catch(failed)
    },
    ping: (to) => {
      sendBytes(Buffer.from('\r\n\r\n'), to, () => {}).catch(() => {})
    },
    async close() {
      if (!isOpen) return
      isOpen = false
      // Those that could not connect have closed themselves.
      await Promise.allSettled([...peers.values()].map((peer) => peer.ready))
      await Promise.all([main, ...[...peers.values()].map((peer) => peer.socket)].map(closed))
    },
  }
}
