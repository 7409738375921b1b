import type { Board, BoardElement, BoardFact, BoardPart } from '@yuntang/protocol'

const EMPTY = Number.NEGATIVE_INFINITY

export interface PageCopy {
  /** Null until somebody gives the page its content (spec 12 §3). */
  img: string | null
  /** In order of arrival. */
  readonly elements: Map<string, BoardElement>
  /** The highest order on the page; -Infinity while it is empty. */
  topOrder: number
}

interface BoardCopyEntry {
  readonly board: Board
  /** Only those that somebody wrote on. */
  readonly pages: Map<number, PageCopy>
}

/** All boards of a meeting, changed in place. Elements are never changed, only replaced. */
export type BoardCopy = Map<string, BoardCopyEntry>

export const pageOf = (copy: BoardCopy, boardID: string, page: number): PageCopy | undefined =>
  copy.get(boardID)?.pages.get(page)

const highest = (page: PageCopy): number => {
  let top = EMPTY
  for (const { orderID } of page.elements.values()) top = Math.max(top, orderID)
  return top
}

/** Of an element that names none (spec 12 §1.4). */
export const nextOrder = (page: PageCopy | undefined): number =>
  page && page.elements.size > 0 ? page.topOrder + 1 : 1

export const putElement = (page: PageCopy, element: BoardElement): void => {
  const { elementID, orderID } = element
  const isTop = page.elements.get(elementID)?.orderID === page.topOrder
  page.elements.set(elementID, element)
  page.topOrder =
    isTop && orderID < page.topOrder ? highest(page) : Math.max(page.topOrder, orderID)
}

/** Whether there was one. */
export const takeElement = (page: PageCopy, elementID: string): boolean => {
  const isTop = page.elements.get(elementID)?.orderID === page.topOrder
  const was = page.elements.delete(elementID)
  if (was && isTop) page.topOrder = highest(page)
  return was
}

/** The page, made when it is the first time that somebody writes on it; null when the board has none. */
export const openPage = (copy: BoardCopy, boardID: string, no: number): PageCopy | null => {
  const entry = copy.get(boardID)
  if (!entry || no >= entry.board.pageCount) return null
  let page = entry.pages.get(no)
  if (!page) {
    page = { img: null, elements: new Map(), topOrder: EMPTY }
    entry.pages.set(no, page)
  }
  return page
}

/** An empty one when nobody has written on the page. */
export const clonePage = (page?: PageCopy): PageCopy => ({
  img: page?.img ?? null,
  elements: new Map(page?.elements),
  topOrder: page?.topOrder ?? EMPTY,
})

export const cloneEntry = ({ board, pages }: BoardCopyEntry): BoardCopyEntry => ({
  board,
  pages: new Map([...pages].map(([no, page]) => [no, clonePage(page)])),
})

export const cloneCopy = (copy: BoardCopy): BoardCopy =>
  new Map([...copy].map(([id, entry]) => [id, cloneEntry(entry)]))

/** Puts a part of a page that was read behind those before it. */
export const addPart = (copy: BoardCopy, { boardID, page, img, elements }: BoardPart): void => {
  const known = openPage(copy, boardID, page)
  if (!known) return
  known.img = img
  for (const element of elements) putElement(known, element)
}

/** Applies a whole fact. */
export const applyFact = (copy: BoardCopy, fact: BoardFact): void => {
  switch (fact.do) {
    case 'create':
      copy.set(fact.board.boardID, { board: fact.board, pages: new Map() })
      return
    case 'close':
      copy.delete(fact.boardID)
      return
    case 'page': {
      const page = openPage(copy, fact.boardID, fact.page)
      if (!page) return
      page.img = fact.img
      page.elements.clear()
      page.topOrder = EMPTY
      for (const element of fact.elements) putElement(page, element as BoardElement)
      return
    }
    case 'add':
    case 'modify': {
      const page = openPage(copy, fact.boardID, fact.page)
      if (page) putElement(page, fact.element as BoardElement)
      return
    }
    case 'delete': {
      const page = pageOf(copy, fact.boardID, fact.page)
      if (page) for (const id of fact.ids) takeElement(page, id)
    }
  }
}

/** Elements of `shown` in stacking order; where that is equal, in the order in which the server had them. */
export const stacked = (
  shown: PageCopy | undefined,
  known: PageCopy | undefined,
): BoardElement[] => {
  if (!shown) return []
  const sorted: BoardElement[] = []
  for (const id of known?.elements.keys() ?? []) {
    const element = shown.elements.get(id)
    if (element) sorted.push(element)
  }
  for (const [id, element] of shown.elements) if (!known?.elements.has(id)) sorted.push(element)
  return sorted.sort((a, b) => a.orderID - b.orderID)
}

const text = (element: BoardElement) => JSON.stringify({ ...element, orderID: 0 })

/** Whether two contents are the same apart from their place in the stacking order. */
export const isSame = (a: BoardElement, b: BoardElement): boolean => a === b || text(a) === text(b)
