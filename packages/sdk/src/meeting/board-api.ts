import type { Board, BoardDraft, BoardElement } from '@yuntang/protocol'
import type { Events } from '../api.ts'

export type { Board, BoardDraft, BoardElement }

interface OnPage {
  boardID: string
  page: number
}

/**
 * What others did to boards. `by` is the user ID of who did it, `""` when the server undid what this page
 * had done (spec 12 §1.2). Own actions are told as `changed` only.
 */
export interface BoardEvents {
  /** Everything as it is now, on entry and after a loss of events (spec 12 §1.3). */
  loaded: undefined
  created: { board: Board; by: string }
  closed: { boardID: string; by: string }
  /** A page has this content now, in stacking order; `newImage`: its content had another background before. */
  page: OnPage & { img: string; elements: BoardElement[]; by: string; newImage: boolean }
  added: OnPage & { element: BoardElement; by: string }
  modified: OnPage & { element: BoardElement; by: string }
  deleted: OnPage & { ids: string[]; by: string }
  /** Somebody points at a place; negative: no longer. */
  spot: OnPage & { x: number; y: number; by: string }
  /** For views: elements (null: everything) of a page changed, by others or by this page. */
  changed: OnPage & { ids: readonly string[] | null }
  /** Boards came or went, by others or by this page. */
  listed: undefined
  /** There is something else to undo or redo. */
  history: undefined
}

export interface NewBoard {
  title: string
  /** Board units, 16–16 384. */
  width: number
  height: number
  /** 1–500, fixed. */
  pageCount: number
}

/** What may be left out of an element: the ID is made, the place is 0, 0. */
export type ElementInput = { type: number } & Partial<BoardDraft> & Record<string, unknown>

/**
 * The meeting's whiteboards (spec 12). Actions change this page's boards at once; one that the server
 * refuses is undone and told like the action of somebody else with `by` `""`.
 */
export interface Boards extends Events<BoardEvents> {
  /** False until the boards that exist on entry are here. */
  readonly ready: boolean
  /** In order of creation. */
  readonly list: readonly Board[]
  find(boardID: string): Board | null
  /** Net-disk file ID of a page's background; `""` for none. */
  image(boardID: string, page: number): string
  /** In stacking order; large values of `orderID` are on top. */
  elements(boardID: string, page: number): BoardElement[]
  element(boardID: string, page: number, elementID: string): BoardElement | null
  /** Null when the arguments are out of range. */
  create(board: NewBoard): Board | null
  /** False when there is no such board. */
  close(boardID: string): boolean
  /** Replaces a page. False when there is no such page or an element is no element. */
  initPage(boardID: string, page: number, img: string, elements: readonly ElementInput[]): boolean
  /** A new unique ID. */
  newElementID(): string
  /** The element's ID; null when there is no such page or the element is too large. */
  add(boardID: string, page: number, element: ElementInput): string | null
  /**
   * Replaces an element; null when there is none. `continues`: belongs to the same step of undo as the
   * action before.
   */
  modify(
    boardID: string,
    page: number,
    element: ElementInput,
    options?: { continues?: boolean },
  ): string | null
  /** Answers the IDs that existed. */
  delete(boardID: string, page: number, ids: readonly string[]): string[]
  /** Points at a place for everybody else; merged to 20 a second. */
  point(boardID: string, page: number, x: number, y: number): void
  /** What `run` does is one step of undo. */
  step(run: () => void): void
  readonly canUndo: boolean
  readonly canRedo: boolean
  /** Undoes my last step as far as others left it possible (spec 12 §6). */
  undo(): void
  redo(): void
}
