import { type KeyInput, LIMITS, type MouseInput } from '@yuntang/protocol'
import type { Send } from '../link/link.ts'

type Input = MouseInput | KeyInput

/** Moves are merged to 30 a second (spec 09 §7.2). */
const MOVE_MS = 1000 / 30
/** Nobody types so much ahead of a broken link. */
const MOST_WAITING = 2_000

const isMove = (input: Input) => 'mouse' in input && input.mouse === 0

/** My mouse and keys on their way to the sharer: in order, one request at a time. */
export interface RemoteInputs {
  /** False: too many wait. */
  add(input: Input): boolean
  /** The right is gone: what waits is void. */
  clear(): void
}

export const createRemoteInputs = (send: Send): RemoteInputs => {
  let waiting: Input[] = []
  let sending = false
  let timer: ReturnType<typeof setTimeout> | null = null
  let sentAt = 0

  const flush = () => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (sending || waiting.length === 0) return
    sending = true
    sentAt = performance.now()
    const inputs = waiting.splice(0, LIMITS.remoteInputs)
    send('screen.input', { inputs })
      .catch((error: unknown) => {
        waiting = []
        console.warn('The remote input was refused:', error)
      })
      .finally(() => {
        sending = false
        soon()
      })
  }
  const soon = () => {
    if (waiting.length === 0 || timer !== null) return
    const wait = waiting.every(isMove) ? sentAt + MOVE_MS - performance.now() : 0
    if (wait <= 0) flush()
    else timer = setTimeout(flush, wait)
  }

  return {
    add(input) {
      const last = waiting.at(-1)
      if (isMove(input) && last && isMove(last)) waiting.pop()
      if (waiting.length >= MOST_WAITING) return false
      waiting.push(input)
      if (isMove(input)) soon()
      else flush()
      return true
    },
    clear() {
      waiting = []
      if (timer !== null) clearTimeout(timer)
      timer = null
    },
  }
}
