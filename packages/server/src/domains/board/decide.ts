import {
  type BoardAction,
  type BoardDraft,
  type BoardElement,
  type BoardFact,
  LIMITS,
} from '@yuntang/protocol'
import type { RoomPolicy } from '../../actor/room.ts'
import { mayCloseBoard } from './policy.ts'
import {
  type BoardsState,
  bytesOf,
  type Decision,
  nextOrder,
  type PageState,
  pageOf,
  REFUSED,
} from './state.ts'

/** Who acts, and under which rules. */
export interface Actor {
  readonly by: string
  readonly owner: string
  readonly policy: RoomPolicy
}

type ActionOf<K extends BoardAction['do']> = Extract<BoardAction, { do: K }>

/** Whether the board has that page; written on or not. */
const hasPage = (state: BoardsState, boardID: string, page: number) =>
  page < (state.boards.get(boardID)?.board.pageCount ?? 0)

const placed = (draft: BoardDraft, orderID: number): BoardElement => ({
  ...draft,
  orderID: draft.orderID ?? orderID,
})

const fits = (state: BoardsState, page: PageState | undefined, change: number) =>
  (page?.bytes ?? 0) + change <= LIMITS.boardPageBytes &&
  state.bytes + change <= LIMITS.boardMeetingBytes

const create = (state: BoardsState, { board }: ActionOf<'create'>, { by }: Actor): Decision => {
  const known = state.boards.get(board.boardID)
  // Sent once more after a restart of the server.
  if (known) return known.board.userID === by ? { fact: null } : REFUSED
  if (state.boards.size >= LIMITS.boards) return REFUSED
  return { fact: { do: 'create', board: { ...board, userID: by }, by } }
}

const close = (state: BoardsState, { boardID }: ActionOf<'close'>, actor: Actor): Decision => {
  const known = state.boards.get(boardID)
  if (!known) return { fact: null }
  if (!mayCloseBoard(actor.policy, actor.owner, known.board.userID, actor.by)) return REFUSED
  return { fact: { do: 'close', boardID, by: actor.by } }
}

/** Elements with their order; null when one is too large or an ID comes twice. */
const placeAll = (drafts: readonly BoardDraft[]) => {
  let top = 0
  let bytes = 0
  const elements = new Map<string, BoardElement>()
  for (const draft of drafts) {
    const element = placed(draft, top + 1)
    const size = bytesOf(element)
    if (size > LIMITS.boardElementBytes || elements.has(element.elementID)) return null
    elements.set(element.elementID, element)
    top = Math.max(top, element.orderID)
    bytes += size
  }
  return { elements: [...elements.values()], bytes }
}

const initialise = (state: BoardsState, action: ActionOf<'page'>, { by }: Actor): Decision => {
  const { boardID, page, img } = action
  if (!hasPage(state, boardID, page) || action.elements.length > LIMITS.boardElements)
    return REFUSED
  const all = placeAll(action.elements)
  const present = pageOf(state, boardID, page)
  if (!all || !fits(state, present, all.bytes - (present?.bytes ?? 0))) return REFUSED
  return {
    fact: { do: 'page', boardID, page, img, elements: all.elements, more: false, by },
  }
}

const write = (
  state: BoardsState,
  action: ActionOf<'add'> | ActionOf<'modify'>,
  { by }: Actor,
): Decision => {
  const { boardID, page, element: draft } = action
  if (!hasPage(state, boardID, page)) return REFUSED
  const present = pageOf(state, boardID, page)
  const known = present?.elements.get(draft.elementID)
  const isAdd = action.do === 'add'
  if (isAdd ? known && known.author !== by : !known) return REFUSED
  if (!known && (present?.elements.size ?? 0) >= LIMITS.boardElements) return REFUSED
  const element = placed(draft, known?.value.orderID ?? nextOrder(present))
  const bytes = bytesOf(element)
  if (bytes > LIMITS.boardElementBytes || !fits(state, present, bytes - (known?.bytes ?? 0)))
    return REFUSED
  const fact: BoardFact = { do: known ? 'modify' : 'add', boardID, page, element, by }
  return { fact }
}

const remove = (state: BoardsState, action: ActionOf<'delete'>, { by }: Actor): Decision => {
  const { boardID, page } = action
  if (!hasPage(state, boardID, page)) return REFUSED
  const present = pageOf(state, boardID, page)
  const ids = [...new Set(action.ids)].filter((id) => present?.elements.has(id))
  return { fact: ids.length === 0 ? null : { do: 'delete', boardID, page, ids, by } }
}

/** What becomes of a member's action (spec 12 §1, §1.4). */
export const decide = (state: BoardsState, action: BoardAction, actor: Actor): Decision => {
  switch (action.do) {
    case 'create':
      return create(state, action, actor)
    case 'close':
      return close(state, action, actor)
    case 'page':
      return initialise(state, action, actor)
    case 'add':
    case 'modify':
      return write(state, action, actor)
    case 'delete':
      return remove(state, action, actor)
  }
}
