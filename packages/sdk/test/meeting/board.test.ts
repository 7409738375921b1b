import type { Board, BoardElement, BoardPart, MeetingSnapshot } from '@yuntang/protocol'
import { describe, expect, it } from 'vitest'
import { YuntangError } from '../../src/errors.ts'
import type { Send } from '../../src/link/link.ts'
import { createBoards } from '../../src/meeting/board.ts'

const board: Board = {
  boardID: 'b',
  title: '',
  width: 100,
  height: 100,
  pageCount: 2,
  userID: 'a',
}
const snapshot = (boards: number) =>
  ({ board: { seat: 1, n: boards, boards } }) as unknown as MeetingSnapshot
const element = (elementID: string, orderID: number): BoardElement => ({
  elementID,
  type: 100,
  left: 0,
  top: 0,
  orderID,
})
const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

/** Boards of a page whose server answers by hand, and whose time passes by hand. */
const open = (boards = 0) => {
  const asked: {
    method: string
    params: { cut?: number | null; from?: number; actions?: readonly object[] }
    answer(value: unknown): void
    fail(error: unknown): void
  }[] = []
  let now = 0
  let timers: { at: number; run: () => void }[] = []
  const owned = createBoards(snapshot(boards), {
    me: 'me',
    send: ((method: string, params: object) =>
      new Promise((answer, fail) => asked.push({ method, params, answer, fail }))) as Send,
    now: () => now,
    after(ms, run) {
      const timer = { at: now + ms, run }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
  })
  const pass = async (ms: number) => {
    now += ms
    const due = timers.filter(({ at }) => at <= now)
    timers = timers.filter(({ at }) => at > now)
    for (const { run } of due) run()
    await settle()
  }
  return { ...owned, asked, pass }
}

/** A board whose first page has these elements. */
const openWith = async (...elements: BoardElement[]) => {
  const opened = open(1)
  const page: BoardPart = { boardID: 'b', page: 0, img: '', elements }
  opened.asked[0]?.answer({ n: 1, from: 0, boards: [board], pages: [page], next: null })
  await settle()
  return opened
}

describe('12: boards of one page', () => {
  it('12 §1.4: an element without an order goes above all that the page has had', async () => {
    const { boards } = await openWith(element('x', 7), element('y', 3))
    const orderOf = (id: string | null) => boards.element('b', 0, id ?? '')?.orderID
    expect(orderOf(boards.add('b', 0, { type: 1 }))).toBe(8)
    boards.delete('b', 0, ['x'])
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
    const { boards, asked, pass } = open(2)
    const part = (id: string) => [{ boardID: 'b', page: 0, img: '', elements: [element(id, 1)] }]
    const wanted = () => asked.map(({ params: { cut, from } }) => [cut, from])
    asked[0]?.answer({ n: 5, from: 0, boards: [board], pages: part('old'), next: 3 })
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
    asked[2]?.answer({ n: 9, from: 0, boards: [board], pages: part('x'), next: 4 })
    await settle()
    asked[3]?.answer({ n: 9, from: 4, boards: [], pages: part('y'), next: null })
    await settle()
    expect(wanted()[3]).toEqual([9, 4])
    expect(boards.elements('b', 0).map(({ elementID }) => elementID)).toEqual(['x', 'y'])
  })
})
