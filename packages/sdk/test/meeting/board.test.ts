import { LIMITS } from '@yuntang/protocol'
import { describe, expect, it } from 'vitest'
import { YuntangError } from '../../src/errors.ts'
import type { NewBoard } from '../../src/meeting/board-api.ts'
import { BOARD, element, openBoards, openWith, settle } from './scripted-boards.ts'

describe('12: boards of one page', () => {
  it('12 §1.4: an element without an order goes above the highest of the page', async () => {
    const { boards } = await openWith(element('x', 7), element('y', 3))
    const orderOf = (id: string | null) => boards.element('b', 0, id ?? '')?.orderID
    expect(orderOf(boards.add('b', 0, { type: 1 }))).toBe(8)
    boards.delete('b', 0, ['x'])
    const top = boards.add('b', 0, { type: 1 }) ?? ''
    expect(orderOf(top)).toBe(9)
    boards.delete('b', 0, [top])
    expect(orderOf(boards.add('b', 0, { type: 1 }))).toBe(9)
    expect(orderOf(boards.add('b', 0, { type: 1, orderID: 20 }))).toBe(20)
    expect(orderOf(boards.add('b', 0, { type: 1 }))).toBe(21)
    boards.initPage('b', 0, '', [{ type: 1 }, { type: 2 }])
    expect(orderOf(boards.add('b', 0, { type: 1 }))).toBe(3)
  })

  it('12 §4: contents merged before they leave keep the order that an earlier one gave', async () => {
    const { boards, asked, pass } = await openWith()
    const elementID = boards.add('b', 0, { type: 1, orderID: 5 }) ?? ''
    boards.modify('b', 0, { type: 1, elementID, left: 3 })
    boards.modify('b', 0, { type: 1, elementID, left: 4 })
    await pass(40)
    expect(asked.at(-1)?.params.actions).toEqual([
      {
        do: 'add',
        boardID: 'b',
        page: 0,
        element: { type: 1, elementID, left: 4, top: 0, orderID: 5 },
      },
    ])
  })

  it('12 §1.3: reading goes on where it failed, and only a cut that is gone begins anew', async () => {
    const { boards, asked, pass } = openBoards(2)
    const part = (id: string) => [{ boardID: 'b', page: 0, img: '', elements: [element(id, 1)] }]
    const wanted = () => asked.map(({ params: { cut, from } }) => [cut, from])
    asked[0]?.answer({ n: 5, from: 0, boards: [BOARD], pages: part('old'), next: 3 })
    await settle()
    asked[1]?.fail(new YuntangError('rate.exceeded'))
    await settle()
    expect(boards.ready).toBe(false)
    await pass(1_000)
    expect(wanted()).toEqual([
      [null, 0],
      [5, 3],
      [5, 3],
    ])
    asked[2]?.answer({ n: 9, from: 0, boards: [BOARD], pages: part('x'), next: 4 })
    await settle()
    asked[3]?.answer({ n: 9, from: 4, boards: [], pages: part('y'), next: null })
    await settle()
    expect(wanted()[3]).toEqual([9, 4])
    expect(boards.elements('b', 0).map(({ elementID }) => elementID)).toEqual(['x', 'y'])
  })
})

const on = { boardID: 'b', page: 0 }

describe('12 §1.4: my own actions and those of others', () => {
  const modify = (left: number, by: string) => ({
    do: 'modify' as const,
    ...on,
    element: element('x', 1, { left }),
    by,
  })

  it('what others did to an element waits until mine is acknowledged, and goes when it was before mine', async () => {
    const { boards, hear, answer } = await openWith(element('x', 1))
    const told: unknown[] = []
    boards.on('modified', (event) => told.push(event))
    const left = () => boards.element('b', 0, 'x')?.left
    boards.modify('b', 0, element('x', 1, { left: 5 }))
    hear(2, modify(7, 'other'))
    expect(left()).toBe(5)
    hear(3, modify(5, 'me'))
    await answer(3)
    expect([left(), told]).toEqual([5, []])
  })

  it('what the server ordered after mine is shown with the acknowledgement', async () => {
    const { boards, hear, answer } = await openWith(element('x', 1))
    const told: unknown[] = []
    boards.on('modified', (event) => told.push(event))
    boards.modify('b', 0, element('x', 1, { left: 5 }))
    hear(2, modify(5, 'me'))
    hear(3, modify(7, 'other'))
    expect(told).toEqual([])
    await answer(3)
    expect(told).toEqual([{ ...on, element: element('x', 1, { left: 7 }), by: 'other' }])
  })

  it('the order that the server gave is mine with the acknowledgement, without a notification', async () => {
    const { boards, hear, answer } = await openWith(element('x', 1))
    const told: unknown[] = []
    for (const name of ['added', 'modified'] as const) boards.on(name, (e) => told.push(e))
    const { orderID: _, ...draft } = element('mine', 0)
    boards.add('b', 0, draft)
    hear(2, { do: 'add', ...on, element: element('y', 2), by: 'other' })
    hear(3, { do: 'add', ...on, element: element('mine', 3), by: 'me' })
    await answer(3)
    expect(boards.element('b', 0, 'mine')?.orderID).toBe(3)
    expect(told).toHaveLength(1)
  })
})

describe('12 §1: limits that the page itself knows', () => {
  const board: NewBoard = { title: 't', width: 800, height: 600, pageCount: 1 }
  it.each<[string, Partial<NewBoard>, boolean]>([
    ['the smallest', { width: 16, height: 16 }, true],
    ['the largest', { width: 16_384, height: 16_384, pageCount: 500 }, true],
    ['too small', { width: 15 }, false],
    ['too large', { height: 16_385 }, false],
    ['no page', { pageCount: 0 }, false],
    ['too many pages', { pageCount: 501 }, false],
    ['half a page', { pageCount: 1.5 }, false],
    ['no number', { width: Number.NaN }, false],
  ])('%s', (_, changes, isMade) => {
    expect(openBoards().boards.create({ ...board, ...changes }) !== null).toBe(isMade)
  })

  it('a title is cut to 100 characters, never within one', () => {
    const { boards } = openBoards()
    const titleOf = (title: string) => boards.create({ ...board, title })?.title
    expect(titleOf('字'.repeat(101))).toBe('字'.repeat(100))
    expect(titleOf(`${'a'.repeat(99)}✅😀`)).toBe(`${'a'.repeat(99)}✅`)
    expect(titleOf(`${'a'.repeat(99)}😀`)).toBe('a'.repeat(99))
  })

  it('12 §4: what is no element, or too large, is refused at once and changes nothing', async () => {
    const { boards, asked, pass } = await openWith()
    const circle: Record<string, unknown> = { type: 1 }
    circle.self = circle
    const before = asked.length
    for (const bad of [
      circle,
      { type: Number.NaN },
      { type: 1, elementID: 'a;b' },
      { type: 1, elementID: 'x'.repeat(LIMITS.boardIDChars + 1) },
      { type: 1, text: 'x'.repeat(LIMITS.boardElementBytes) },
    ])
      expect(boards.add('b', 0, bad as { type: number })).toBeNull()
    expect(boards.add('b', 2, { type: 1 })).toBeNull()
    expect(boards.add('none', 0, { type: 1 })).toBeNull()
    expect(boards.modify('b', 0, { type: 1, elementID: 'none' })).toBeNull()
    expect(boards.initPage('b', 0, '', [circle as { type: number }])).toBe(false)
    expect(boards.initPage('b', 2, '', [])).toBe(false)
    expect(boards.close('none')).toBe(false)
    expect(boards.delete('b', 0, ['none'])).toEqual([])
    await pass(1_000)
    expect([asked.length, boards.elements('b', 0)]).toEqual([before, []])
  })

  it('12 §1.1: IDs are unique, hold no ;, and there are none after the meeting', () => {
    const { boards, part } = openBoards()
    const ids = Array.from({ length: 100 }, () => boards.newElementID())
    expect(new Set(ids).size).toBe(100)
    for (const id of ids) expect(id).toMatch(/^1_[0-9a-z]+_\d+$/)
    part.close?.()
    expect(boards.newElementID()).toBe('')
  })

  it('12 §4: as many elements as a page has are deleted in lists that fit a frame', async () => {
    const all = Array.from({ length: 3_000 }, (_, i) => element(`${'x'.repeat(140)}${i}`, i))
    const { boards, asked, pass } = await openWith(...all)
    boards.delete(
      'b',
      0,
      all.map(({ elementID }) => elementID),
    )
    expect(boards.elements('b', 0)).toEqual([])
    const sent: string[] = []
    for (let known = asked.length; ; known = asked.length) {
      await pass(40)
      const request = asked[known]
      if (!request) break
      expect(JSON.stringify(request.params).length).toBeLessThan(LIMITS.frameBytes)
      const actions = (request.params.actions ?? []) as { ids: string[] }[]
      sent.push(...actions.flatMap(({ ids }) => ids))
      request.answer({ n: 1, refused: [] })
      await settle()
    }
    expect(sent).toEqual(all.map(({ elementID }) => elementID))
    boards.undo()
    expect(boards.elements('b', 0)).toHaveLength(3_000)
  })

  it('12 §5: pointing leaves 20 times a second at most, the newest place wins', async () => {
    const { boards, asked, pass } = await openWith()
    const places = () =>
      asked.flatMap(({ method, params }) => (method === 'board.point' ? [params] : []))
    for (let x = 0; x < 10; x++) boards.point('b', 1, x, 0)
    boards.point('none', 0, 1, 1)
    boards.point('b', 2, 1, 1)
    await pass(LIMITS.boardSpotEvery)
    await pass(LIMITS.boardSpotEvery)
    expect(places()).toEqual([0, 9].map((x) => ({ boardID: 'b', page: 1, x, y: 0 })))
  })
})

describe('12 §6: undo and redo of my own actions of this session', () => {
  const lefts = ({ boards }: Awaited<ReturnType<typeof openWith>>) =>
    boards.elements('b', 0).map(({ left }) => left)

  it('undo of an add deletes, redo adds again with a new ID, which later steps follow', async () => {
    const opened = await openWith()
    const { boards } = opened
    const id = boards.add('b', 0, { type: 1, left: 1 }) ?? ''
    boards.modify('b', 0, { type: 1, elementID: id, left: 2 })
    boards.undo()
    boards.undo()
    expect([lefts(opened), boards.canUndo, boards.canRedo]).toEqual([[], false, true])
    boards.redo()
    expect(boards.elements('b', 0)[0]?.elementID).not.toBe(id)
    boards.redo()
    expect([lefts(opened), boards.canRedo]).toEqual([[2], false])
  })

  it('undo of a delete adds the element again with a new ID, in its place', async () => {
    const { boards } = await openWith(element('x', 1, { left: 3 }), element('y', 2))
    boards.delete('b', 0, ['x'])
    boards.undo()
    const [back, other] = boards.elements('b', 0)
    expect(back).toMatchObject({ left: 3, orderID: 1 })
    expect(back?.elementID).not.toBe('x')
    expect(other?.elementID).toBe('y')
  })

  it('undo of a modification writes what was before, if the element still exists', async () => {
    const opened = await openWith(element('x', 1, { left: 3 }))
    const { boards, hear, answer } = opened
    boards.modify('b', 0, { type: 100, elementID: 'x', left: 4 })
    await answer(2)
    hear(2, { do: 'modify', ...on, element: element('x', 1, { left: 4 }), by: 'me' })
    boards.undo()
    expect(lefts(opened)).toEqual([3])
    boards.redo()
    expect(lefts(opened)).toEqual([4])
    await answer(4)
    hear(4, { do: 'modify', ...on, element: element('x', 1, { left: 4 }), by: 'me' })
    hear(5, { do: 'delete', ...on, ids: ['x'], by: 'other' })
    boards.undo()
    expect([lefts(opened), boards.canUndo]).toEqual([[], false])
  })

  it('what others do is never undone, and a new action ends redoing', async () => {
    const opened = await openWith()
    const { boards, hear } = opened
    hear(2, { do: 'add', ...on, element: element('theirs', 1, { left: 9 }), by: 'other' })
    expect(boards.canUndo).toBe(false)
    boards.add('b', 0, { type: 1, left: 1 })
    boards.undo()
    boards.add('b', 0, { type: 1, left: 2 })
    expect(boards.canRedo).toBe(false)
    boards.undo()
    boards.undo()
    expect(lefts(opened)).toEqual([9])
  })

  it('a stroke that grew, and what was done in one go, are one step; turning pages is none', async () => {
    const opened = await openWith()
    const { boards } = opened
    const id = boards.add('b', 0, { type: 1, left: 1 }) ?? ''
    for (const left of [2, 3])
      boards.modify('b', 0, { type: 1, elementID: id, left }, { continues: true })
    boards.step(() => {
      boards.add('b', 0, { type: 1, left: 7 })
      boards.add('b', 0, { type: 1, left: 8 })
    })
    boards.add('b', 0, { type: 90, elementID: 'view:b', left: 99 })
    boards.undo()
    expect(lefts(opened)).toEqual([3, 99])
    boards.undo()
    expect([lefts(opened), boards.canUndo]).toEqual([[99], false])
    boards.redo()
    expect(lefts(opened).sort()).toEqual([3, 99])
  })
})
