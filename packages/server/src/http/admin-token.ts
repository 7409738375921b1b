import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { createThrottle } from '../accounts/throttle.ts'
import { addressName } from '../core/address-name.ts'
import type { Clock } from '../core/clock.ts'
import type { ClientOf } from './client-address.ts'

const FAILURES = 20
const WINDOW_MS = 60_000

const digest = (text: string) => createHash('sha256').update(text).digest()
const same = (a: string, b: string) => timingSafeEqual(digest(a), digest(b))

/** The administrator's token, and the guesses at it: counted together over all interfaces. */
export interface AdminToken {
  /** True while the sender of a request may try; each try has to be given back when it was right. */
  mayTry(request: IncomingMessage): boolean
  giveBack(request: IncomingMessage): void
  isToken(given: string): boolean
  /** Whether this is the MD5 that proves knowledge of the token for a company (spec 05 §9). */
  isSecretKey(company: string, given: string): boolean
}

export const createAdminToken = (clock: Clock, client: ClientOf, token: string): AdminToken => {
  const failures = createThrottle(clock, FAILURES, WINDOW_MS)
  const from = (request: IncomingMessage) => addressName(client.address(request))
  return {
    mayTry: (request) => failures.take(from(request)),
    giveBack: (request) => failures.giveBack(from(request)),
    isToken: (given) => same(given, token),
    isSecretKey: (company, given) =>
      same(given, createHash('md5').update(`${company}&${token}`, 'utf8').digest('hex')),
  }
}
