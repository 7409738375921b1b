import { addressName } from '../core/address-name.ts'

/** Somebody that has proven nothing yet. */
export interface Newcomer {
  /** True as long as neither a login nor a seat in a meeting has been given. */
  unproven(): boolean
}

/** Counts connections by the address they come from, so that one address cannot take all places. */
export class Newcomers {
  readonly #byAddress = new Map<string, Set<Newcomer>>()

  constructor(private readonly perAddress: number) {}

  get addresses(): number {
    return this.#byAddress.size
  }

  /** Whether this address may have one more that has proven nothing. */
  admits(address: string): boolean {
    const known = this.#byAddress.get(addressName(address))
    if (!known || known.size < this.perAddress) return true
    let unproven = 0
    for (const one of known) if (one.unproven()) unproven += 1
    return unproven < this.perAddress
  }

  /** Counts one until the function that is returned is called. */
  add(address: string, newcomer: Newcomer): () => void {
    const name = addressName(address)
    const known = this.#byAddress.get(name) ?? new Set()
    this.#byAddress.set(name, known.add(newcomer))
    return () => {
      if (known.delete(newcomer) && known.size === 0) this.#byAddress.delete(name)
    }
  }
}
