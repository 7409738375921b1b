import type { BoardAction } from '@yuntang/protocol'
import type { BoardElement } from './board-api.ts'
import type { BoardCopy } from './board-copy.ts'
import { applyFact, pageOf, putElement } from './board-copy.ts'
import type { Outgoing } from './board-sender.ts'

/** An action of this page that the server's order does not show yet. */
export interface PendingAction extends Outgoing {
  /** The whole of it. */
  action: BoardAction
  /** Elements as this page shows them, for replaying. */
  element: BoardElement | null
  /** It was answered before the boards were read anew. */
  settled: boolean
}

const ids = (action: BoardAction): readonly string[] => {
  if (action.do === 'add' || action.do === 'modify') return [action.element.elementID]
  return action.do === 'delete' ? action.ids : []
}

const boardOf = (action: BoardAction): string =>
  action.do === 'create' ? action.board.boardID : action.boardID

/** Whether the action says what an element is. */
const coversElement = (action: BoardAction, boardID: string, page: number, id: string): boolean => {
  if (boardOf(action) !== boardID) return false
  if (action.do === 'close') return true
  if (action.do === 'create' || action.page !== page) return false
  return action.do === 'page' || ids(action).includes(id)
}

export const coversBoard = (action: BoardAction, boardID: string): boolean =>
  (action.do === 'create' || action.do === 'close') && boardOf(action) === boardID

export const coversPage = (action: BoardAction, boardID: string, page: number): boolean =>
  boardOf(action) === boardID &&
  (action.do === 'close' || (action.do === 'page' && action.page === page))

/** This page's actions in order, from the call until the server's order shows them. */
export class PendingActions {
  readonly all: PendingAction[] = []

  element(boardID: string, page: number, id: string): boolean {
    return this.all.some(({ action }) => coversElement(action, boardID, page, id))
  }

  page(boardID: string, page: number): boolean {
    return this.all.some(({ action }) => coversPage(action, boardID, page))
  }

  board(boardID: string): boolean {
    return this.all.some(({ action }) => coversBoard(action, boardID))
  }

  remove(one: PendingAction): void {
    const at = this.all.indexOf(one)
    if (at >= 0) this.all.splice(at, 1)
  }

  /** Carries out what this page did on boards as the server has them; of one page only, or all. */
  replay(copy: BoardCopy, me: string, only?: { boardID: string; page: number }): void {
    for (const { action, element } of this.all) {
      if (only) {
        const onPage = action.do !== 'create' && action.do !== 'close' && action.page === only.page
        if (!onPage || action.boardID !== only.boardID) continue
      }
      if (action.do === 'create') {
        if (!copy.has(action.board.boardID))
          applyFact(copy, { do: 'create', board: { ...action.board, userID: me }, by: me })
      } else if (action.do === 'modify') {
        const page = pageOf(copy, action.boardID, action.page)
        if (element && page?.elements.has(element.elementID)) putElement(page, element)
      } else if (action.do === 'add') {
        if (element) applyFact(copy, { ...action, element, by: me })
      } else if (action.do === 'page') {
        const elements = action.elements.map((e, i) => ({ orderID: i + 1, ...e }))
        applyFact(copy, { ...action, elements, by: me })
      } else applyFact(copy, { ...action, by: me })
    }
  }
}
