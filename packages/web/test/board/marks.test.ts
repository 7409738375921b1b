import type { BoardElement, Boards } from '@yuntang/sdk'
import { describe, expect, it } from 'vitest'
import { markTexts, writeText } from '../../src/board/actions.ts'
import { isMarks, markFields, markKey, marksOf, PLAIN } from '../../src/board/marks.ts'

const BOLD = { ...PLAIN, bold: true }
const TEXT = { elementID: 't', type: 8, left: 0, top: 0, orderID: 1, text: 'a', color: '#1d2733' }
const BOX = { elementID: 'r', type: 5, left: 0, top: 0, orderID: 2, width: 9, height: 9 }

/** A page with these elements that keeps what is written on it. */
const pageOf = (...elements: BoardElement[]) => {
  const written: object[] = []
  const boards = {
    element: (_: string, __: number, id: string) =>
      elements.find(({ elementID }) => elementID === id) ?? null,
    step: (work: () => void) => work(),
    modify: (_: string, __: number, element: BoardElement) => written.push(element),
    add: (_: string, __: number, element: object) => written.push(element),
    delete: (_: string, __: number, ids: string[]) => written.push(ids),
  }
  return { place: { boards: boards as unknown as Boards, boardID: 'b', page: 0 }, written }
}

describe('12 §6: how a text is set', () => {
  it('is read from and written to the fields of an element', () => {
    const fields = { bold: 1, italic: 0, underline: 1, align: 'right' }
    const marks = { bold: true, italic: false, underline: true, align: 'right' as const }
    expect(marksOf(fields)).toEqual(marks)
    expect(markFields(marks)).toEqual(fields)
    expect(marksOf({ bold: 'yes', align: 'middle' })).toEqual(PLAIN)
  })

  it('what is kept on the device is checked before it is used', () => {
    expect(isMarks(BOLD)).toBe(true)
    for (const odd of [null, {}, { ...BOLD, align: 'up' }, { ...BOLD, italic: 1 }])
      expect(isMarks(odd)).toBe(false)
  })

  it('keys turn marks on and off', () => {
    expect(markKey('ctrl+b', PLAIN)).toEqual({ bold: true })
    expect(markKey('ctrl+b', BOLD)).toEqual({ bold: false })
    expect(markKey('ctrl+u', PLAIN)).toEqual({ underline: true })
    expect(markKey('b', PLAIN)).toBeNull()
    expect(markKey('constructor', PLAIN)).toBeNull()
  })

  it('of what is selected only the texts change, and the rest of their marks stays', () => {
    const { place, written } = pageOf({ ...TEXT, italic: 1 }, BOX)
    markTexts(place, ['t', 'r'], { bold: true })
    expect(written).toEqual([{ ...TEXT, bold: 1, italic: 1, underline: 0, align: 'left' }])
  })
})

describe('12 §6: a text that is written', () => {
  const LOOK = { color: '#1d2733', fontSize: 24, userID: 'ann' }

  it('is new with its marks and its lines', () => {
    const { place, written } = pageOf()
    writeText(place, { element: null, at: { x: 1.04, y: 2 } }, 'a\nb', BOLD, LOOK)
    expect(written).toEqual([
      { type: 8, left: 1, top: 2, text: 'a\nb', ...markFields(BOLD), ...LOOK },
    ])
  })

  it('marks that changed are a change, the same words and marks are none', () => {
    const { place, written } = pageOf(TEXT)
    const at = { element: TEXT, at: { x: 0, y: 0 } }
    writeText(place, at, 'a', PLAIN, LOOK)
    expect(written).toEqual([])
    writeText(place, at, 'a', BOLD, LOOK)
    expect(written).toEqual([{ ...TEXT, ...markFields(BOLD) }])
    writeText(place, at, ' ', BOLD, LOOK)
    expect(written.at(-1)).toEqual(['t'])
  })
})
