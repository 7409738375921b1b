import type { ElementInput } from '../../api.ts'
import { number, record, text } from '../convert.ts'
import type { Facade } from '../facade.ts'
import { warn } from '../warn.ts'
import type { FunctionTable } from './function-table.ts'

const isMissing = (value: unknown) => value === undefined || value === null || value === ''

/** A board's ID: itself, an object that has it, or the JSON text of one (spec 07 §1.2). */
const boardIDOf = (value: unknown): string => {
  if (typeof value === 'string' && !value.trim().startsWith('{')) return value
  return text(record(value)?.boardID)
}

/** An element as the typed client takes it; null when it is none. Numbers may be text (spec 00 §4). */
const elementOf = (value: unknown): ElementInput | null => {
  const given = record(value)
  if (!given) return null
  const { type, left, top, orderID, elementID, ...rest } = given
  if (isMissing(type) || Number.isNaN(number(type))) return null
  const element: ElementInput = { ...rest, type: number(type) }
  if (!isMissing(elementID)) element.elementID = text(elementID)
  for (const [name, raw] of Object.entries({ left, top, orderID })) {
    const read = number(raw, Number.NaN)
    if (Number.isFinite(read)) element[name] = read
  }
  return element
}

/** A list of elements or its JSON text; null when it cannot be read. */
const elementsOf = (value: unknown): ElementInput[] | null => {
  if (isMissing(value)) return []
  try {
    const list: unknown = typeof value === 'string' ? JSON.parse(value) : value
    if (!Array.isArray(list)) return null
    const elements = list.map(elementOf)
    return elements.every((element) => element !== null) ? elements : null
  } catch {
    return null
  }
}

const idsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value.map(text) : text(value).split(/[;；]/))
    .map((id) => id.trim())
    .filter((id) => id !== '')

/** Whiteboards (spec 12). */
export function boardFunctions(facade: Facade): FunctionTable {
  /** The meeting's boards; without a meeting the call is a no-op with a warning (spec 07 §1.3). */
  const boards = (name: string) => {
    const { meeting } = facade
    if (!meeting) warn(`CRVideo_${name}: not in a meeting`)
    return meeting?.board ?? null
  }
  const refused = (name: string, why: string) => {
    warn(`CRVideo_${name}: ${why}`)
    return ''
  }

  return {
    Createboard(title, width, height, pageCount) {
      const all = boards('Createboard')
      if (!all) return ''
      const board = all.create({
        title: text(title),
        // A page that measures itself gets fractions.
        width: Math.round(number(width)),
        height: Math.round(number(height)),
        pageCount: number(pageCount, 1),
      })
      return board ? JSON.stringify(board) : refused('Createboard', 'a value is out of range')
    },
    Closeboard: (board) => void boards('Closeboard')?.close(boardIDOf(board)),
    InitBoardPageDat(board, page, imgID, elements) {
      const all = boards('InitBoardPageDat')
      if (!all) return
      const list = elementsOf(elements)
      if (!list || !all.initPage(boardIDOf(board), number(page), text(imgID), list))
        warn('CRVideo_InitBoardPageDat: no such page, or elements that cannot be read')
    },
    CreateElementID: () => facade.meeting?.board.newElementID() ?? '',
    Addboardelement(board, page, element) {
      const read = elementOf(element)
      const id = read && boards('Addboardelement')?.add(boardIDOf(board), number(page), read)
      return id || refused('Addboardelement', 'no such page, or no element')
    },
    ModifyBoardElement(board, page, element) {
      const read = elementOf(element)
      const id = read && boards('ModifyBoardElement')?.modify(boardIDOf(board), number(page), read)
      return id || refused('ModifyBoardElement', 'no such element')
    },
    Delboardelement: (board, page, ids) =>
      void boards('Delboardelement')?.delete(boardIDOf(board), number(page), idsOf(ids)),
    Setmousehotspot(board, page, x, y) {
      const [left, top] = [number(x), number(y)]
      if (Number.isFinite(left) && Number.isFinite(top))
        boards('Setmousehotspot')?.point(boardIDOf(board), number(page), left, top)
    },
  }
}
