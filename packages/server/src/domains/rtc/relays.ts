import { createHash, createHmac } from 'node:crypto'
import type { Relays } from '@yuntang/protocol'
import type { RelayConfig } from '../../config.ts'
import type { Clock } from '../../core/clock.ts'

/** How long credentials are good. A relay that is in use when they end goes on. */
const VALID_S = 3600
/** What a TURN server takes in a name; coturn refuses blanks, quotes and backslashes. */
const PLAIN = /^[\w.@+~-]+$/

/** A user ID as a TURN server's log may show it. */
const nameOf = (userID: string): string =>
  PLAIN.test(userID) ? userID : createHash('sha256').update(userID).digest('hex').slice(0, 32)

/**
 * Makes what a user's page needs to use the relays, by the TURN REST scheme
 * (draft-uberti-behave-turn-rest-00): the name is `expiry:user`, the password
 * base64(HMAC-SHA1(secret, name)). The secret itself never leaves the server.
 */
export const createRelays = (
  { urls, secret }: RelayConfig,
  clock: Clock,
): ((userID: string) => Relays) => {
  const shared = { urls: [...urls], seconds: VALID_S }
  if (secret === null) return () => shared
  return (userID) => {
    const username = `${Math.floor(clock.now() / 1000) + VALID_S}:${nameOf(userID)}`
    const credential = createHmac('sha1', secret).update(username).digest('base64')
    return { ...shared, username, credential }
  }
}
