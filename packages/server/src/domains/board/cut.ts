import { type Board, type BoardPart, LIMITS, type Out, type Requests } from '@yuntang/protocol'
import type { BoardsState, KeptElement, PageState } from './state.ts'

type Part = Out<Requests['board.read']>

/** A page as it is at the moment of a cut. */
interface CutPage {
  readonly boardID: string
  readonly page: number
  readonly img: string | null
  readonly elements: readonly KeptElement[]
  /** Where it begins: the page itself is one item, each of its elements another. */
  readonly start: number
}

/** About the frame around a page. */
const PAGE_BYTES = 400

/** Many cuts share the elements of a page until somebody writes on it. */
const listed = new WeakMap<PageState, { at: number; elements: readonly KeptElement[] }>()

const elementsOf = (page: PageState): readonly KeptElement[] => {
  const known = listed.get(page)
  if (known?.at === page.changedAt) return known.elements
  const elements = [...page.elements.values()]
  listed.set(page, { at: page.changedAt, elements })
  return elements
}

/** All boards of a meeting as they are at one moment, for reading in parts that fit a frame. */
export class Cut {
  readonly n: number
  readonly #boards: Board[]
  readonly #pages: CutPage[] = []

  constructor(state: BoardsState) {
    this.n = state.n
    this.#boards = [...state.boards.values()].map(({ board }) => board)
    let start = 0
    for (const [boardID, { pages }] of state.boards)
      for (const [no, page] of pages) {
        const elements = elementsOf(page)
        this.#pages.push({ boardID, page: no, img: page.img, elements, start })
        start += 1 + elements.length
      }
  }

  part(from: number): Part {
    const pages: BoardPart[] = []
    let bytes = 0
    let at = from
    for (const { boardID, page, img, elements, start } of this.#pages) {
      const end = start + 1 + elements.length
      if (end <= from) continue
      if (bytes >= LIMITS.boardPartBytes) break
      const part: BoardPart = { boardID, page, img, elements: [] }
      pages.push(part)
      bytes += PAGE_BYTES
      at = Math.max(at, start + 1)
      for (; at < end && bytes < LIMITS.boardPartBytes; at++) {
        const kept = elements[at - start - 1] as KeptElement
        part.elements.push(kept.value)
        bytes += kept.bytes + 1
      }
    }
    const last = this.#pages.at(-1)
    const isAll = !last || at >= last.start + 1 + last.elements.length
    return {
      n: this.n,
      from,
      boards: from === 0 ? this.#boards : [],
      pages,
      next: isAll ? null : at,
    }
  }
}
