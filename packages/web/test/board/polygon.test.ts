import type { BoardElement, ElementInput } from '@yuntang/sdk'
import { describe, expect, it } from 'vitest'
import { type Desk, type Press, stampGesture } from '../../src/board/gestures.ts'
import { PLAIN } from '../../src/board/marks.ts'
import { createPolygon } from '../../src/board/polygon.ts'
import { stampOutline } from '../../src/board/stamps.ts'
import { fillFor } from '../../src/board/tools.ts'

const STYLE = { color: '#d92d20', lineWidth: 4, filled: false }
const SLACK = 6
const at = (x: number, y: number, shift = false): Press => ({ x, y, pressure: null, shift })

/** A desk that keeps what gestures put on the page, and what they show before. */
const desk = (page = 0) => {
  const added: { page: number; element: ElementInput }[] = []
  const shown: { draft: BoardElement | null } = { draft: null }
  const boards = {
    newElementID: () => 'new',
    add: (_: string, page: number, element: ElementInput) => added.push({ page, element }),
  }
  const scene = {
    draft: (element: (() => BoardElement) | null) => {
      shown.draft = element?.() ?? null
    },
  }
  const own = { boards, scene, boardID: 'b', page, me: 'ann', scale: () => 1 }
  return { own: own as unknown as Desk, added, shown }
}

const setUp = (style = STYLE) => {
  const { own, added, shown } = desk()
  const polygon = createPolygon(() => style)
  const click = (x: number, y: number, shift = false) =>
    polygon.press(own, at(x, y, shift), SLACK).end()
  const triangle = () => {
    click(10, 20)
    click(110, 20)
    click(60, 100.04)
  }
  return { own, added, shown, polygon, click, triangle }
}
const TRIANGLE = {
  ...{ type: 7, color: '#d92d20', lineWidth: 4, left: 10, top: 20 },
  ...{ points: [0, 0, 100, 0, 50, 80], closed: 1, elementID: 'new', userID: 'ann' },
}

describe('12 §6: a polygon', () => {
  it('gets a corner with each press, and is on the page when its first corner is pressed', () => {
    const { added, shown, polygon, click, triangle } = setUp()
    triangle()
    expect(added).toEqual([])
    expect(shown.draft).toMatchObject({ type: 7, closed: 0, points: [0, 0, 100, 0, 50, 80] })
    click(13, 22)
    expect(added).toEqual([{ page: 0, element: TRIANGLE }])
    expect(shown.draft).toBeNull()
    expect(polygon.corners.value).toEqual([])
  })

  it('a double click makes the last corner and closes it', () => {
    const { added, click, triangle } = setUp()
    triangle()
    click(61, 101)
    expect(added[0]?.element).toEqual(TRIANGLE)
  })

  it('Enter closes it, filled like a rectangle', () => {
    const { added, polygon, triangle } = setUp({ ...STYLE, filled: true })
    triangle()
    expect(polygon.close()).toBe(true)
    expect(added[0]?.element).toEqual({ ...TRIANGLE, fill: fillFor(STYLE.color) })
    expect(polygon.close()).toBe(false)
  })

  it('two corners have nothing between them: it stays open', () => {
    const { added, polygon, click } = setUp()
    click(10, 20)
    click(110, 20)
    click(110, 20)
    click(10, 20)
    expect(polygon.close()).toBe(false)
    expect(polygon.corners.value).toHaveLength(2)
    expect(added).toEqual([])
  })

  it('Escape gives it up, once', () => {
    const { added, shown, polygon, triangle } = setUp()
    triangle()
    expect(polygon.giveUp()).toBe(true)
    expect(polygon.giveUp()).toBe(false)
    expect({ added, draft: shown.draft }).toEqual({ added: [], draft: null })
  })

  it('Escape while the button is down leaves nothing of it', () => {
    const { own, polygon, triangle } = setUp()
    triangle()
    const press = polygon.press(own, at(0, 80), SLACK)
    polygon.giveUp()
    press.move(at(5, 85))
    press.end()
    expect(polygon.corners.value).toEqual([])
  })

  it('undo takes corner after corner, before anything that is on the page', () => {
    const { polygon, triangle } = setUp()
    triangle()
    for (const left of [2, 1, 0]) {
      expect(polygon.back()).toBe(true)
      expect(polygon.corners.value).toHaveLength(left)
    }
    expect(polygon.back()).toBe(false)
  })

  it('shows where the next side would be, and with Shift in steps of 15°', () => {
    const { shown, polygon, click } = setUp()
    click(0, 0)
    polygon.hover(at(100, 4), SLACK)
    expect(shown.draft?.points).toEqual([0, 0, 100, 4])
    polygon.hover(at(100, 4, true), SLACK)
    expect(shown.draft?.points).toEqual([0, 0, 100.1, 0])
    polygon.hover(null, SLACK)
    expect(shown.draft?.points).toEqual([0, 0])
  })

  it('two fingers that pinch make no corner, and what was begun stays', () => {
    const { own, polygon, click } = setUp()
    const first = polygon.press(own, at(5, 5), SLACK)
    first.cancel()
    expect(polygon.giveUp()).toBe(false)
    click(10, 20)
    polygon.press(own, at(50, 50), SLACK).cancel()
    expect(polygon.corners.value).toEqual([{ x: 10, y: 20 }])
  })

  it('a page that is turned meanwhile keeps what has corners enough, on the page where it began', () => {
    const { added, polygon, triangle } = setUp()
    triangle()
    polygon.press(desk(3).own, at(0, 80), SLACK).end()
    polygon.leave()
    expect(added).toMatchObject([{ page: 0, element: { points: { length: 8 } } }])
    polygon.press(desk(3).own, at(0, 80), SLACK).end()
    polygon.leave()
    expect(added).toHaveLength(1)
  })
})

describe('12 §6: a stamp', () => {
  const OPTIONS = { ...STYLE, stamp: 'star' as const, marks: PLAIN }

  it('has its middle where it is let go', () => {
    const { own, added, shown } = desk()
    const gesture = stampGesture(own, OPTIONS, at(100, 100))
    expect(shown.draft).toMatchObject({ type: 10, icon: 'star', left: 72, top: 72, width: 56 })
    gesture.move(at(200, 150))
    gesture.end()
    expect(added).toEqual([
      {
        page: 0,
        element: {
          ...{ type: 10, icon: 'star', color: '#d92d20', left: 172, top: 122, width: 56 },
          ...{ elementID: 'new', userID: 'ann' },
        },
      },
    ])
    expect(shown.draft).toBeNull()
  })

  it('a second finger takes it back', () => {
    const { own, added, shown } = desk()
    stampGesture(own, OPTIONS, at(100, 100)).cancel()
    expect({ added, draft: shown.draft }).toEqual({ added: [], draft: null })
  })

  it('an icon that is not known is a question mark', () => {
    expect(stampOutline('constructor')).toBe(stampOutline('question'))
    expect(stampOutline('check')).not.toBe(stampOutline('question'))
  })
})
