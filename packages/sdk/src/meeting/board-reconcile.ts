import type { BoardAction, BoardElement, BoardFact } from '@yuntang/protocol'
import type { Emitter } from '../emitter.ts'
import type { BoardEvents } from './board-api.ts'
import {
  type BoardCopy,
  cloneEntry,
  clonePage,
  isSame,
  openPage,
  pageOf,
  putElement,
  stacked,
  takeElement,
} from './board-copy.ts'
import type { PendingActions } from './board-pending.ts'

export interface ReconcilePorts {
  readonly me: string
  readonly pending: PendingActions
  /** Boards as the server has them. */
  known(): BoardCopy
  /** Boards as this page shows them. */
  shown(): BoardCopy
  readonly events: Emitter<BoardEvents>
}

/**
 * Brings what this page shows to what the server has, and tells the difference. Where an action of this page
 * is on its way nothing is shown until the server's order has it (spec 12 §1.4).
 */
export const createReconciler = ({ me, pending, known, shown, events }: ReconcilePorts) => {
  /** Who did last what is not shown yet. */
  const hidden = new Map<string, string>()
  const key = (boardID: string, page = -1, id = '') => `${boardID};${page};${id}`
  const takeHidden = (name: string) => {
    const by = hidden.get(name) ?? ''
    hidden.delete(name)
    return by
  }

  const changed = (boardID: string, page: number, ids: readonly string[] | null) =>
    events.emit('changed', { boardID, page, ids })

  const tellPage = (boardID: string, page: number, by: string, newImage: boolean) => {
    const now = pageOf(shown(), boardID, page)
    const elements = stacked(now, pageOf(known(), boardID, page))
    events.emit('page', { boardID, page, img: now?.img ?? '', elements, by, newImage })
    changed(boardID, page, null)
  }

  /** A whole page as the server has it, with my actions that are on their way. */
  const showPage = (boardID: string, no: number, by: string) => {
    const entry = shown().get(boardID)
    if (!entry) return
    const before = entry.pages.get(no)
    const now = clonePage(pageOf(known(), boardID, no))
    entry.pages.set(no, now)
    pending.replay(shown(), me, { boardID, page: no })
    const old = before?.img ?? null
    tellPage(boardID, no, by, old !== null && now.img !== null && old !== now.img)
  }

  const showElement = (boardID: string, no: number, id: string, by: string) => {
    const now = pageOf(known(), boardID, no)?.elements.get(id)
    const page = openPage(shown(), boardID, no)
    if (!page) return
    const before = page.elements.get(id)
    const place = { boardID, page: no }
    if (now) {
      putElement(page, now)
      if (!before) events.emit('added', { ...place, element: now, by })
      else if (!isSame(before, now)) events.emit('modified', { ...place, element: now, by })
      else if (before.orderID === now.orderID) return
    } else {
      if (!before) return
      takeElement(page, id)
      events.emit('deleted', { ...place, ids: [id], by })
    }
    changed(boardID, no, [id])
  }

  const written = (boardID: string, no: number, element: BoardElement, by: string) => {
    const id = element.elementID
    if (pending.element(boardID, no, id)) {
      hidden.set(key(boardID, no, id), by)
      return
    }
    const page = openPage(shown(), boardID, no)
    if (!page) return
    const event = page.elements.has(id) ? 'modified' : 'added'
    putElement(page, element)
    events.emit(event, { boardID, page: no, element, by })
    changed(boardID, no, [id])
  }

  const deleted = (boardID: string, no: number, all: readonly string[], by: string) => {
    const page = pageOf(shown(), boardID, no)
    const ids: string[] = []
    for (const id of all)
      if (pending.element(boardID, no, id)) hidden.set(key(boardID, no, id), by)
      else if (page && takeElement(page, id)) ids.push(id)
    if (ids.length === 0) return
    events.emit('deleted', { boardID, page: no, ids, by })
    changed(boardID, no, ids)
  }

  const showBoard = (boardID: string, by: string) => {
    const entry = known().get(boardID)
    const isShown = shown().has(boardID)
    if (entry && !isShown) {
      shown().set(boardID, cloneEntry(entry))
      events.emit('created', { board: entry.board, by })
      for (const no of entry.pages.keys()) tellPage(boardID, no, by, false)
    } else if (!entry && isShown) {
      shown().delete(boardID)
      events.emit('closed', { boardID, by })
    } else return
    events.emit('listed', undefined)
  }

  return {
    /** A fact that `known` has already. */
    happened(fact: BoardFact) {
      const { by } = fact
      switch (fact.do) {
        case 'create':
          if (!pending.board(fact.board.boardID)) showBoard(fact.board.boardID, by)
          return
        case 'close':
          showBoard(fact.boardID, by)
          return
        case 'page':
          if (!pending.page(fact.boardID, fact.page)) showPage(fact.boardID, fact.page, by)
          else hidden.set(key(fact.boardID, fact.page), by)
          return
        case 'add':
        case 'modify':
          written(fact.boardID, fact.page, fact.element as BoardElement, by)
          return
        case 'delete':
          deleted(fact.boardID, fact.page, fact.ids, by)
      }
    },

    /** An action of mine is not on its way any more: it is in the server's order, or was refused. */
    settled(action: BoardAction, isRefused: boolean) {
      if (action.do === 'create' || action.do === 'close') {
        const boardID = action.do === 'create' ? action.board.boardID : action.boardID
        if (!pending.board(boardID)) showBoard(boardID, '')
        return
      }
      const { boardID, page } = action
      if (action.do === 'page') {
        const by = takeHidden(key(boardID, page))
        if (pending.page(boardID, page)) return
        const now = pageOf(known(), boardID, page)
        const before = pageOf(shown(), boardID, page)
        if (isRefused || (now?.img ?? null) !== (before?.img ?? null)) {
          showPage(boardID, page, isRefused ? '' : by)
          return
        }
        const ids = new Set([...(now?.elements.keys() ?? []), ...(before?.elements.keys() ?? [])])
        for (const id of ids)
          if (!pending.element(boardID, page, id))
            showElement(boardID, page, id, takeHidden(key(boardID, page, id)) || by)
        return
      }
      const ids = action.do === 'delete' ? action.ids : [action.element.elementID]
      for (const id of ids) {
        if (pending.element(boardID, page, id)) continue
        const by = takeHidden(key(boardID, page, id))
        showElement(boardID, page, id, isRefused ? '' : by)
      }
    },

    /** Everything is shown as it is. */
    reset() {
      hidden.clear()
    },
  }
}
