import { type Events, LIMITS, type Mark } from '@yuntang/protocol'
import { YuntangError } from '../errors.ts'
import type { Send } from '../link/link.ts'
import type { MarkPen, ShareArea, ShareMark } from './api.ts'

/** Others see a stroke grow (spec 09 §6). */
const SEND_MS = 50
/** After a refusal what the server has is asked for anew, ms. */
const AGAIN_MS = 1_000
/** Between two strokes that the server lacks, ms: its rate is bounded. */
const RESEND_MS = 10

interface Stroke extends ShareMark {
  readonly points: number[]
  /** Order of the strokes; the newest of mine have none yet. */
  n: number
}

export interface MarksDeps {
  readonly me: string
  readonly send: Send
  newID(): string
  changed(): void
}

/** The strokes over the share as one page has them. */
export interface Marks {
  /** In the order in which they began. */
  readonly list: readonly ShareMark[]
  /**
   * Asks for the strokes of a running share. What the server no longer has goes here, too, except
   * strokes of mine: after a restart it is told those again.
   */
  load(): void
  draw(style: { color: number; width: number }, area: ShareArea): MarkPen
  /** Removes mine; a pen that is down begins anew. */
  clearMine(): void
  marked(event: Events['screen.marked']): void
  unmarked(userID: string): void
  /** The share is over. */
  reset(): void
  close(): void
}

const clamp = (value: number, most: number) =>
  Number.isFinite(value) ? Math.min(most, Math.max(0, Math.round(value))) : 0

const keyOf = (userID: string, id: string) => `${userID}\n${id}`

export const createMarks = ({ me, send, newID, changed }: MarksDeps): Marks => {
  const strokes = new Map<string, Stroke>()
  const timers = new Set<ReturnType<typeof setTimeout>>()
  /** Counts shares: answers about an earlier one are void. */
  let share = 0
  /** The newest question for all strokes; only its answer counts. */
  let asked = 0
  let again = false
  /** Strokes that I removed, until the server has answered: what it told before is void. */
  const removed = new Set<string>()
  let removals = 0
  let sorted: readonly ShareMark[] | null = null

  const tell = () => {
    sorted = null
    changed()
  }
  const after = (ms: number, run: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      run()
    }, ms)
    timers.add(timer)
    return timer
  }

  /** What is known grows by what the server has more. */
  const merge = (
    { userID, id, n, color, width }: Mark,
    from: number,
    points: readonly number[],
  ) => {
    const key = keyOf(userID, id)
    if (removed.has(key)) return
    let stroke = strokes.get(key)
    if (!stroke) {
      // A stroke that is not loaded yet comes whole.
      if (from > 0) return
      stroke = { userID, id, n, color, width, points: [] }
      strokes.set(key, stroke)
    }
    stroke.n = n
    const known = stroke.points.length / 2 - from
    if (known >= 0) stroke.points.push(...points.slice(2 * known))
  }
  const dropOldest = () => {
    let oldest: [string, Stroke] | null = null
    for (const entry of strokes) if (!oldest || entry[1].n < oldest[1].n) oldest = entry
    if (oldest) strokes.delete(oldest[0])
  }

  const load = async (mine: number, question: number) => {
    const isVoid = () => mine !== share || question !== asked
    /** Points that the server has, by stroke. */
    const there = new Map<string, number>()
    for (let last = 0, more = true; more; ) {
      const part = await send('screen.marks', { after: last })
      if (isVoid()) return
      for (const mark of part.marks) {
        there.set(keyOf(mark.userID, mark.id), mark.points.length / 2)
        merge(mark, 0, mark.points)
        last = mark.n
      }
      more = part.more === 1 && part.marks.length > 0
      tell()
    }
    const isFull = there.size >= LIMITS.marks
    for (const [key, stroke] of strokes)
      if (!there.has(key) && (stroke.userID !== me || isFull)) strokes.delete(key)
    tell()
    for (const [key, stroke] of [...strokes]) {
      const from = there.get(key) ?? 0
      if (stroke.userID !== me || from >= stroke.points.length / 2) continue
      await sendPart(stroke, from, stroke.points.length / 2)
      await new Promise<void>((resolve) => after(RESEND_MS, resolve))
      if (isVoid()) return
    }
  }
  const ask = () => {
    const mine = share
    asked += 1
    load(mine, asked).catch((error: unknown) => {
      if (mine === share) console.warn('The strokes could not be read:', error)
    })
  }

  /** Tells the server the points of a stroke of mine from one number up to another. */
  const sendPart = async ({ id, color, width, points }: Stroke, from: number, to: number) => {
    const mine = share
    try {
      await send('screen.mark', { id, color, width, from, points: points.slice(2 * from, 2 * to) })
    } catch (error) {
      if (mine !== share || !strokes.has(keyOf(me, id))) return
      console.warn('The stroke was refused:', error)
      if (error instanceof YuntangError && error.code === 'screen.none') {
        strokes.delete(keyOf(me, id))
        tell()
      } else if (!again) {
        again = true
        after(AGAIN_MS, () => {
          again = false
          if (mine === share) ask()
        })
      }
    }
  }

  const removeOf = (userID: string) => {
    for (const [key, stroke] of strokes) if (stroke.userID === userID) strokes.delete(key)
  }
  const end = () => {
    share += 1
    for (const timer of timers) clearTimeout(timer)
    timers.clear()
    again = false
    strokes.clear()
  }

  return {
    get list() {
      sorted ??= [...strokes.values()].sort((a, b) => a.n - b.n)
      return sorted
    },
    load: ask,
    draw(style, area) {
      const mine = share
      const color = clamp(style.color & 0xffffff, 0xffffff)
      const width = Math.max(1, clamp(style.width, LIMITS.markMaxWidth))
      let stroke: Stroke | null = null
      let sent = 0
      let timer: ReturnType<typeof setTimeout> | null = null

      const isThere = (now: Stroke | null): now is Stroke =>
        now !== null && strokes.has(keyOf(me, now.id))
      const flush = () => {
        if (timer !== null) {
          clearTimeout(timer)
          timers.delete(timer)
        }
        timer = null
        const to = (stroke?.points.length ?? 0) / 2
        if (mine !== share || !isThere(stroke) || sent >= to) return
        void sendPart(stroke, sent, to)
        sent = to
      }
      const begin = (start: readonly number[]) => {
        const n = Number.MAX_SAFE_INTEGER
        stroke = { userID: me, id: newID(), n, color, width, points: [...start] }
        sent = 0
        strokes.set(keyOf(me, stroke.id), stroke)
      }

      return {
        add(x, y) {
          if (mine !== share) return
          const point = [clamp(x, area.w), clamp(y, area.h)]
          if (!isThere(stroke)) begin(point)
          else if (stroke.points.length >= 2 * LIMITS.markPoints) {
            // A longer stroke is split; the parts share a point.
            flush()
            begin([...stroke.points.slice(-2), ...point])
          } else stroke.points.push(...point)
          timer ??= after(SEND_MS, flush)
          tell()
        },
        end: flush,
      }
    },
    clearMine() {
      for (const [key, { userID }] of strokes) if (userID === me) removed.add(key)
      removeOf(me)
      tell()
      removals += 1
      send('screen.unmark', {})
        .catch((error: unknown) => console.warn(error))
        .finally(() => {
          removals -= 1
          if (removals === 0) removed.clear()
        })
    },
    marked(event) {
      merge(event, event.from, event.points)
      if (strokes.size > LIMITS.marks) dropOldest()
      tell()
    },
    unmarked(userID) {
      // Mine went when I said so; what I drew since stays.
      if (userID === me) return
      removeOf(userID)
      tell()
    },
    reset() {
      const any = strokes.size > 0
      end()
      if (any) tell()
    },
    close: end,
  }
}
