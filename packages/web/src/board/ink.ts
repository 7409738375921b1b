import { SceneCanvas } from 'konva/lib/Canvas.js'
import type { Drawing } from './drawings.ts'
import type { Item } from './elements.ts'
import type { createEntries, Entry } from './entries.ts'
import { around, overlap, type Rect } from './geometry.ts'
import { fieldOf, paint, seenIn, within } from './painter.ts'
import { paintTail } from './tails.ts'
import { stretch, type View } from './viewport.ts'

/** The view stands still after so long, ms. */
const STILL_MS = 120
/** Strokes that grew are painted in their place, below what lies above them, once they rest for so long, ms. */
const REST_MS = 300
/** Elements that one frame paints: to begin with, at least and at most. */
const SLICE = { first: 300, least: 60, most: 4_000 }
/** A frame that took longer is to paint less, ms. */
const LONG_MS = 24

export interface InkPorts {
  readonly canvas: SceneCanvas
  readonly entries: ReturnType<typeof createEntries<Drawing>>
  readonly page: Rect
  /** Not painted here: what is in somebody's hands. */
  away(): ReadonlySet<string>
  /** Asks for a frame. */
  later(): void
}

/** A painting that takes several frames. */
interface Job {
  readonly entries: readonly Entry<Drawing>[]
  /** Board units; null: the whole canvas. */
  readonly part: Rect | null
  readonly target: SceneCanvas
  done: number
  /** When its last frame began. */
  at: number
}

/**
 * What is written on a page, on one canvas. Only what changed is painted anew; what would take longer than a
 * frame is painted behind it, some in each frame, and shown when it is whole.
 */
export const createInk = ({ canvas, entries, page, away, later }: InkPorts) => {
  let view: View = { scale: 1, x: 0, y: 0 }
  /** What the canvas shows; it is stretched while the view moves. */
  let painted = view
  let moved = false
  /** There is nothing on the canvas that could be shown meanwhile. */
  let isBare = true
  /** What is to be painted anew: all, a part, or nothing. */
  let stale: Rect | 'all' | null = null
  let job: Job | null = null
  let behind: SceneCanvas | null = null
  let slice = SLICE.first
  /** Strokes that grew since the last frame, and how many of their places are painted. */
  const tails = new Map<string, number>()
  /** Painted over the rest, whole. */
  const over = new Set<string>()
  /** What grew while a job went on, which has not got it. */
  const meanwhile = new Set<string>()
  /** Where strokes grew: their stacking and soft edges are to be mended. */
  let owed: Rect | null = null
  let stillTimer: ReturnType<typeof setTimeout> | undefined
  let restTimer: ReturnType<typeof setTimeout> | undefined

  const spoil = (what: Rect | 'all') => {
    stale =
      what === 'all' || stale === 'all' ? 'all' : (around(stale ? [stale, what] : [what]) ?? what)
    later()
  }

  const backstage = (): SceneCanvas => {
    behind ??= new SceneCanvas({ pixelRatio: canvas.getPixelRatio() })
    if (behind._canvas.width !== canvas._canvas.width || behind.height !== canvas.height)
      behind.setSize(canvas._logicalWidth, canvas._logicalHeight)
    return behind
  }

  /** Brings what was painted behind to the front. */
  const show = ({ part, target }: Job) => {
    const { x, y, width, height } = fieldOf(canvas, view, part)
    const ratio = canvas.getPixelRatio()
    const [left, top] = [Math.floor(x * ratio), Math.floor(y * ratio)]
    const size = [
      Math.ceil((x + width) * ratio) - left,
      Math.ceil((y + height) * ratio) - top,
    ] as const
    const context = canvas.getContext()
    context.save()
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(left, top, ...size)
    context.drawImage(target._canvas, left, top, ...size, left, top, ...size)
    context.restore()
  }

  const arrived = (part: Rect | null) => {
    for (const id of meanwhile) over.add(id)
    meanwhile.clear()
    if (part) return
    painted = view
    canvas._canvas.style.transform = ''
  }

  const seen = (part: Rect | null) => {
    const field = seenIn(fieldOf(canvas, view, part), view)
    return entries.all.filter(({ bounds }) => overlap(bounds, field))
  }

  const begin = (now: number) => {
    const part = stale === 'all' || isBare ? null : stale
    stale = null
    const gone = away()
    const wanted = seen(part).filter(({ item }) => !gone.has(item.id))
    if (!part) {
      tails.clear()
      over.clear()
    }
    if (wanted.length <= slice) {
      paint(canvas, { view, page, part, entries: wanted })
      isBare = false
      arrived(part)
      return
    }
    const target = isBare ? canvas : backstage()
    paint(target, { view, page, part, entries: [] })
    job = { entries: wanted, part, target, done: 0, at: now }
    if (isBare) arrived(null)
    isBare = false
    goOn(job, now)
  }

  const goOn = (mine: Job, now: number) => {
    const { entries: all, part, target, done } = mine
    if (done > 0) {
      const factor = now - mine.at > LONG_MS ? 0.6 : 1.25
      slice = Math.round(Math.min(SLICE.most, Math.max(SLICE.least, slice * factor)))
    }
    paint(target, { view, page, part, entries: all.slice(done, done + slice), isOver: true })
    mine.done += slice
    mine.at = now
    later()
    if (mine.done < all.length) return
    job = null
    if (target !== canvas) show(mine)
    arrived(part)
  }

  const paintGrowth = () => {
    const gone = away()
    const whole = [...over].flatMap((id) => (gone.has(id) ? [] : (entries.get(id) ?? [])))
    if (whole.length > 0) paint(canvas, { view, page, part: null, entries: whole, isOver: true })
    if (tails.size > 0)
      within(canvas, { view, page, field: fieldOf(canvas, view, null) }, () => {
        for (const [id, from] of tails) {
          const item = entries.get(id)?.item
          if (item?.kind === 'pencil' && !gone.has(id) && !over.has(id))
            paintTail(canvas, item, from)
        }
      })
    over.clear()
    tails.clear()
  }

  const owe = (id: string, bounds: Rect) => {
    if (job) meanwhile.add(id)
    owed = around(owed ? [owed, bounds] : [bounds])
    clearTimeout(restTimer)
    restTimer = setTimeout(() => {
      if (owed) spoil(owed)
      owed = null
    }, REST_MS)
    later()
  }

  return {
    spoil,
    /** The canvas has another size and nothing on it, or its page is another. */
    clear() {
      job = null
      isBare = true
      tails.clear()
      over.clear()
      spoil('all')
    },
    look(next: View) {
      view = next
      moved = true
      later()
    },
    /** A stroke went on: the rest of the page need not be painted for it, however full it is. */
    grow(id: string, before: Item | null, bounds: Rect) {
      const from = before?.kind === 'pencil' ? before.points.length / 2 : 0
      if (!tails.has(id)) tails.set(id, from)
      owe(id, bounds)
    },
    /** What was in hand lies on top of the page again. */
    lay({ item, bounds }: Entry<Drawing>) {
      over.add(item.id)
      owe(item.id, bounds)
    },
    /** Paints what one frame has time for. */
    flush(now: number) {
      if (moved) {
        moved = false
        job = null
        clearTimeout(stillTimer)
        if (!isBare && seen(null).length > slice) {
          canvas._canvas.style.transform = stretch(painted, view)
          stillTimer = setTimeout(() => spoil('all'), STILL_MS)
        } else stale = 'all'
      }
      if (job) goOn(job, now)
      // While the canvas is stretched, a part of it cannot be painted in its place.
      else if (stale !== null && (stale === 'all' || painted === view)) begin(now)
      if (painted === view && tails.size + over.size > 0) paintGrowth()
    },
    close() {
      clearTimeout(stillTimer)
      clearTimeout(restTimer)
    },
  }
}
