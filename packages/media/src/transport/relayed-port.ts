import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { EngineError } from '../engine.ts'
import { isGenuine, lacksTieBreaker, readIceCheck, withTieBreaker } from './ice-check.ts'

/** A page checks its path every few seconds: who is silent for longer is gone. */
const IDLE_MS = 30_000
const SWEEP_MS = 10_000
const MAX_FLOWS = 1_000
/** Of one page: it may choose ports and relays as it likes, but not push others out. */
const MAX_FLOWS_OF_PAGE = 16

interface Flow {
  readonly socket: Socket
  /** Of the side that its page checks. */
  readonly ufrag: string
  seenAt: number
}

/**
 * A second way to the engine's port, for pages that come over TCP or TLS to a relay. Chromium (156) sends
 * a tie-breaker of zero in their ICE checks, and the library answers 400 to that: here such checks get
 * another one. Nothing is kept for a sender before a check with the right password.
 */
export interface RelayedPort {
  readonly port: number
  /** IPv6 only when bound to such an address. */
  readonly family: 4 | 6
  /** Checks of this side are let through from now on. */
  admit(ufrag: string, password: string): void
  forget(ufrag: string): void
  /** Senders that are let through now. */
  readonly flows: number
  close(): void
}

/** Opens it in front of the engine's `target`; rejects with an {@link EngineError} `native` when it is taken. */
export const openRelayedPort = async (options: {
  port: number
  target: number
  bind?: string | undefined
}): Promise<RelayedPort> => {
  const family = options.bind && isIPv6(options.bind) ? 6 : 4
  const type = `udp${family}` as const
  const any = family === 6 ? '::' : '0.0.0.0'
  const bind = options.bind ?? any
  const loopback = family === 6 ? '::1' : '127.0.0.1'
  const engine = bind === any ? loopback : bind
  const passwords = new Map<string, string>()
  const flows = new Map<string, Flow>()
  const front = createSocket(type)
  let closed = false

  const end = (name: string, { socket }: Flow) => {
    flows.delete(name)
    socket.close()
  }
  const begin = (name: string, ufrag: string, { address, port }: RemoteInfo): Flow => {
    const own = [...flows].filter(([, other]) => other.ufrag === ufrag)
    const [oldest] = own
    if (own.length >= MAX_FLOWS_OF_PAGE && oldest) end(...oldest)
    const socket = createSocket(type)
    const flow = { socket, ufrag, seenAt: Date.now() }
    socket.on('message', (packet) => {
      if (!closed) front.send(packet, port, address, () => {})
    })
    socket.on('error', () => {
      if (flows.get(name) === flow) end(name, flow)
    })
    flows.set(name, flow)
    return flow
  }

  front.on('message', (packet, from) => {
    const name = `${from.address} ${from.port}`
    let flow = flows.get(name)
    let passed = packet
    const check = readIceCheck(packet)
    if (check) {
      const password = passwords.get(check.ufrag)
      if (password === undefined || !isGenuine(packet, check, password)) return
      if (!flow && flows.size >= MAX_FLOWS) return
      flow ??= begin(name, check.ufrag, from)
      flow.seenAt = Date.now()
      if (lacksTieBreaker(packet, check)) passed = withTieBreaker(packet, check, password)
    }
    flow?.socket.send(passed, options.target, engine, () => {})
  })
  try {
    await new Promise<void>((resolve, reject) => {
      front.once('error', reject)
      front.bind({ port: options.port, address: bind, exclusive: true }, resolve)
    })
  } catch {
    throw new EngineError('native', `UDP port ${options.port} is taken or not permitted`)
  }
  // An answer that nobody takes any more is as good as lost.
  front.on('error', () => {})
  const sweeper = setInterval(() => {
    const old = Date.now() - IDLE_MS
    for (const [name, flow] of flows) if (flow.seenAt < old) end(name, flow)
  }, SWEEP_MS).unref()

  return {
    port: options.port,
    family,
    admit: (ufrag, password) => void passwords.set(ufrag, password),
    forget: (ufrag) => void passwords.delete(ufrag),
    get flows() {
      return flows.size
    },
    close() {
      if (closed) return
      closed = true
      clearInterval(sweeper)
      for (const [name, flow] of flows) end(name, flow)
      front.close()
    },
  }
}
