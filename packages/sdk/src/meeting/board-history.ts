import type { BoardElement } from './board-api.ts'

/** One element before and after one of my actions; null where it did not exist. */
export interface ElementChange {
  readonly boardID: string
  readonly page: number
  elementID: string
  readonly before: BoardElement | null
  after: BoardElement | null
}

type Step = ElementChange[]

export interface HistoryPorts {
  element(boardID: string, page: number, elementID: string): BoardElement | null
  newElementID(): string
  add(boardID: string, page: number, element: BoardElement): unknown
  modify(boardID: string, page: number, element: BoardElement): unknown
  delete(boardID: string, page: number, ids: readonly string[]): unknown
  changed(): void
}

const MOST_STEPS = 200

/** Undo and redo of this page's own actions (spec 12 §6). */
export const createHistory = (ports: HistoryPorts) => {
  const done: Step[] = []
  let undone: Step[] = []
  let group: Step | null = null
  let replaying = false

  const push = (step: Step) => {
    done.push(step)
    if (done.length > MOST_STEPS) done.shift()
    undone = []
    ports.changed()
  }

  const rename = (from: string, to: string) => {
    for (const step of [...done, ...undone])
      for (const change of step) if (change.elementID === from) change.elementID = to
  }

  /** Brings an element to one side of a change, if others left it possible. */
  const bring = (change: ElementChange, to: 'before' | 'after') => {
    const { boardID, page, elementID } = change
    const target = change[to]
    const other = change[to === 'before' ? 'after' : 'before']
    const present = ports.element(boardID, page, elementID)
    if (!target) {
      if (present) ports.delete(boardID, page, [elementID])
    } else if (present) ports.modify(boardID, page, { ...target, elementID })
    else if (!other) {
      const fresh = ports.newElementID()
      rename(elementID, fresh)
      change.elementID = fresh
      ports.add(boardID, page, { ...target, elementID: fresh })
    }
  }

  const replay = (from: Step[], into: Step[], to: 'before' | 'after') => {
    const step = from.pop()
    if (!step) return
    into.push(step)
    replaying = true
    const order = to === 'before' ? [...step].reverse() : step
    for (const change of order) bring(change, to)
    replaying = false
    ports.changed()
  }

  return {
    get canUndo() {
      return done.length > 0
    },
    get canRedo() {
      return undone.length > 0
    },
    note(changes: readonly ElementChange[], continues = false) {
      if (replaying || changes.length === 0) return
      const last = group ?? (continues ? done.at(-1) : undefined)
      if (!last) {
        push([...changes])
        return
      }
      for (const change of changes) {
        const same = last.find((c) => c.elementID === change.elementID && c.page === change.page)
        if (same?.after && change.before) same.after = change.after
        else last.push(change)
      }
    },
    step(run: () => void) {
      if (group) {
        run()
        return
      }
      const mine: Step = []
      group = mine
      try {
        run()
      } finally {
        group = null
        if (mine.length > 0) push(mine)
      }
    },
    undo: () => replay(done, undone, 'before'),
    redo: () => replay(undone, done, 'after'),
  }
}
