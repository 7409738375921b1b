import {
  chainOn,
  chainStart,
  EVIDENCE,
  inOrder,
  isSigned,
  type Manifest,
  manifestMessage,
  type Progress,
  platformCrypto,
  readChunks,
  type Stamp,
  stampMessage,
} from '@yuntang/protocol'
import type { Clock } from '../../core/clock.ts'
import type { Witness } from './policy.ts'
import type { SigningKey } from './signing-key.ts'

/** A file that the server has, and what its page says of it. */
export interface Deposit {
  readonly recording: string
  /** What the page handed in; not believed. */
  readonly stamps: readonly Stamp[]
  readonly name: string
  readonly mimeType: string
  readonly owner: Witness
  /** The whole file. */
  readonly pieces: AsyncIterable<Uint8Array<ArrayBuffer>>
}

/** What is signed has no half characters: UTF-8 knows none. */
const whole = (text: string): string => Buffer.from(text, 'utf8').toString('utf8')

/** Signs what it is told with the time, and what it has read with its content. */
export class Notary {
  readonly #crypto = platformCrypto()

  constructor(
    private readonly key: SigningKey,
    private readonly clock: Clock,
  ) {}

  /** Base64url. */
  get publicKey(): string {
    return this.key.publicKey
  }

  stamp(progress: Progress, witness: Witness): Stamp {
    const statement = { ...progress, ...witness, time: this.clock.now() }
    return { ...statement, signature: this.key.sign(stampMessage(statement)) }
  }

  /** Reads the file to its end. Null when it is too long for this format. */
  async manifest(deposit: Deposit): Promise<Manifest | null> {
    const { recording, owner } = deposit
    const stamps = await this.#genuine(recording, deposit.stamps)
    const chunks = await readChunks(this.#crypto, deposit.pieces)
    if (!chunks) return null
    const unsigned = {
      format: EVIDENCE.format,
      recording,
      file: {
        name: whole(deposit.name),
        mimeType: whole(deposit.mimeType),
        bytes: chunks.reduce((sum, [length]) => sum + length, 0),
        head: chainOn(chainStart(recording), chunks),
      },
      chunks,
      stamps,
      refused: deposit.stamps.length - stamps.length,
      upload: { time: this.clock.now(), ...owner },
      key: this.key.publicKey,
    }
    return { ...unsigned, signature: this.key.sign(manifestMessage(unsigned)) }
  }

  /** Those that this server gave for this recording, each once, in order. */
  async #genuine(recording: string, stamps: readonly Stamp[]): Promise<Stamp[]> {
    const known = new Map<string, Stamp>()
    for (const stamp of stamps) {
      const isOurs =
        stamp.recording === recording &&
        (await isSigned(this.#crypto, this.key.publicKey, stampMessage(stamp), stamp.signature))
      if (isOurs) known.set(stamp.signature, stamp)
    }
    return [...known.values()].sort(inOrder)
  }
}
