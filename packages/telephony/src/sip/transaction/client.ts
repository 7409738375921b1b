import type { Clock } from '../../clock.ts'
import { Headers } from '../message/headers.ts'
import { request, type SipRequest, type SipResponse } from '../message/message.ts'
import type { Hop, Transport } from '../transport/port.ts'
import { clientInvite } from './client-invite.ts'
import { clientOther } from './client-other.ts'
import type { ClientEvent } from './machine.ts'
import { type Effects, type Run, Runner } from './runner.ts'

/** What a request leads to. */
export interface ClientListener {
  /** Provisional responses, then a final one; after a 2xx to an INVITE further 2xx of it. */
  response(response: SipResponse, from: Hop): void
  /** No response came, or the request could not go. */
  failed(why: 'timeout' | 'transport'): void
}

/** One request on its way. */
export interface ClientTransaction {
  /** With its Via. */
  readonly request: SipRequest
  readonly hop: Hop
  receive(response: SipResponse, from: Hop): void
  /** No final answer yet. */
  readonly isWaiting: boolean
  /** A CANCEL of it was sent. */
  cancelled(): void
  stop(): void
}

/** ACK and CANCEL repeat these of the request (RFC 3261 §9.1, §17.1.1.3). */
export const following = (
  method: 'ACK' | 'CANCEL',
  of: SipRequest,
  to: string | undefined,
): SipRequest => {
  const headers = new Headers()
  headers.add('Via', of.headers.list('Via')[0]!)
  for (const route of of.headers.all('Route')) headers.add('Route', route)
  headers.add('From', of.headers.get('From')!)
  headers.add('To', to ?? of.headers.get('To')!)
  headers.add('Call-ID', of.headers.get('Call-ID')!)
  headers.add('CSeq', `${Number.parseInt(of.headers.get('CSeq')!, 10)} ${method}`)
  headers.add('Max-Forwards', '70')
  return request(method, of.uri, headers)
}

/** Sends at once; `ended` when nothing of it is left. */
export const startClient = (
  sent: SipRequest,
  hop: Hop,
  { transport, clock }: { transport: Transport; clock: Clock },
  listener: ClientListener,
  ended: () => void,
): ClientTransaction => {
  let latest: { response: SipResponse; from: Hop } | null = null
  const failed = () => runner.feed({ type: 'transportError' })
  const effects: Effects = {
    send: () => transport.send(sent, hop, failed),
    ack: () =>
      transport.send(following('ACK', sent, latest?.response.headers.get('To')), hop, () => {}),
    pass: () => latest && listener.response(latest.response, latest.from),
    fail: (why) => listener.failed(why),
    ended,
  }
  const runner: Run<ClientEvent> =
    sent.method === 'INVITE'
      ? new Runner(clientInvite, clock, transport.reliable, effects)
      : new Runner(clientOther, clock, transport.reliable, effects)
  // Whoever starts it wants to hold it before the first news of it.
  queueMicrotask(() => runner.feed({ type: 'start' }))
  return {
    request: sent,
    hop,
    get isWaiting() {
      return ['calling', 'trying', 'proceeding'].includes(runner.at)
    },
    receive(response, from) {
      latest = { response, from }
      runner.feed({ type: 'response', status: response.status })
    },
    cancelled: () => runner.feed({ type: 'cancel' }),
    stop: () => runner.stop(),
  }
}
