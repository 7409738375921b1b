import type { Clock } from '../clock.ts'
import type { PhoneMedia } from '../line.ts'
import type { Dialog } from '../sip/dialog/dialog.ts'
import type { KeyRing } from '../sip/digest/key-ring.ts'
import { readAddress } from '../sip/grammar/address.ts'
import { readUri } from '../sip/grammar/uri.ts'
import type { TransactionLayer } from '../sip/transaction/layer.ts'
import type { Hop } from '../sip/transport/port.ts'
import type { TrunkAddresses } from '../sip/transport/resolver.ts'
import type { Log } from '../telephone.ts'

/** What every call of a telephone uses. */
export interface Stack {
  readonly layer: TransactionLayer
  readonly keys: KeyRing
  readonly clock: Clock
  readonly ids: () => string
  readonly log: Log
  readonly media: PhoneMedia
  /** Address in our descriptions. */
  readonly address: string
  /** Our Contact, in brackets. */
  readonly contact: string
  /** Milliseconds. */
  readonly ringFor: number
  readonly trunk: TrunkAddresses
  /** The trunk's addresses, first to be tried first; none when its name says nothing. */
  hops(): Promise<Hop[]>
}

/**
 * Where a request of a call goes. The trunk is the only one we speak to: an address of it in the route
 * or the Contact is taken, and for anything else the trunk carries on from where the call came from.
 */
export const hopOf = (dialog: Dialog, came: Hop, trunk: TrunkAddresses): Hop => {
  const [route] = dialog.routes
  const uri = readUri(route ? (readAddress(route)?.uri ?? '') : dialog.target)
  // The far port of a connection that the trunk made is good for nothing when that is gone.
  if (!uri || !trunk.allows(uri.host)) return came.connection ? { ...came, port: trunk.port } : came
  const port = uri.port || 5060
  const same = uri.host === came.address && port === came.port
  return same ? came : { address: uri.host, port, connection: came.connection }
}
