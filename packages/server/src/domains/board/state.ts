import type { Board, BoardElement, BoardFact } from '@yuntang/protocol'

/** An element as it is kept. Its content is never changed, only replaced. */
export interface KeptElement {
  readonly value: BoardElement
  /** Of its JSON. */
  readonly bytes: number
  /** Who added it. */
  readonly author: string
  /** Order of arrival, see {@link positionOf}. */
  readonly position: number
}

export interface PageState {
  /** Null until somebody gives the page its content (spec 12 §3). */
  img: string | null
  /** In order of arrival. */
  readonly elements: Map<string, KeptElement>
  bytes: number
  /** The highest order on the page; -Infinity while it is empty. */
  topOrder: number
  /** Number of the fact that changed its elements last. */
  changedAt: number
}

export interface BoardState {
  readonly board: Board
  /** Number of the fact that made it. */
  readonly position: number
  /** Only those that somebody wrote on. */
  readonly pages: Map<number, PageState>
}

/** All boards of a meeting. Boards are large and change often, so `apply` changes them in place. */
export interface BoardsState {
  /** Facts so far. */
  n: number
  /** In order of creation. */
  readonly boards: Map<string, BoardState>
  bytes: number
}

export const emptyBoards = (n = 0): BoardsState => ({ n, boards: new Map(), bytes: 0 })

export const emptyPage = (): PageState => ({
  img: null,
  elements: new Map(),
  bytes: 0,
  topOrder: Number.NEGATIVE_INFINITY,
  changedAt: 0,
})

/** Of an element that names none (spec 12 §1.4). */
export const nextOrder = (page: PageState | undefined): number =>
  page && page.elements.size > 0 ? page.topOrder + 1 : 1

const highest = (page: PageState): number => {
  let top = Number.NEGATIVE_INFINITY
  for (const { value } of page.elements.values()) top = Math.max(top, value.orderID)
  return top
}

/** UTF-8 bytes of an element's JSON. */
export const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

/** Nothing happens without `fact`; `refused` is undone by the page that wanted it (spec 12 §1.2). */
export type Decision = { readonly fact: BoardFact | null } | { readonly refused: true }

export const REFUSED: Decision = { refused: true }

export const pageOf = (state: BoardsState, boardID: string, page: number) =>
  state.boards.get(boardID)?.pages.get(page)

const release = (state: BoardsState, page: PageState) => {
  state.bytes -= page.bytes
  page.bytes = 0
  page.elements.clear()
  page.topOrder = Number.NEGATIVE_INFINITY
  page.changedAt = state.n
}

export const putElement = (state: BoardsState, page: PageState, kept: KeptElement): void => {
  const { elementID, orderID } = kept.value
  const before = page.elements.get(elementID)
  const change = kept.bytes - (before?.bytes ?? 0)
  page.elements.set(elementID, kept)
  page.bytes += change
  state.bytes += change
  const isLowered = before?.value.orderID === page.topOrder && orderID < page.topOrder
  page.topOrder = isLowered ? highest(page) : Math.max(page.topOrder, orderID)
  page.changedAt = state.n
}

const PER_FACT = 8192

/** Order of arrival: the fact's number, then the place within the fact. */
export const positionOf = (n: number, index: number): number => n * PER_FACT + index
/** The number of the fact behind a position. */
export const factOf = (position: number): number => Math.floor(position / PER_FACT)

const write = (
  state: BoardsState,
  page: PageState,
  value: BoardElement,
  by: string,
  index = 0,
): void => {
  const before = page.elements.get(value.elementID)
  const { author, position } = before ?? { author: by, position: positionOf(state.n, index) }
  putElement(state, page, { value, bytes: bytesOf(value), author, position })
}

const openPage = (state: BoardsState, boardID: string, no: number): PageState | null => {
  const board = state.boards.get(boardID)
  if (!board) return null
  let page = board.pages.get(no)
  if (!page) {
    page = emptyPage()
    board.pages.set(no, page)
  }
  return page
}

/** The next state, in place. */
export const apply = (state: BoardsState, fact: BoardFact): void => {
  state.n += 1
  switch (fact.do) {
    case 'create':
      state.boards.set(fact.board.boardID, {
        board: fact.board,
        position: state.n,
        pages: new Map(),
      })
      return
    case 'close': {
      for (const page of state.boards.get(fact.boardID)?.pages.values() ?? []) release(state, page)
      state.boards.delete(fact.boardID)
      return
    }
    case 'page': {
      const page = openPage(state, fact.boardID, fact.page)
      if (!page) return
      release(state, page)
      page.img = fact.img
      for (const [i, element] of fact.elements.entries()) write(state, page, element, fact.by, i)
      return
    }
    case 'add':
    case 'modify': {
      const page = openPage(state, fact.boardID, fact.page)
      if (page) write(state, page, fact.element, fact.by)
      return
    }
    case 'delete': {
      const page = pageOf(state, fact.boardID, fact.page)
      if (!page) return
      page.changedAt = state.n
      let isTopGone = false
      for (const id of fact.ids) {
        const gone = page.elements.get(id)
        if (!gone) continue
        page.elements.delete(id)
        page.bytes -= gone.bytes
        state.bytes -= gone.bytes
        isTopGone ||= gone.value.orderID === page.topOrder
      }
      if (isTopGone) page.topOrder = highest(page)
      return
    }
  }
}
