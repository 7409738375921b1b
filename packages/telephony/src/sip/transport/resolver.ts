import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { Clock } from '../../clock.ts'

/** All addresses of a host; rejects when there are none. */
export type Lookup = (host: string) => Promise<readonly string[]>

export const systemLookup: Lookup = async (host) =>
  (await lookup(host, { all: true })).map(({ address }) => address)

/** IPv4 written as IPv6 is IPv4. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '')

/** How long addresses are believed, in milliseconds: the system does not say for how long they hold. */
const FRESH_FOR = 60_000
/** How long an address that is no longer named is still the trunk, and how many there may be. */
const KEPT_FOR = 3_600_000
const MAX_KEPT = 64

/** Addresses of the trunk: the only ones that are spoken to and heard. */
export class TrunkAddresses {
  readonly port: number
  readonly #host: string
  readonly #lookup: Lookup
  readonly #clock: Clock
  #addresses: readonly string[] = []
  /** When an address was named last: names give some of many, and calls outlast what they give. */
  readonly #named = new Map<string, number>()
  #resolvedAt = Number.NEGATIVE_INFINITY
  #pending: Promise<void> | null = null

  constructor({ host, port }: { host: string; port: number }, clock: Clock, look: Lookup) {
    this.#host = host
    this.port = port
    this.#clock = clock
    this.#lookup = look
  }

  allows(address: string): boolean {
    const named = this.#named.get(plainAddress(address))
    return named !== undefined && (isIP(this.#host) > 0 || this.#clock.now() - named < KEPT_FOR)
  }

  /**
   * All of them, of one family when one is asked for. Waits for the name only while nothing is known; an
   * old answer is good until the next one is there.
   */
  async get(family: 4 | 6 | null): Promise<readonly string[]> {
    if (this.#clock.now() - this.#resolvedAt >= FRESH_FOR) {
      this.#pending ??= this.#resolve().finally(() => {
        this.#pending = null
      })
      if (!this.#addresses.length) await this.#pending
    }
    return family ? this.#addresses.filter((a) => isIP(a) === family) : this.#addresses
  }

  async #resolve(): Promise<void> {
    const found = isIP(this.#host) ? [this.#host] : await this.#lookup(this.#host).catch(() => [])
    if (!found.length) return
    const now = this.#clock.now()
    this.#resolvedAt = now
    this.#addresses = found.slice(0, MAX_KEPT).map(plainAddress)
    for (const address of this.#addresses) {
      this.#named.delete(address)
      this.#named.set(address, now)
    }
    // Those named longest ago stand first.
    for (const [address, named] of this.#named)
      if (now - named >= KEPT_FOR || this.#named.size > MAX_KEPT) this.#named.delete(address)
  }
}
