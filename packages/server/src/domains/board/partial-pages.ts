import { type BoardAction, LIMITS } from '@yuntang/protocol'
import { bytesOf } from './state.ts'

type PageAction = Extract<BoardAction, { do: 'page' }>

/** Puts the parts of a page together that one member sends in a row; holds one page at most. */
export class PartialPages {
  #begun: PageAction | null = null
  #bytes = 0

  /** The action when it is whole; null for a part of one; refused when a part before is missing. */
  add(action: BoardAction): BoardAction | null | 'refused' {
    const begun = this.#begun
    this.#begun = null
    if (action.do !== 'page' || (action.from === 0 && !action.more)) return action
    if (action.from === 0) this.#bytes = 0
    else if (
      begun?.boardID !== action.boardID ||
      begun.page !== action.page ||
      begun.elements.length !== action.from
    )
      return 'refused'
    this.#bytes += bytesOf(action.elements)
    const elements = [...(begun && action.from > 0 ? begun.elements : []), ...action.elements]
    if (this.#bytes > LIMITS.boardPageBytes + elements.length + 2 * LIMITS.frameBytes)
      return 'refused'
    const whole = { ...action, elements, from: 0, more: false }
    if (!action.more) return whole
    this.#begun = whole
    return null
  }
}
