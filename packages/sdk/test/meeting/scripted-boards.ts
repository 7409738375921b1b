import type { Board, BoardElement, BoardFact, BoardPart, MeetingSnapshot } from '@yuntang/protocol'
import type { Send } from '../../src/link/link.ts'
import { createBoards } from '../../src/meeting/board.ts'
import type { MeetingEvent } from '../../src/meeting/replica.ts'

export const BOARD: Board = {
  boardID: 'b',
  title: '',
  width: 100,
  height: 100,
  pageCount: 2,
  userID: 'a',
}

const snapshot = (boards: number) =>
  ({ board: { seat: 1, n: boards, boards } }) as unknown as MeetingSnapshot

export const element = (elementID: string, orderID: number, more: object = {}): BoardElement => ({
  elementID,
  type: 100,
  left: 0,
  top: 0,
  orderID,
  ...more,
})

export const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

/** Boards of a page whose server answers by hand, and whose time passes by hand. */
export const openBoards = (boards = 0) => {
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
  /** What the server tells everybody. */
  const hear = (n: number, ...facts: BoardFact[]) =>
    owned.part.handle?.({ name: 'board.changed', data: { n, facts } } as MeetingEvent)
  /** The server's answer to what was done before. */
  const answer = async (n: number, refused: number[] = []) => {
    await pass(40)
    asked.at(-1)?.answer({ n, refused })
    await settle()
  }
  return { ...owned, asked, pass, hear, answer }
}

/** A board whose first page has these elements. */
export const openWith = async (...elements: BoardElement[]) => {
  const opened = openBoards(1)
  const page: BoardPart = { boardID: 'b', page: 0, img: '', elements }
  opened.asked[0]?.answer({ n: 1, from: 0, boards: [BOARD], pages: [page], next: null })
  await settle()
  return opened
}
