import type { BoardElement, Boards } from '@yuntang/sdk'
import { TYPE } from './elements.ts'
import { tenth } from './geometry.ts'
import { type Marks, markFields, marksOf } from './marks.ts'
import { moved } from './resize.ts'
import { fillFor } from './tools.ts'

/** A page of a board, and what is chosen of it. */
export interface Place {
  readonly boards: Boards
  readonly boardID: string
  readonly page: number
}

const AWAY = 16

const those = ({ boards, boardID, page }: Place, ids: readonly string[]): BoardElement[] =>
  ids.flatMap((id) => boards.element(boardID, page, id) ?? [])

const writeEach = (place: Place, ids: readonly string[], next: (e: BoardElement) => BoardElement) =>
  place.boards.step(() => {
    for (const element of those(place, ids))
      place.boards.modify(place.boardID, place.page, next(element))
  })

/** Everything that is drawn on a page. */
export const allOn = ({ boards, boardID, page }: Place): string[] =>
  boards
    .elements(boardID, page)
    .filter(({ type }) => type !== TYPE.view)
    .map(({ elementID }) => elementID)

export const recolor = (place: Place, ids: readonly string[], color: string): void =>
  writeEach(place, ids, (element) => ({
    ...element,
    color,
    ...(element.fill ? { fill: fillFor(color) } : {}),
  }))

/** The texts among these. */
export const textsOf = (place: Place, ids: readonly string[]): BoardElement[] =>
  those(place, ids).filter(({ type }) => type === TYPE.text)

/** Sets the texts among these. */
export const markTexts = (place: Place, ids: readonly string[], change: Partial<Marks>): void =>
  writeEach(
    place,
    textsOf(place, ids).map(({ elementID }) => elementID),
    (element) => ({ ...element, ...markFields({ ...marksOf(element), ...change }) }),
  )

export const nudge = (place: Place, ids: readonly string[], dx: number, dy: number): void =>
  writeEach(place, ids, (element) => moved(element, dx, dy))

/** On top of all others, in the order they had. */
export const bringToFront = (place: Place, ids: readonly string[]): void => {
  const { boards, boardID, page } = place
  const all = boards.elements(boardID, page)
  let top = all.reduce((most, { orderID }) => Math.max(most, orderID), 0)
  const chosen = all.filter(({ elementID }) => ids.includes(elementID))
  boards.step(() => {
    for (const element of chosen) boards.modify(boardID, page, { ...element, orderID: ++top })
  })
}

/** Answers the IDs of the copies. */
export const duplicate = (place: Place, ids: readonly string[], me: string): string[] => {
  const made: string[] = []
  place.boards.step(() => {
    for (const element of those(place, ids)) {
      const { orderID: _, elementID: __, ...content } = moved(element, AWAY, AWAY)
      const copy = { ...content, userID: me, elementID: place.boards.newElementID() }
      const id = place.boards.add(place.boardID, place.page, copy)
      if (id) made.push(id)
    }
  })
  return made
}

/** Empty text takes the element away. */
export const writeText = (
  place: Place,
  { element, at }: { element: BoardElement | null; at: { x: number; y: number } },
  text: string,
  marks: Marks,
  look: { color: string; fontSize: number; userID: string },
): string | null => {
  const { boards, boardID, page } = place
  const isEmpty = text.trim() === ''
  if (element) {
    if (!isEmpty) {
      const before = JSON.stringify([element.text, markFields(marksOf(element))])
      if (before === JSON.stringify([text, markFields(marks)])) return element.elementID
      return boards.modify(boardID, page, { ...element, text, ...markFields(marks) })
    }
    boards.delete(boardID, page, [element.elementID])
    return null
  }
  if (isEmpty) return null
  return boards.add(boardID, page, {
    type: TYPE.text,
    left: tenth(at.x),
    top: tenth(at.y),
    text,
    ...markFields(marks),
    ...look,
  })
}
