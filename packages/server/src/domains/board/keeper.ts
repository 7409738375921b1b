import type { Board, BoardElement, BoardFact } from '@yuntang/protocol'
import type { Clock } from '../../core/clock.ts'
import type { Log } from '../../core/log.ts'
import { WriteBehind } from '../../core/write-behind.ts'
import type { BoardChanges, BoardStore, StoredBoards } from '../../storage/port.ts'
import { type BoardsState, bytesOf, emptyBoards, emptyPage, factOf, putElement } from './state.ts'

interface ChangedPage {
  /** Everything that is stored of it goes first. */
  replaced: boolean
  readonly elements: Set<string>
}

interface Changed {
  readonly state: BoardsState
  /** Created. */
  readonly boards: Set<string>
  readonly closed: Set<string>
  readonly pages: Map<string, Map<number, ChangedPage>>
}

/**
 * Writes boards behind: what changed in a second goes in one transaction, so that an element drawn in
 * ten steps is one row written once or twice.
 */
export class BoardKeeper {
  readonly #behind: WriteBehind<Changed>

  constructor(
    private readonly store: BoardStore,
    clock: Clock,
    private readonly log: Log,
  ) {
    this.#behind = new WriteBehind(clock, {
      write: (meeting, changed) => store.save(meeting, changesOf(changed)),
      failed: (err, meeting) =>
        log.error({ err, meeting }, 'boards could not be stored; they are tried again'),
      merge,
    })
  }

  /** A fact was applied to the state. */
  changed(meeting: number, state: BoardsState, fact: BoardFact): void {
    const changed = this.#behind.waiting(meeting) ?? {
      state,
      boards: new Set(),
      closed: new Set(),
      pages: new Map(),
    }
    note(changed, fact)
    this.#behind.set(meeting, changed)
  }

  /** The meeting is over: its boards go. */
  ended(meeting: number): void {
    this.#behind.end(meeting, () =>
      this.store.removeAll(meeting).catch((err: unknown) => {
        this.log.error({ err, meeting }, 'boards of an ended meeting could not be removed')
      }),
    )
  }

  async restore(meetings: ReadonlySet<number>): Promise<Map<number, BoardsState>> {
    const states = new Map<number, BoardsState>()
    for (const meeting of await this.store.meetings())
      if (meetings.has(meeting)) states.set(meeting, stateOf(await this.store.load(meeting)))
      else await this.store.removeAll(meeting)
    return states
  }

  /** Resolves when everything is stored. */
  close(): Promise<void> {
    return this.#behind.close()
  }
}

const pageIn = ({ pages }: Changed, boardID: string, no: number): ChangedPage => {
  const ofBoard = pages.get(boardID) ?? new Map<number, ChangedPage>()
  pages.set(boardID, ofBoard)
  const page = ofBoard.get(no) ?? { replaced: false, elements: new Set() }
  ofBoard.set(no, page)
  return page
}

const drop = ({ boards, closed, pages }: Changed, boardID: string): void => {
  boards.delete(boardID)
  closed.add(boardID)
  pages.delete(boardID)
}

const note = (changed: Changed, fact: BoardFact): void => {
  switch (fact.do) {
    case 'create':
      changed.boards.add(fact.board.boardID)
      return
    case 'close':
      drop(changed, fact.boardID)
      return
    case 'page': {
      const page = pageIn(changed, fact.boardID, fact.page)
      page.replaced = true
      page.elements.clear()
      for (const { elementID } of fact.elements) page.elements.add(elementID)
      return
    }
    case 'add':
    case 'modify':
      pageIn(changed, fact.boardID, fact.page).elements.add(fact.element.elementID)
      return
    case 'delete': {
      const { elements } = pageIn(changed, fact.boardID, fact.page)
      for (const id of fact.ids) elements.add(id)
    }
  }
}

const merge = (into: Changed, later: Changed): Changed => {
  for (const id of later.closed) drop(into, id)
  for (const id of later.boards) into.boards.add(id)
  for (const [boardID, pages] of later.pages)
    for (const [no, { replaced, elements }] of pages) {
      const page = pageIn(into, boardID, no)
      page.replaced ||= replaced
      for (const id of elements) page.elements.add(id)
    }
  return into
}

/** What is to be written, as the state is now. */
const changesOf = ({ state, boards, closed, pages }: Changed): BoardChanges => {
  const changes = {
    boards: [] as BoardChanges['boards'][number][],
    closed: [...closed],
    pages: [] as BoardChanges['pages'][number][],
    elements: [] as BoardChanges['elements'][number][],
    deleted: [] as BoardChanges['deleted'][number][],
  }
  for (const boardID of boards) {
    const kept = state.boards.get(boardID)
    if (kept) changes.boards.push({ ...kept.board, position: kept.position })
  }
  for (const [boardID, changedPages] of pages)
    for (const [no, { replaced, elements }] of changedPages) {
      const page = state.boards.get(boardID)?.pages.get(no)
      if (!page) continue
      const place = { boardID, page: no }
      changes.pages.push({ ...place, img: page.img, replaced })
      for (const elementID of elements) {
        const kept = page.elements.get(elementID)
        if (!kept) changes.deleted.push({ ...place, elementID })
        else
          changes.elements.push({
            ...place,
            elementID,
            author: kept.author,
            position: kept.position,
            data: JSON.stringify(kept.value),
          })
      }
    }
  return changes
}

const stateOf = (stored: StoredBoards): BoardsState => {
  const state = emptyBoards()
  for (const { position, ...board } of stored.boards) {
    state.boards.set(board.boardID, { board: board satisfies Board, position, pages: new Map() })
    state.n = Math.max(state.n, position)
  }
  for (const { boardID, page, img } of stored.pages)
    state.boards.get(boardID)?.pages.set(page, { ...emptyPage(), img })
  for (const { boardID, page: no, author, position, data } of stored.elements) {
    const page = state.boards.get(boardID)?.pages.get(no)
    if (!page) continue
    const value = JSON.parse(data) as BoardElement
    putElement(state, page, { value, bytes: bytesOf(value), author, position })
    state.n = Math.max(state.n, factOf(position))
  }
  // Facts that left nothing behind were counted too; positions only have to go up.
  state.n += 1
  return state
}
