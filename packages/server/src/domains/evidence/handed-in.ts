import { EVIDENCE, ProtocolError, type Stamp } from '@yuntang/protocol'
import type { Clock } from '../../core/clock.ts'
import type { Witness } from './policy.ts'

/** How long stamps wait for their recording to be finished. */
const KEPT_MS = 10 * 60_000
/** Of all users together; about 400 bytes each. */
const MOST = 200_000
/** Recordings of one user that are finished at a time. */
const MOST_OF_USER = 8

interface Pile {
  readonly owner: string
  readonly stamps: Stamp[]
  readonly forget: () => void
}

/** Stamps that pages have handed in and whose recordings are not finished yet. */
export class HandedIn {
  readonly #piles = new Map<string, Pile>()
  #count = 0

  constructor(private readonly clock: Clock) {}

  /** Adds stamps behind the first `from`; what was there behind them goes. */
  add(witness: Witness, recording: string, from: number, stamps: readonly Stamp[]): void {
    const owner = this.#owner(witness)
    const name = `${owner}\n${recording}`
    const before = this.#piles.get(name)?.stamps ?? []
    if (from > before.length) throw new ProtocolError('evidence.missing')
    const others = [...this.#piles].filter(([key, pile]) => pile.owner === owner && key !== name)
    const more = from + stamps.length - before.length
    if (
      others.length >= MOST_OF_USER ||
      from + stamps.length > EVIDENCE.stamps ||
      this.#count + more > MOST
    )
      throw new ProtocolError('rate.exceeded')
    this.#forget(name)
    this.#piles.set(name, {
      owner,
      stamps: [...before.slice(0, from), ...stamps],
      forget: this.clock.schedule(KEPT_MS, () => this.#forget(name)),
    })
    this.#count += from + stamps.length
  }

  /** All of a recording; asked for again they are the same. @throws ProtocolError evidence.missing */
  get(witness: Witness, recording: string, count: number): readonly Stamp[] {
    if (count === 0) return []
    const pile = this.#piles.get(`${this.#owner(witness)}\n${recording}`)
    if (pile?.stamps.length !== count) throw new ProtocolError('evidence.missing')
    return pile.stamps
  }

  close(): void {
    for (const name of [...this.#piles.keys()]) this.#forget(name)
  }

  /** A guest's name alone says little: the meeting belongs to it. */
  #owner({ account, userID, meeting }: Witness): string {
    return account === '' ? `\n${meeting}\n${userID}` : `${account}\n${userID}`
  }

  #forget(name: string): void {
    const pile = this.#piles.get(name)
    if (!pile) return
    this.#piles.delete(name)
    this.#count -= pile.stamps.length
    pile.forget()
  }
}
