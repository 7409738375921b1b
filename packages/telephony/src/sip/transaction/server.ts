import type { Clock } from '../../clock.ts'
import type { Envelope } from '../message/envelope.ts'
import type { SipRequest, SipResponse } from '../message/message.ts'
import { type Reply, respond } from '../message/respond.ts'
import type { Hop, Transport } from '../transport/port.ts'
import type { ServerEvent } from './machine.ts'
import { type Effects, type Run, Runner } from './runner.ts'
import { serverInvite } from './server-invite.ts'
import { serverOther } from './server-other.ts'

/** A request that we answer. */
export interface ServerTransaction {
  readonly request: SipRequest
  readonly envelope: Envelope
  readonly from: Hop
  /** Put to the To of the answers when the request has none there: our tag of the dialog. */
  readonly tag: string
  /** Whether the final answer is given. */
  readonly answered: boolean
  /** Further final answers are ignored, except that a 2xx to an INVITE may be repeated. */
  respond(reply: Reply): void
  /** The caller cancels (RFC 3261 §9.2); set by whoever can stop what was begun. */
  onCancel: () => void
  /** No ACK came for a refusal, or an answer could not go. */
  onFail: () => void
  receive(): void
  acknowledge(): void
  stop(): void
}

/** Where a response goes (§18.2.2, RFC 3581 §4). */
export const responseHop = (envelope: Envelope, from: Hop): Hop => ({
  address: from.address,
  // Over TCP the port matters only when the connection is gone: where the sender listens.
  port:
    envelope.via.params.has('rport') && !from.connection ? from.port : envelope.via.port || 5060,
  connection: from.connection,
})

export const startServer = (
  request: SipRequest,
  envelope: Envelope,
  from: Hop,
  tag: string,
  { transport, clock }: { transport: Transport; clock: Clock },
  onAck: () => void,
  ended: () => void,
): ServerTransaction => {
  const hop = responseHop(envelope, from)
  let latest: SipResponse | null = null
  let answered = false
  const failed = () => runner.feed({ type: 'transportError' })
  const effects: Effects = {
    send: () => latest && transport.send(latest, hop, failed),
    ack: () => {},
    pass: onAck,
    fail: () => transaction.onFail(),
    ended,
  }
  const runner: Run<ServerEvent> =
    request.method === 'INVITE'
      ? new Runner(serverInvite, clock, transport.reliable, effects)
      : new Runner(serverOther, clock, transport.reliable, effects)
  const transaction: ServerTransaction = {
    request,
    envelope,
    from,
    tag,
    get answered() {
      return answered
    },
    respond(reply) {
      const repeats = reply.status >= 200 && reply.status < 300 && runner.at === 'accepted'
      if (answered && !repeats) return
      if (reply.status >= 200) answered = true
      latest = respond(request, reply, tag)
      runner.feed({ type: 'respond', status: reply.status })
    },
    onCancel: () => {},
    onFail: () => {},
    receive: () => runner.feed({ type: 'request' }),
    acknowledge: () => runner.feed({ type: 'ack' }),
    stop: () => runner.stop(),
  }
  return transaction
}
