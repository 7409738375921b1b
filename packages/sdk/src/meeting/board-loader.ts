import type { Events, Out, Requests } from '@yuntang/protocol'
import type { Send } from '../link/link.ts'
import { addPart, applyFact, type BoardCopy } from './board-copy.ts'

const RETRY_MS = 1_000

type Changed = Events['board.changed']

export interface LoaderPorts {
  readonly send: Send
  after(ms: number, run: () => void): () => void
  /** All boards after `n` facts. */
  done(copy: BoardCopy, n: number): void
}

/** Reads all boards in parts, holding back what happens meanwhile (spec 12 §1.3). */
export const createLoader = ({ send, after, done }: LoaderPorts) => {
  let run = 0
  let held: Changed[] | null = null
  let cancel = () => {}

  const read = async (mine: number) => {
    let copy: BoardCopy = new Map()
    let cut: number | null = null
    let from = 0
    for (;;) {
      const part: Out<Requests['board.read']> = await send('board.read', { cut, from })
      if (run !== mine) return
      if (part.from !== from || part.n !== cut) {
        copy = new Map()
        for (const board of part.boards) copy.set(board.boardID, { board, pages: new Map() })
      }
      for (const page of part.pages) addPart(copy, page)
      if (part.next === null) {
        finish(copy, part.n)
        return
      }
      cut = part.n
      from = part.next
    }
  }

  const finish = (copy: BoardCopy, cut: number) => {
    let n = cut
    for (const changed of held ?? []) {
      if (changed.n <= cut) continue
      for (const fact of changed.facts) applyFact(copy, fact)
      n = changed.n
    }
    held = null
    done(copy, n)
  }

  const start = () => {
    const mine = ++run
    cancel()
    held = []
    read(mine).catch(() => {
      if (run === mine) cancel = after(RETRY_MS, start)
    })
  }

  return {
    get loading() {
      return held !== null
    },
    start,
    /** True when the event is held back. */
    hold(changed: Changed): boolean {
      held?.push(changed)
      return held !== null
    },
    close() {
      run += 1
      cancel()
    },
  }
}
