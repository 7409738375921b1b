import type {
  IceParameters,
  MediaTransport,
  TransportFactory,
  TransportState,
} from '../../src/transport/port.ts'

/** A transport without a network: tests play the page's part. */
export class FakeTransport implements MediaTransport {
  state: TransportState = 'connecting'
  onPacket: (packet: Buffer) => void = () => {}
  onState: (state: TransportState) => void = () => {}
  /** Copies of everything sent while connected. */
  readonly sent: Buffer[] = []
  readonly local: MediaTransport['local']

  constructor(
    readonly remote: IceParameters,
    n: number,
  ) {
    this.local = {
      ufrag: `fake${n}`,
      password: 'fakefakefakefakefakefake',
      fingerprint: `sha-256 ${new Array(32).fill('0F').join(':')}`,
      setup: 'active',
    }
  }

  enter(state: TransportState): void {
    if (this.state === 'closed' || this.state === state) return
    this.state = state
    this.onState(state)
  }

  send(packet: Buffer): boolean {
    if (this.state !== 'connected') return false
    this.sent.push(Buffer.from(packet))
    return true
  }

  close(): void {
    this.state = 'closed'
  }
}

export class FakeFactory implements TransportFactory {
  readonly candidates = ['candidate:1 1 udp 2130706431 192.0.2.1 4000 typ host']
  readonly made: FakeTransport[] = []

  create(remote: IceParameters): FakeTransport {
    const transport = new FakeTransport(remote, this.made.length)
    this.made.push(transport)
    return transport
  }

  close(): void {
    for (const t of this.made) t.close()
  }
}
