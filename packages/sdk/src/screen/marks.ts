import { type Events, LIMITS, type Mark } from '@yuntang/protocol'
import type { Send } from '../link/link.ts'
import type { MarkPen, ShareArea, ShareMark } from './api.ts'

/** Others see a stroke grow (spec 09 §6). */
const SEND_MS = 50

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
  readonly list: readonly ShareMark[]
  /** Asks for the strokes of a running share. */
  load(): void
  draw(style: { color: number; width: number }, area: ShareArea): MarkPen
  /** Removes mine. */
  clearMine(): void
  marked(event: Events['screen.marked']): void
  unmarked(userID: string): void
  /** The share is over. */
  reset(): void
  close(): void
}

const clamp = (value: number, most: number) =>
  Number.isFinite(value) ? Math.min(most, Math.max(0, Math.round(value))) : 0

export const createMarks = ({ me, send, newID, changed }: MarksDeps): Marks => {
  const strokes = new Map<string, Stroke>()
  const timers = new Set<ReturnType<typeof setTimeout>>()
  /** Counts shares: answers about an earlier one are void. */
  let share = 0

  const keyOf = (userID: string, id: string) => `${userID}\n${id}`

  /** What is known grows by what the server has more. */
  const merge = (
    { userID, id, n, color, width }: Mark,
    from: number,
    points: readonly number[],
  ) => {
    const key = keyOf(userID, id)
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
    if (strokes.size > LIMITS.marks) dropOldest()
  }
  const dropOldest = () => {
    let oldest: [string, Stroke] | null = null
    for (const entry of strokes) if (!oldest || entry[1].n < oldest[1].n) oldest = entry
    if (oldest) strokes.delete(oldest[0])
  }

  const load = async (mine: number) => {
    for (let after = 0, more = true; more; ) {
      const part = await send('screen.marks', { after })
      if (mine !== share) return
      for (const mark of part.marks) {
        merge(mark, 0, mark.points)
        after = mark.n
      }
      more = part.more === 1 && part.marks.length > 0
      changed()
    }
  }

  const removeOf = (userID: string) => {
    for (const [key, stroke] of strokes) if (stroke.userID === userID) strokes.delete(key)
  }

  return {
    get list() {
      return [...strokes.values()].sort((a, b) => a.n - b.n)
    },
    load() {
      const mine = share
      load(mine).catch((error: unknown) => {
        if (mine === share) console.warn('The strokes could not be read:', error)
      })
    },
    draw(style, area) {
      const mine = share
      const color = clamp(style.color & 0xffffff, 0xffffff)
      const width = Math.max(1, clamp(style.width, LIMITS.markMaxWidth))
      let stroke: Stroke | null = null
      let sent = 0
      let timer: ReturnType<typeof setTimeout> | null = null

      const flush = () => {
        if (timer !== null) {
          clearTimeout(timer)
          timers.delete(timer)
        }
        timer = null
        const now = stroke
        if (!now || mine !== share || sent >= now.points.length) return
        const points = now.points.slice(sent)
        sent = now.points.length
        send('screen.mark', { id: now.id, color, width, points }).catch((error: unknown) => {
          if (mine !== share) return
          console.warn('The stroke was refused:', error)
          strokes.delete(keyOf(me, now.id))
          changed()
        })
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
          if (!stroke) begin(point)
          else if (stroke.points.length >= 2 * LIMITS.markPoints) {
            // A longer stroke is split; the parts share a point.
            flush()
            begin([...stroke.points.slice(-2), ...point])
          } else stroke.points.push(...point)
          if (timer === null) {
            timer = setTimeout(flush, SEND_MS)
            timers.add(timer)
          }
          changed()
        },
        end: flush,
      }
    },
    clearMine() {
      removeOf(me)
      changed()
      send('screen.unmark', {}).catch((error: unknown) => console.warn(error))
    },
    marked(event) {
      merge(event, event.from, event.points)
      changed()
    },
    unmarked(userID) {
      removeOf(userID)
      changed()
    },
    reset() {
      share += 1
      const any = strokes.size > 0
      strokes.clear()
      if (any) changed()
    },
    close() {
      share += 1
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
      strokes.clear()
    },
  }
}
