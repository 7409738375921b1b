import { type BoardDraft, LIMITS } from '@yuntang/protocol'
import type { ElementInput, NewBoard } from './board-api.ts'
import { jsonBytes } from './board-parts.ts'

const ID = /^[^\0;\uD800-\uDFFF]+$/u

export const isElementID = (id: unknown): id is string =>
  typeof id === 'string' && ID.test(id) && id.length <= LIMITS.boardIDChars

const isWhole = (value: number, least: number, most: number) =>
  Number.isInteger(value) && value >= least && value <= most

const coordinate = (value: unknown): number =>
  typeof value === 'number' && Math.abs(value) <= 1e9 ? value : 0

/** A board's properties within the limits; null when they are not. */
export const checkBoard = ({ title, width, height, pageCount }: NewBoard): NewBoard | null => {
  const size = (value: number) => isWhole(value, LIMITS.boardMinSize, LIMITS.boardMaxSize)
  if (!size(width) || !size(height) || !isWhole(pageCount, 1, LIMITS.boardPages)) return null
  // Half a character, given or left by the cut, would be another one elsewhere.
  const kept = title
    .replaceAll('\0', '')
    .slice(0, LIMITS.boardTitleChars)
    .replace(/\p{Cs}/gu, '')
  return { title: kept, width, height, pageCount }
}

/** What JSON leaves of a value; null for what it cannot tell, such as a circle. */
const copyOf = (input: ElementInput): ElementInput | null => {
  try {
    return JSON.parse(JSON.stringify(input)) as ElementInput
  } catch {
    return null
  }
}

/** A copy of an element that the server takes, with its size; null when it is none. */
export const checkElement = (
  input: ElementInput,
  makeID: () => string,
): { draft: BoardDraft; bytes: number } | null => {
  const copy = copyOf(input)
  if (!copy) return null
  const { type, elementID = makeID(), left, top, orderID } = copy
  if (typeof type !== 'number' || !isElementID(elementID)) return null
  const draft: BoardDraft = {
    ...copy,
    elementID,
    type,
    left: coordinate(left),
    top: coordinate(top),
  }
  if (typeof orderID !== 'number' || Math.abs(orderID) > 1e9) delete draft.orderID
  const bytes = jsonBytes(draft)
  return bytes > LIMITS.boardElementBytes ? null : { draft, bytes }
}
