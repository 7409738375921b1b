import { createSocket, type Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'

/** Two UDP ports that belong together: RTP on the even one, RTCP on the next. */
export interface PortPair {
  readonly port: number
  sendRtp(packet: Uint8Array, port: number, address: string): void
  sendRtcp(packet: Uint8Array, port: number, address: string): void
  /** Set once by the owner. */
  onRtp: (packet: Buffer, address: string, port: number) => void
  onRtcp: (packet: Buffer, address: string) => void
  close(): void
}

export interface PortRange {
  /** First and last RTP port that may be used; even ones are, each with the odd one behind it. */
  readonly first: number
  readonly last: number
}

const bound = (port: number, address: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
    socket.once('error', (error) => {
      socket.close()
      reject(error)
    })
    socket.bind({ port, address, exclusive: true }, () => {
      socket.removeAllListeners('error')
      // A phone that is gone answers with ICMP errors: its call will end, nothing is to be done here.
      socket.on('error', () => {})
      resolve(socket)
    })
  })

class UdpPair implements PortPair {
  onRtp: PortPair['onRtp'] = () => {}
  onRtcp: PortPair['onRtcp'] = () => {}

  constructor(
    readonly port: number,
    private readonly rtp: Socket,
    private readonly rtcp: Socket,
    private readonly isIPv6: boolean,
    private readonly closed: () => void,
  ) {
    rtp.on('message', (packet, from) => this.onRtp(packet, from.address, from.port))
    rtcp.on('message', (packet, from) => this.onRtcp(packet, from.address))
  }

  sendRtp(packet: Uint8Array, port: number, address: string): void {
    this.rtp.send(packet, port, this.#spelled(address), () => {})
  }

  sendRtcp(packet: Uint8Array, port: number, address: string): void {
    this.rtcp.send(packet, port, this.#spelled(address), () => {})
  }

  /** A socket of IPv6 reaches IPv4 by its mapped form only. */
  #spelled(address: string): string {
    return this.isIPv6 && !address.includes(':') ? `::ffff:${address}` : address
  }

  close(): void {
    this.onRtp = this.onRtcp = () => {}
    this.rtp.close()
    this.rtcp.close()
    this.closed()
  }
}

/** The ports of a range, used in turn: one that was just given back may still be sent to. */
export class PortPool {
  readonly #used = new Set<number>()
  #next: number

  constructor(
    private readonly range: PortRange,
    private readonly address: string,
  ) {
    this.#next = range.first + (range.first % 2)
  }

  /** Rejects when the whole range is taken. */
  async open(): Promise<PortPair> {
    const pairs = Math.floor((this.range.last - this.range.first + 1) / 2)
    for (let tried = 0; tried < pairs; tried++) {
      const pair = await this.#try(this.#take())
      if (pair) return pair
    }
    throw new Error(
      `No UDP port of ${this.range.first} to ${this.range.last} is free for a telephone`,
    )
  }

  #take(): number {
    const port = this.#next
    this.#next = port + 3 > this.range.last ? this.range.first + (this.range.first % 2) : port + 2
    return port
  }

  async #try(port: number): Promise<PortPair | null> {
    if (this.#used.has(port)) return null
    this.#used.add(port)
    const [rtp, rtcp] = await Promise.allSettled([
      bound(port, this.address),
      bound(port + 1, this.address),
    ])
    if (rtp.status === 'fulfilled' && rtcp.status === 'fulfilled')
      return new UdpPair(port, rtp.value, rtcp.value, isIPv6(this.address), () =>
        this.#used.delete(port),
      )
    for (const socket of [rtp, rtcp]) if (socket.status === 'fulfilled') socket.value.close()
    this.#used.delete(port)
    return null
  }
}
