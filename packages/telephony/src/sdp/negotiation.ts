import type { LineTarget } from '../line.ts'
import { CLOCK_RATES, type Codec, type Digits, OFFERED, OFFERED_DIGITS } from './codecs.ts'
import { type Direction, type RemoteDescription, readDescription } from './read.ts'
import { type LocalDescription, writeDescription } from './write.ts'

/** What a negotiation says of the sound. */
export interface Agreed {
  readonly target: LineTarget
  /** The other side does not want to hear us. */
  readonly held: boolean
}

const MIRRORED: Readonly<Record<Direction, Direction>> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
}

const digitsFor = (codec: Codec, remote: RemoteDescription): Digits | undefined =>
  remote.digits.find((d) => d.clockRate === CLOCK_RATES[codec.name])

const agreedOn = (remote: RemoteDescription): Agreed => {
  const [codec] = remote.codecs
  return {
    target: {
      address: remote.address,
      port: remote.port,
      codec: codec!.name,
      payloadType: codec!.payloadType,
      digits: digitsFor(codec!, remote)?.payloadType ?? null,
    },
    held: remote.direction === 'sendonly' || remote.direction === 'inactive',
  }
}

/** Offers and answers of one call (RFC 3264), from our side. */
export class Negotiation {
  #local: LocalDescription

  /** `session` is any number up to 2^53, unlike that of other calls. */
  constructor(own: { session: number; address: string; port: number }) {
    this.#local = {
      ...own,
      version: own.session,
      codecs: OFFERED,
      digits: OFFERED_DIGITS,
      direction: 'sendrecv',
    }
  }

  /** Our offer: what holds now, so that sending it again changes nothing. */
  offer(): string {
    return writeDescription(this.#local)
  }

  /** The answer to our offer. Throws `SdpError`. */
  accept(answer: string): Agreed {
    return agreedOn(readDescription(answer))
  }

  /** Our answer to an offer. Throws `SdpError`; nothing has changed then. */
  answer(offer: string): { text: string; agreed: Agreed } {
    const remote = readDescription(offer)
    const codec = remote.codecs[0]!
    const digits = digitsFor(codec, remote)
    this.#local = {
      ...this.#local,
      version: this.#local.version + 1,
      codecs: [codec],
      digits: digits ? [digits] : [],
      direction: MIRRORED[remote.direction],
      answers: { lines: remote.lines, index: remote.index },
    }
    return { text: writeDescription(this.#local), agreed: agreedOn(remote) }
  }
}
