import { type KeyInput, LIMITS, type MouseInput, type ShareRect } from '@yuntang/protocol'
import type { Send } from '../link/link.ts'

type Input = MouseInput | KeyInput

/** Moves are merged to 30 a second (spec 09 §7.2). */
const MOVE_MS = 1000 / 30
/** Nobody types so much ahead of a broken link. */
const MOST_WAITING = 2_000

const MOUSE_TYPES = [0, 1, 2, 3] as const
const BUTTON_TYPES = [0, 1, 2, 3, 4, 5] as const
const KEY_TYPES = [0, 1] as const

const clampTo = (value: number, most: number) =>
  Number.isFinite(value) ? Math.min(most, Math.max(0, Math.round(value))) : 0

/** Null for types that there are not; places outside the picture are clamped (spec 09 §7.2). */
export const mouseInput = (
  msgType: number,
  keyType: number,
  x: number,
  y: number,
  { w, h }: Pick<ShareRect, 'w' | 'h'>,
): MouseInput | null => {
  const mouse = MOUSE_TYPES.find((type) => type === msgType)
  const button = BUTTON_TYPES.find((type) => type === keyType)
  if (mouse === undefined || button === undefined) return null
  return { mouse, button, x: clampTo(x, w - 1), y: clampTo(y, h - 1) }
}

/** Null for what is no key. */
export const keyInput = (keyMsgType: number, vk: number, extended: boolean): KeyInput | null => {
  const key = KEY_TYPES.find((type) => type === keyMsgType)
  if (key === undefined || !Number.isInteger(vk) || vk < 1 || vk > 254) return null
  return { key, vk, extended: extended ? 1 : 0 }
}

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
