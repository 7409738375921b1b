import { type In, LIMITS, type Requests } from '@yuntang/protocol'
import type { Send } from '../link/link.ts'

type Spot = In<Requests['board.point']>

export interface PointerPorts {
  readonly send: Send
  after(ms: number, run: () => void): () => void
}

/** Where this page points: the newest place, 20 times a second (spec 12 §5). */
export const createPointer = ({ send, after }: PointerPorts) => {
  let newest: Spot | null = null
  let cancel: (() => void) | null = null

  const tick = () => {
    cancel = null
    if (!newest) return
    // One that is lost is followed by others.
    send('board.point', newest).catch(() => {})
    newest = null
    cancel = after(LIMITS.boardSpotEvery, tick)
  }

  return {
    point(spot: Spot) {
      newest = spot
      if (!cancel) tick()
    },
    close() {
      cancel?.()
      cancel = null
      newest = null
    },
  }
}
