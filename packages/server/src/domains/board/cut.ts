import { type Board, type BoardPart, LIMITS, type Out, type Requests } from '@yuntang/protocol'
import type { BoardsState, KeptElement } from './state.ts'

type Part = Out<Requests['board.read']>

interface Item {
  readonly boardID: string
  readonly page: number
  readonly img: string
  /** Null: the page itself. */
  readonly kept: KeptElement | null
}

/** About the frame around an item. */
const ITEM_BYTES = 400

/** All boards of a meeting as they are at one moment, for reading in parts that fit a frame. */
export class Cut {
  readonly n: number
  readonly #boards: Board[]
  readonly #items: Item[] = []

  constructor(state: BoardsState) {
    this.n = state.n
    this.#boards = [...state.boards.values()].map(({ board }) => board)
    for (const [boardID, { pages }] of state.boards)
      for (const [page, { img, elements }] of pages) {
        this.#items.push({ boardID, page, img, kept: null })
        for (const kept of elements.values()) this.#items.push({ boardID, page, img, kept })
      }
  }

  part(from: number): Part {
    const pages: BoardPart[] = []
    let bytes = 0
    let at = from
    for (; at < this.#items.length && bytes < LIMITS.boardPartBytes; at++) {
      const { kept, ...place } = this.#items[at] as Item
      const open = pages.at(-1)
      const isOpen = open?.boardID === place.boardID && open.page === place.page
      const page = isOpen ? open : { ...place, elements: [] }
      if (!isOpen) pages.push(page)
      if (kept) page.elements.push(kept.value)
      bytes += (kept?.bytes ?? 0) + (isOpen ? 1 : ITEM_BYTES)
    }
    return {
      n: this.n,
      from,
      boards: from === 0 ? this.#boards : [],
      pages,
      next: at < this.#items.length ? at : null,
    }
  }
}
