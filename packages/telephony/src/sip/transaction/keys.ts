import { MAGIC } from '../grammar/via.ts'
import type { Envelope } from '../message/envelope.ts'

/** Which client transaction a response belongs to (RFC 3261 §17.1.3). */
export const clientKey = (branch: string, method: string): string => `${method} ${branch}`

/**
 * Which server transaction a request belongs to (§17.2.3); ACK and CANCEL name that of their INVITE.
 * Peers of RFC 2543 have no branch of their own: the rest of the message names it.
 */
export const serverKey = (envelope: Envelope, method: string): string => {
  const { via, callId, fromTag, cseq } = envelope
  const branch = via.params.get('branch') ?? ''
  const sentBy = `${via.host}:${via.port}`
  const own = branch.startsWith(MAGIC) ? branch : `${callId} ${fromTag} ${cseq} ${branch}`
  return `${method === 'ACK' ? 'INVITE' : method} ${sentBy} ${own}`
}

/** The same for a request that came by two ways (§8.2.2.2). */
export const mergedKey = (envelope: Envelope): string =>
  `${envelope.cseqMethod} ${envelope.callId} ${envelope.fromTag} ${envelope.cseq}`
