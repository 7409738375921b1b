import type { Events, Out, Requests } from '@yuntang/protocol'
import type { Send } from '../link/link.ts'
import { addPart, applyFact, type BoardCopy } from './board-copy.ts'

const RETRY_MS = 1_000

type Changed = Events['board.changed']
type Part = Out<Requests['board.read']>

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
  /** What was read so far: of which cut, and where it goes on. */
  let copy: BoardCopy = new Map()
  let cut: number | null = null
  let from = 0

  const read = (mine: number) => {
    send('board.read', { cut, from }).then(
      (part) => {
        if (run === mine) take(part, mine)
      },
      () => {
        // What was read already is not read again.
        if (run === mine) cancel = after(RETRY_MS, () => read(mine))
      },
    )
  }

  const take = (part: Part, mine: number) => {
    if (part.from !== from || part.n !== cut) {
      copy = new Map()
      for (const board of part.boards) copy.set(board.boardID, { board, pages: new Map() })
    }
    for (const page of part.pages) addPart(copy, page)
    if (part.next === null) {
      finish(part.n)
      return
    }
    cut = part.n
    from = part.next
    read(mine)
  }

  const finish = (upTo: number) => {
    let n = upTo
    for (const changed of held ?? []) {
      if (changed.n <= upTo) continue
      for (const fact of changed.facts) applyFact(copy, fact)
      n = changed.n
    }
    held = null
    const all = copy
    copy = new Map()
    done(all, n)
  }

  return {
    get loading() {
      return held !== null
    },
    /** Begins anew. */
    start() {
      run += 1
      cancel()
      held = []
      cut = null
      from = 0
      read(run)
    },
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
