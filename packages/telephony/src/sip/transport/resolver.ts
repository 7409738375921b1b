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

/** Addresses of the trunk: the only ones that are spoken to and heard. */
export class TrunkAddresses {
  readonly port: number
  readonly #host: string
  readonly #lookup: Lookup
  readonly #clock: Clock
  #addresses: readonly string[] = []
  #resolvedAt = Number.NEGATIVE_INFINITY
  #pending: Promise<readonly string[]> | null = null

  constructor({ host, port }: { host: string; port: number }, clock: Clock, look: Lookup) {
    this.#host = host
    this.port = port
    this.#clock = clock
    this.#lookup = look
  }

  allows(address: string): boolean {
    return this.#addresses.includes(plainAddress(address))
  }

  /** All of them, of one family when one is asked for; what was known before when the name fails. */
  async get(family: 4 | 6 | null): Promise<readonly string[]> {
    if (this.#clock.now() - this.#resolvedAt >= FRESH_FOR) {
      this.#pending ??= this.#resolve().finally(() => {
        this.#pending = null
      })
      await this.#pending
    }
    return family ? this.#addresses.filter((a) => isIP(a) === family) : this.#addresses
  }

  async #resolve(): Promise<readonly string[]> {
    if (isIP(this.#host)) this.#addresses = [this.#host]
    else {
      const found = await this.#lookup(this.#host).catch(() => [])
      if (!found.length) return this.#addresses
      this.#addresses = found.map(plainAddress)
    }
    this.#resolvedAt = this.#clock.now()
    return this.#addresses
  }
}
