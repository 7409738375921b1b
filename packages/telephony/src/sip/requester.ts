import type { KeyRing } from './digest/key-ring.ts'
import type { SipRequest } from './message/message.ts'
import type { ClientListener, ClientTransaction } from './transaction/client.ts'
import type { TransactionLayer } from './transaction/layer.ts'
import type { Hop } from './transport/port.ts'

/** Challenges that one request may meet: a proxy, the other side, and a stale nonce of each. */
const MAX_CHALLENGES = 4

/** A request on its way, whichever attempt it is. */
export interface Sent {
  /** The latest attempt. */
  readonly transaction: ClientTransaction
}

/**
 * Sends a request and answers challenges to it. `make` builds each attempt anew, with the next CSeq
 * (RFC 3261 §22.2). The listener sees the last attempt only. `wanted`: whether another attempt still
 * makes sense.
 */
export const sendRequest = (
  layer: TransactionLayer,
  keys: KeyRing,
  make: () => SipRequest,
  hop: Hop,
  listener: ClientListener,
  wanted: () => boolean = () => true,
): Sent => {
  const met = new Set<string>()
  let challenges = 0
  const attempt = (): ClientTransaction =>
    layer.request(keys.sign(make()), hop, {
      response(response, from) {
        if (
          (response.status === 401 || response.status === 407) &&
          wanted() &&
          ++challenges <= MAX_CHALLENGES &&
          keys.learn(response, met)
        )
          sent.transaction = attempt()
        else listener.response(response, from)
      },
      failed: (why) => listener.failed(why),
    })
  const sent = { transaction: attempt() }
  return sent
}
