import type {
  BoardAction,
  BoardElement,
  BoardFact,
  BoardSummary,
  Events,
  MeetingSnapshot,
} from '@yuntang/protocol'
import { createEmitter } from '../emitter.ts'
import type { Send } from '../link/link.ts'
import type { BoardEvents, Boards, ElementInput } from './board-api.ts'
import { createArrivals } from './board-arrivals.ts'
import { checkBoard, checkElement } from './board-checks.ts'
import { applyFact, type BoardCopy, cloneCopy, nextOrder, pageOf, stacked } from './board-copy.ts'
import { createHistory, type ElementChange } from './board-history.ts'
import { createLoader } from './board-loader.ts'
import { createAssembler, jsonBytes, splitIDs, splitPage } from './board-parts.ts'
import { type PendingAction, PendingActions } from './board-pending.ts'
import { createPointer } from './board-pointer.ts'
import { createReconciler } from './board-reconcile.ts'
import { createSender } from './board-sender.ts'
import type { MeetingPart } from './part.ts'

export interface BoardDeps {
  readonly send: Send
  readonly me: string
  now(): number
  after(ms: number, run: () => void): () => void
}

/** The boards, and what their owner, the meeting, tells them. */
export interface OwnedBoards {
  readonly boards: Boards
  readonly part: MeetingPart
  /** Resolves when the server knows of a board of this page, or never will; null: it does already. */
  arrived(boardID: string): Promise<void> | null
}

/** The element that says which page all look at (spec 12 §6). */
const VIEW_STATE = 90
const NOTHING: BoardSummary = { seat: 0, n: 0, boards: 0 }

export const createBoards = (snapshot: MeetingSnapshot, deps: BoardDeps): OwnedBoards => {
  const { me } = deps
  const events = createEmitter<BoardEvents>()
  const pending = new PendingActions()
  const assembler = createAssembler()
  /** As the server has them. */
  let known: BoardCopy = new Map()
  let n = (snapshot.board ?? NOTHING).n
  /** As this page has them: `known`, and my own actions on top. */
  let shown: BoardCopy = new Map()
  let { seat } = snapshot.board ?? NOTHING
  let counter = 0
  let over = false
  let ready = (snapshot.board ?? NOTHING).boards === 0

  const reconciler = createReconciler({
    me,
    pending,
    known: () => known,
    shown: () => shown,
    events,
  })

  const loader = createLoader({
    ...deps,
    done(copy, count) {
      known = copy
      n = count
      for (const one of [...pending.all])
        if (one.settled || (one.answered !== null && one.answered <= n)) pending.remove(one)
      shown = cloneCopy(known)
      pending.replay(shown, me)
      reconciler.reset()
      ready = true
      events.emit('loaded', undefined)
      events.emit('listed', undefined)
    },
  })

  /** Actions that the server's order shows now: what others did on top of them appears. */
  const settle = () => {
    if (loader.loading) return
    for (const one of pending.all.filter(({ answered }) => answered !== null && answered <= n)) {
      pending.remove(one)
      reconciler.settled(one.action, false)
    }
  }

  const arrivals = createArrivals((boardID) =>
    pending.all.some(
      ({ action, answered }) =>
        answered === null && action.do === 'create' && action.board.boardID === boardID,
    ),
  )

  const sender = createSender({
    ...deps,
    answered() {
      settle()
      arrivals.check()
    },
    refused(of) {
      const one = of as PendingAction
      pending.remove(one)
      arrivals.check()
      if (!loader.loading) reconciler.settled(one.action, true)
    },
  })

  const pointer = createPointer(deps)

  const submit = (action: BoardAction, bytes: number, element: BoardElement | null = null) => {
    if (element && action.do === 'modify' && mergeInto(action, element, bytes)) return
    const one: PendingAction = {
      action,
      element,
      parts: action.do === 'page' ? splitPage(action) : [action],
      bytes,
      answered: null,
      begun: 0,
      settled: false,
    }
    pending.all.push(one)
    sender.push(one)
  }

  /** A content that has not left yet is replaced by the newer one. */
  const mergeInto = (
    action: Extract<BoardAction, { do: 'modify' }>,
    element: BoardElement,
    bytes: number,
  ) => {
    const last = sender.waiting.at(-1) as PendingAction | undefined
    const earlier = last?.action
    if (
      !last ||
      (earlier?.do !== 'modify' && earlier?.do !== 'add') ||
      earlier.element.elementID !== element.elementID ||
      earlier.boardID !== action.boardID ||
      earlier.page !== action.page
    )
      return false
    // A content that does not say its order keeps that of the one before.
    const { orderID = earlier.element.orderID } = action.element
    const kept = orderID === undefined ? action.element : { ...action.element, orderID }
    last.action = { ...action, do: earlier.do, element: kept }
    last.parts = [last.action]
    last.element = element
    last.bytes = bytes
    return true
  }

  const handleChanged = (data: Events['board.changed']) => {
    const whole = assembler.add(data)
    if (!whole || loader.hold(whole)) return
    for (const fact of whole.facts) {
      applyFact(known, fact)
      reconciler.happened(fact)
    }
    n = whole.n
    settle()
  }

  const did = (fact: BoardFact) => {
    applyFact(shown, fact)
    if (fact.do === 'create' || fact.do === 'close') events.emit('listed', undefined)
    else {
      const ids =
        fact.do === 'page' ? null : fact.do === 'delete' ? fact.ids : [fact.element.elementID]
      events.emit('changed', { boardID: fact.boardID, page: fact.page, ids })
    }
  }

  const newElementID = () => {
    counter += 1
    return over ? '' : `${seat.toString(36)}_${deps.now().toString(36)}_${counter}`
  }

  const hasPage = (boardID: string, page: number) =>
    Number.isInteger(page) && page >= 0 && page < (shown.get(boardID)?.board.pageCount ?? 0)

  const element = (boardID: string, page: number, id: string): BoardElement | null =>
    pageOf(shown, boardID, page)?.elements.get(id) ?? null

  const write = (
    boardID: string,
    page: number,
    input: ElementInput,
    continues: boolean,
    isNew: boolean,
  ) => {
    if (over || !hasPage(boardID, page)) return null
    const checked = checkElement(input, newElementID)
    if (!checked) return null
    const { draft, bytes } = checked
    const { elementID } = draft
    const before = element(boardID, page, elementID)
    if (!isNew && !before) return null
    const after: BoardElement = {
      ...draft,
      orderID: draft.orderID ?? before?.orderID ?? nextOrder(pageOf(shown, boardID, page)),
    }
    const by = me
    const place = { boardID, page }
    did({ do: before ? 'modify' : 'add', ...place, element: after, by })
    submit({ do: isNew ? 'add' : 'modify', ...place, element: draft }, bytes, after)
    // Turning pages is nothing that is undone.
    if (draft.type !== VIEW_STATE) history.note([{ ...place, elementID, before, after }], continues)
    return elementID
  }

  const remove = (boardID: string, page: number, wanted: readonly string[]): string[] => {
    if (over) return []
    const ids = [...new Set(wanted)].filter((id) => element(boardID, page, id))
    if (ids.length === 0) return ids
    const place = { boardID, page }
    const changes = ids.map(
      (elementID): ElementChange => ({
        ...place,
        elementID,
        before: element(boardID, page, elementID),
        after: null,
      }),
    )
    did({ do: 'delete', ...place, ids, by: me })
    for (const part of splitIDs(ids)) submit({ do: 'delete', ...place, ids: part }, jsonBytes(part))
    history.note(changes)
    return ids
  }

  const history = createHistory({
    element,
    newElementID,
    add: (boardID, page, input) => write(boardID, page, input, false, true),
    modify: (boardID, page, input) => write(boardID, page, input, false, false),
    delete: remove,
    changed: () => events.emit('history', undefined),
  })

  if (!ready) loader.start()

  const boards: Boards = {
    on: events.on,
    once: events.once,
    get ready() {
      return !over && ready
    },
    get list() {
      if (over) return []
      const inOrder = [...known.keys()].filter((id) => shown.has(id))
      const mine = [...shown.keys()].filter((id) => !known.has(id))
      return [...inOrder, ...mine].flatMap((id) => shown.get(id)?.board ?? [])
    },
    find: (boardID) => (over ? null : (shown.get(boardID)?.board ?? null)),
    image: (boardID, page) => pageOf(shown, boardID, page)?.img ?? '',
    elements: (boardID, page) =>
      stacked(pageOf(shown, boardID, page), pageOf(known, boardID, page)),
    element,
    create(wanted) {
      const checked = checkBoard(wanted)
      if (over || !checked) return null
      const board = { boardID: newElementID(), ...checked, userID: me }
      did({ do: 'create', board, by: me })
      const { userID: _, ...sent } = board
      submit({ do: 'create', board: sent }, jsonBytes(sent))
      return board
    },
    close(boardID) {
      if (over || !shown.has(boardID)) return false
      did({ do: 'close', boardID, by: me })
      submit({ do: 'close', boardID }, 100)
      return true
    },
    initPage(boardID, page, img, inputs) {
      if (over || !hasPage(boardID, page)) return false
      const checked = inputs.map((input) => checkElement(input, newElementID))
      if (checked.some((one) => one === null)) return false
      const drafts = checked.flatMap((one) => one?.draft ?? [])
      const bytes = checked.reduce((sum, one) => sum + (one?.bytes ?? 0), 100)
      let top = 0
      const elements = drafts.map((draft): BoardElement => {
        const orderID = draft.orderID ?? top + 1
        top = Math.max(top, orderID)
        return { ...draft, orderID }
      })
      const place = { boardID, page, img }
      did({ do: 'page', ...place, elements, more: false, by: me })
      submit({ do: 'page', ...place, elements: drafts, from: 0, more: false }, bytes)
      return true
    },
    newElementID,
    add: (boardID, page, input) => write(boardID, page, input, false, true),
    modify: (boardID, page, input, { continues = false } = {}) =>
      typeof input.elementID === 'string' ? write(boardID, page, input, continues, false) : null,
    delete: remove,
    point(boardID, page, x, y) {
      if (!over && hasPage(boardID, page)) pointer.point({ boardID, page, x, y })
    },
    step: history.step,
    get canUndo() {
      return history.canUndo
    },
    get canRedo() {
      return history.canRedo
    },
    undo: history.undo,
    redo: history.redo,
  }

  const part: MeetingPart = {
    handle(event) {
      if (over) return
      if (event.name === 'board.changed') handleChanged(event.data)
      if (event.name === 'board.spots')
        for (const spot of event.data.spots) if (spot.by !== me) events.emit('spot', spot)
    },
    resync({ board = NOTHING }) {
      if (over) return
      seat = board.seat
      assembler.reset()
      for (const one of pending.all) if (one.answered !== null) one.settled = true
      loader.start()
    },
    close() {
      over = true
      arrivals.close()
      loader.close()
      sender.close()
      pointer.close()
      events.clear()
    },
  }
  return { boards, part, arrived: arrivals.wait }
}
