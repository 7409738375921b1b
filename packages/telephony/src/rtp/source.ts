/** One spelling for each address: sockets write IPv4 in IPv6 form when they serve both. */
const normal = (address: string): string => {
  const plain = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '')
  return plain.includes(':') ? new URL(`http://[${plain.split('%')[0]}]`).hostname : plain
}

/**
 * From where a line takes sound. The other side's description names an address and a port. Nothing
 * from another address is ever taken, so nobody else on the network is heard. Behind a NAT of its own
 * the other side may send from another port of that address: the first such port counts, and only
 * until a packet comes from the named one, which then stays.
 */
export class TrustedSource {
  #address = ''
  #named = 0
  #isNamedHeard = false
  /** Port that stands in for the named one. */
  #other: number | null = null
  /** Last address that was found right, as it was written. */
  #spelling = ''

  /** What the description says. */
  expect(address: string, port: number): void {
    const named = normal(address)
    if (named === this.#address && port === this.#named) return
    this.#address = named
    this.#named = port
    this.#isNamedHeard = false
    this.#other = null
    this.#spelling = ''
  }

  isAddress(address: string): boolean {
    if (this.#address === '') return false
    if (address === this.#spelling) return true
    if (normal(address) !== this.#address) return false
    this.#spelling = address
    return true
  }

  /** Whether a valid packet from there is the other side's. */
  accepts(address: string, port: number): boolean {
    if (!this.isAddress(address)) return false
    if (port === this.#named) {
      this.#isNamedHeard = true
      this.#other = null
      return true
    }
    if (this.#isNamedHeard) return false
    this.#other ??= port
    return port === this.#other
  }

  /** Where to send: back to where it comes from (RFC 4961). */
  get port(): number {
    return this.#other ?? this.#named
  }
}
