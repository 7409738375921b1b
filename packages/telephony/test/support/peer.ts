import { assemble } from '../../src/agent/create.ts'
import type { Telephone, TelephoneOptions } from '../../src/index.ts'
import { Headers } from '../../src/sip/message/headers.ts'
import {
  isRequest,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  writeMessage,
} from '../../src/sip/message/message.ts'
import { parseDatagram } from '../../src/sip/message/parse.ts'
import type { TransactionLayer } from '../../src/sip/transaction/layer.ts'
import type { Hop, Transport, TransportEvents } from '../../src/sip/transport/port.ts'
import { TrunkAddresses } from '../../src/sip/transport/resolver.ts'
import { type FakeClock, fakeClock, settled } from './clock.ts'
import { type NotedMedia, notedMedia } from './lines.ts'
import { sound } from './scenario.ts'

export interface PeerOptions extends Partial<TelephoneOptions> {
  readonly reliable?: boolean
  readonly addresses?: readonly string[]
  /** Sending fails at once to these. */
  readonly broken?: readonly string[]
}

/** The trunk's side of a telephone whose transport is memory and whose time is ours. */
export class Peer {
  readonly clock: FakeClock
  readonly media: NotedMedia = notedMedia()
  /** All that the telephone sent, with when (seconds from the start) and where to. */
  readonly sent: { message: SipMessage; at: number; to: Hop }[] = []
  telephone!: Telephone
  layer!: TransactionLayer
  #events!: TransportEvents
  #serial = 0
  #seq = 100

  constructor(clock: FakeClock) {
    this.clock = clock
  }

  static async start(options: PeerOptions = {}): Promise<Peer> {
    const { reliable = false, addresses = ['192.0.2.10'], broken = [], ...rest } = options
    const clock = fakeClock()
    const begun = clock.now()
    const peer = new Peer(clock)
    let serial = 0
    const trunk = new TrunkAddresses(
      { host: 'trunk.example', port: 5060 },
      clock,
      async () => addresses,
    )
    await trunk.get(null)
    const transport: Transport = {
      kind: reliable ? 'TCP' : 'UDP',
      reliable,
      local: { address: '192.0.2.1', port: 5060 },
      send(message, to, failed) {
        if (broken.includes(to.address)) {
          queueMicrotask(failed)
          return
        }
        // Through bytes and back, so that what is compared is what goes over the wire.
        const at = (clock.now() - begun) / 1000
        peer.sent.push({ message: parseDatagram(writeMessage(message)), at, to })
      },
      ping() {},
      async close() {},
    }
    const { telephone, layer } = await assemble(
      {
        trunk: { host: 'trunk.example', port: 5060, transport: reliable ? 'tcp' : 'udp' },
        user: 'yun',
        password: 'secret',
        callerID: '1000',
        rewrite: (number) => number,
        localAddress: '',
        localPort: 0,
        media: peer.media,
        clock,
        ids: () => `id${(++serial).toString(36).padStart(14, '0')}`,
        log: () => {},
        ...rest,
      },
      trunk,
      '192.0.2.1',
      async (events) => {
        peer.#events = events
        return transport
      },
    )
    Object.assign(peer, { telephone, layer })
    await settled()
    return peer
  }

  /** Requests that the telephone sent, by method. */
  requests(method?: string): SipRequest[] {
    return this.sent
      .map((s) => s.message)
      .filter((m): m is SipRequest => isRequest(m) && (!method || m.method === method))
  }

  /** How many requests of the method there were, without what was only repeated. */
  count(method: string): number {
    return new Set(this.requests(method).map((r) => r.headers.get('CSeq'))).size
  }

  responses(): SipResponse[] {
    return this.sent.map((s) => s.message).filter((m): m is SipResponse => !isRequest(m))
  }

  /** When requests of the method were sent, in seconds. */
  times(method: string): number[] {
    return this.sent.flatMap(({ message, at }) =>
      isRequest(message) && message.method === method ? [at] : [],
    )
  }

  last(method: string): SipRequest {
    const found = this.requests(method).at(-1)
    if (!found) throw new Error(`no ${method} was sent`)
    return found
  }

  /** Answers a request of the telephone. */
  async answer(
    to: SipRequest,
    status: number,
    options: { headers?: Record<string, string>; body?: string | null; tag?: string } = {},
  ): Promise<void> {
    const headers = new Headers()
    for (const name of ['Via', 'From', 'To', 'Call-ID', 'CSeq'])
      for (const value of to.headers.all(name)) headers.add(name, value)
    if (!/;tag=/.test(to.headers.get('To')!))
      headers.set('To', `${to.headers.get('To')};tag=${options.tag ?? 'peer'}`)
    headers.add('Contact', '<sip:peer@192.0.2.10>')
    for (const [name, value] of Object.entries(options.headers ?? {})) headers.set(name, value)
    const isAnswer = status >= 200 && status < 300 && to.method === 'INVITE'
    const body = options.body === undefined ? (isAnswer ? sound() : '') : (options.body ?? '')
    if (body && !headers.get('Content-Type')) headers.add('Content-Type', 'application/sdp')
    await this.deliver({ status, reason: 'x', headers, body: Buffer.from(body) })
  }

  /** A request of the trunk; inside the call of `within`, which is what the telephone sent last in it. */
  async ask(
    method: string,
    options: {
      headers?: Record<string, string>
      body?: string
      from?: string
      to?: string
      callId?: string
      cseq?: number
      branch?: string
      /** A message whose dialog this is in, as the telephone sent it. */
      within?: SipMessage
    } = {},
  ): Promise<{ callId: string; cseq: number; branch: string }> {
    const { within } = options
    const own = (name: string) => within?.headers.get(name)
    const isOurs = within && isRequest(within)
    const branch = options.branch ?? `z9hG4bKpeer${++this.#serial}`
    const cseq = options.cseq ?? ++this.#seq
    const callId = options.callId ?? own('Call-ID') ?? `call${++this.#serial}`
    const headers = Headers.of({
      Via: `SIP/2.0/UDP 192.0.2.10:5060;rport;branch=${branch}`,
      From:
        options.from ??
        (within ? own(isOurs ? 'To' : 'From')! : '<sip:+4930@trunk.example>;tag=caller'),
      To: options.to ?? (within ? own(isOurs ? 'From' : 'To')! : '<sip:1000@192.0.2.1>'),
      'Call-ID': callId,
      CSeq: `${cseq} ${method}`,
      'Max-Forwards': '70',
      Contact: '<sip:peer@192.0.2.10>',
      ...options.headers,
    })
    if (options.body && !headers.get('Content-Type')) headers.add('Content-Type', 'application/sdp')
    const body = Buffer.from(options.body ?? '')
    await this.deliver({ method, uri: 'sip:1000@192.0.2.1', headers, body })
    return { callId, cseq, branch }
  }

  async deliver(message: SipMessage): Promise<void> {
    const parsed = parseDatagram(writeMessage(message))
    this.#events.message(parsed, { address: '192.0.2.10', port: 5060, connection: 0 })
    await settled()
  }
}
