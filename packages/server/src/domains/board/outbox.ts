import { type BoardFact, type Events, LIMITS } from '@yuntang/protocol'
import type { Clock } from '../../core/clock.ts'

/** Facts of so many milliseconds are told together; the first one at once. */
const TICK_MS = 20

type Changed = Events['board.changed']

const keyOf = (fact: { boardID: string; page: number }, id: string) =>
  `${fact.boardID};${fact.page};${id}`

/**
 * Facts on their way to the members of one meeting: many become one frame, and of several new
 * contents of an element in a row only the last one is told.
 */
export class Outbox {
  #facts: (BoardFact | null)[] = []
  /** Where the last fact about an element is, while it can be replaced. */
  readonly #last = new Map<string, number>()
  #bytes = 0
  #n = 0
  #cancel: (() => void) | null = null

  constructor(
    private readonly clock: Clock,
    private readonly tell: (changed: Changed) => void,
  ) {}

  /** `n`: facts up to this one; `bytes`: about its size. */
  add(fact: BoardFact, n: number, bytes: number): void {
    if (fact.do === 'page' && bytes > LIMITS.boardPartBytes) {
      this.flush()
      this.#tellInParts(fact, n)
      return
    }
    if (this.#bytes + bytes > LIMITS.boardPartBytes) this.flush()
    this.#replaceEarlier(fact)
    this.#facts.push(fact)
    this.#bytes += bytes
    this.#n = n
    if (!this.#cancel) this.#tick()
  }

  #tick(): void {
    this.flush()
    this.#cancel = this.clock.schedule(TICK_MS, () => {
      this.#cancel = null
      if (this.#facts.length > 0) this.#tick()
    })
  }

  #replaceEarlier(fact: BoardFact): void {
    if (fact.do === 'modify') {
      const key = keyOf(fact, fact.element.elementID)
      const at = this.#last.get(key)
      const earlier = at === undefined ? null : this.#facts[at]
      if (at !== undefined && earlier?.do === 'modify' && earlier.by === fact.by)
        this.#facts[at] = null
      this.#last.set(key, this.#facts.length)
    } else if (fact.do === 'add')
      this.#last.set(keyOf(fact, fact.element.elementID), this.#facts.length)
    else this.#last.clear()
  }

  #tellInParts(fact: Extract<BoardFact, { do: 'page' }>, n: number): void {
    let part: typeof fact.elements = []
    let bytes = 0
    for (const element of fact.elements) {
      const size = Buffer.byteLength(JSON.stringify(element))
      if (part.length > 0 && bytes + size > LIMITS.boardPartBytes) {
        this.tell({ n, facts: [{ ...fact, elements: part, more: true }] })
        part = []
        bytes = 0
      }
      part.push(element)
      bytes += size
    }
    this.tell({ n, facts: [{ ...fact, elements: part, more: false }] })
  }

  /** Tells what waits, now. */
  flush(): void {
    const facts = this.#facts.filter((fact) => fact !== null)
    this.#facts = []
    this.#last.clear()
    this.#bytes = 0
    if (facts.length > 0) this.tell({ n: this.#n, facts })
  }

  /** What waits is not told any more. */
  close(): void {
    this.#cancel?.()
    this.#cancel = null
    this.#facts = []
  }
}
