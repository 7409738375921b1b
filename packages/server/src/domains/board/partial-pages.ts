import { type BoardAction, LIMITS } from '@yuntang/protocol'
import { bytesOf } from './state.ts'

type PageAction = Extract<BoardAction, { do: 'page' }>

/** Puts the parts of a page together that one member sends in a row; holds one page at most. */
export class PartialPages {
  #begun: PageAction | null = null
  #bytes = 0
  /** The rest of a refused page is skipped. */
  #skips = false

  /** The action when it is whole; null for a part of one. */
  add(action: BoardAction): BoardAction | null | 'refused' {
    if (action.do !== 'page') {
      this.#reset()
      return action
    }
    if (this.#skips) {
      this.#skips = action.more
      return null
    }
    const begun = this.#begun
    if (!begun && !action.more) return action
    this.#bytes += bytesOf(action.elements)
    const elements = [...(begun?.elements ?? []), ...action.elements]
    const isOther = begun && (begun.boardID !== action.boardID || begun.page !== action.page)
    if (isOther || this.#bytes > LIMITS.boardPageBytes + elements.length + 2 * LIMITS.frameBytes) {
      this.#reset()
      this.#skips = action.more
      return 'refused'
    }
    const whole = { ...action, elements, more: false }
    if (action.more) {
      this.#begun = whole
      return null
    }
    this.#reset()
    return whole
  }

  #reset(): void {
    this.#begun = null
    this.#bytes = 0
    this.#skips = false
  }
}
