import type { BoardElement } from '@yuntang/sdk'
import Konva from 'konva/lib/Core.js'
import { readElement, type Size } from './elements.ts'
import { createEntries } from './entries.ts'
import { around, boundsOf, frameOf, type Point, type Rect } from './geometry.ts'
import { isGrowth } from './growth.ts'
import { paint, paintPaper } from './painter.ts'
import { measureText, type PictureOf, type Shape, shapeOf } from './shapes.ts'
import { stretch, type View } from './viewport.ts'

/** Pages that take longer to paint are stretched while the view moves, ms. */
const QUICK_MS = 8
/** The view stands still after so long, ms. */
const STILL_MS = 120
/** Strokes that grew are painted in their place, below what lies above them, once they rest for so long, ms. */
const REST_MS = 300
const FADED = 0.25

/** What is in somebody's hands: painted above the page, so that the page need not be painted. */
export type Lifted =
  | { readonly ids: readonly string[]; readonly by: Point }
  | { readonly elements: readonly BoardElement[] }

/**
 * One page on three canvases: paper, what is written, and what is being drawn or moved. Only what
 * changed is painted anew.
 */
export const createScene = (box: HTMLDivElement, page: Size, pictureOf: PictureOf) => {
  const stage = new Konva.Stage({ container: box, width: 1, height: 1, listening: false })
  const layers = [0, 1, 2].map(() => new Konva.Layer({ listening: false }))
  stage.add(...(layers as [InstanceType<typeof Konva.Layer>]))
  const [paper, ink, above] = layers.map((layer) => layer.getCanvas()) as [
    ReturnType<InstanceType<typeof Konva.Layer>['getCanvas']>,
    ReturnType<InstanceType<typeof Konva.Layer>['getCanvas']>,
    ReturnType<InstanceType<typeof Konva.Layer>['getCanvas']>,
  ]
  const entries = createEntries<Shape>()
  const sheet: Rect = { x: 0, y: 0, ...page }
  let view: View = { scale: 1, x: 0, y: 0 }
  let painted = view
  let image = ''
  let lifted: Lifted | null = null
  let draft: Shape | null = null
  let draftBounds: Rect = sheet
  let cost = 0
  let frame = 0
  let stillTimer: ReturnType<typeof setTimeout> | undefined
  /** What of the ink is stale: all, a part, or nothing. */
  let stale: Rect | 'all' | null = null
  /** Strokes that grew since the last frame, and where their stacking and soft edges are still to be mended. */
  const growing = new Set<string>()
  let owed: Rect | null = null
  let restTimer: ReturnType<typeof setTimeout> | undefined
  let isPaperStale = true
  let isAboveStale = true
  let moved = false

  const liftedIDs = () => {
    if (!lifted) return new Set<string>()
    return new Set('ids' in lifted ? lifted.ids : lifted.elements.map((e) => e.elementID))
  }
  const read = (element: BoardElement) => readElement(element, measureText)

  const paintInk = (part: Rect | null) => {
    const start = performance.now()
    const away = liftedIDs()
    const shown =
      away.size === 0 ? entries.all : entries.all.filter(({ item }) => !away.has(item.id))
    paint(ink, { view, entries: shown, part })
    if (part) return
    cost = performance.now() - start
    painted = view
    ink._canvas.style.transform = ''
  }
  const paintGrowth = () => {
    const away = liftedIDs()
    const shown = [...growing].flatMap((id) => (away.has(id) ? [] : (entries.get(id) ?? [])))
    paint(ink, { view, entries: shown, part: null, isOver: true })
    growing.clear()
  }
  const inHand = () => {
    if (!lifted) return []
    if ('ids' in lifted) return lifted.ids.flatMap((id) => entries.get(id) ?? [])
    return lifted.elements.flatMap((element) => {
      const item = read(element)
      return item ? { shape: shapeOf(item, pictureOf), bounds: boundsOf(item) } : []
    })
  }
  const paintAbove = () => {
    const by = lifted && 'ids' in lifted ? lifted.by : { x: 0, y: 0 }
    const shifted = { ...view, x: view.x + by.x * view.scale, y: view.y + by.y * view.scale }
    const drafted = draft ? [{ shape: draft, bounds: draftBounds }] : []
    paint(above, { view: shifted, entries: [...inHand(), ...drafted], part: null })
  }
  const flush = () => {
    frame = 0
    if (isPaperStale)
      paintPaper(paper, {
        view,
        page: sheet,
        picture: image ? pictureOf({ fileID: image, data: '' }) : null,
      })
    if (moved) {
      moved = false
      clearTimeout(stillTimer)
      if (cost <= QUICK_MS) stale = 'all'
      else {
        ink._canvas.style.transform = stretch(painted, view)
        stillTimer = setTimeout(() => spoil('all'), STILL_MS)
      }
    }
    // While the canvas is stretched, a part of it cannot be painted in its place.
    if (stale !== null && (stale === 'all' || painted === view)) {
      paintInk(stale === 'all' ? null : stale)
      stale = null
    }
    if (growing.size > 0 && painted === view) paintGrowth()
    if (isAboveStale) paintAbove()
    isPaperStale = false
    isAboveStale = false
  }
  const later = () => {
    if (frame === 0) frame = requestAnimationFrame(flush)
  }
  const spoil = (what: Rect | 'all') => {
    stale =
      what === 'all' || stale === 'all' ? 'all' : (around(stale ? [stale, what] : [what]) ?? what)
    later()
  }
  const touchAbove = () => {
    isAboveStale = true
    later()
  }
  ink._canvas.style.transformOrigin = '0 0'

  /** The rest of the page need not be painted for it, however full it is and however many draw. */
  const grow = (id: string, bounds: Rect) => {
    growing.add(id)
    owed = around(owed ? [owed, bounds] : [bounds])
    clearTimeout(restTimer)
    restTimer = setTimeout(() => {
      if (owed) spoil(owed)
      owed = null
    }, REST_MS)
    later()
  }

  const put = (element: BoardElement) => {
    const item = read(element)
    if (!item) return
    const before = entries.put(item, element.orderID, shapeOf(item, pictureOf))
    if (isGrowth(before?.item ?? null, item)) grow(item.id, boundsOf(item))
    else {
      if (before) spoil(before.bounds)
      spoil(boundsOf(item))
    }
    if (liftedIDs().has(item.id)) touchAbove()
  }

  return {
    stage,
    entries,
    resize({ width, height }: Size) {
      stage.size({ width, height })
      isPaperStale = true
      touchAbove()
      spoil('all')
    },
    look(next: View) {
      view = next
      moved = true
      isPaperStale = true
      touchAbove()
    },
    /** Another page, or all of this one anew. */
    reset(elements: readonly BoardElement[], imageID: string) {
      image = imageID
      entries.clear()
      growing.clear()
      for (const element of elements) {
        const item = read(element)
        if (item) entries.put(item, element.orderID, shapeOf(item, pictureOf))
      }
      isPaperStale = true
      touchAbove()
      spoil('all')
    },
    put,
    remove(id: string) {
      const before = entries.remove(id)
      if (before) spoil(before.bounds)
    },
    /** A picture came: it is painted wherever it is. */
    arrived(key: string) {
      if (key === image) {
        isPaperStale = true
        later()
      }
      for (const { item, bounds } of entries.all)
        if (item.kind === 'picture' && (item.fileID || item.data) === key) spoil(bounds)
    },
    /** What is being drawn; null: nothing any more. */
    draft(element: BoardElement | null) {
      const item = element && read(element)
      draft = item ? shapeOf(item, pictureOf) : null
      if (item) draftBounds = boundsOf(item)
      touchAbove()
    },
    lift(now: Lifted | null) {
      const before = liftedIDs()
      lifted = now
      const after = liftedIDs()
      for (const id of new Set([...before, ...after]))
        if (before.has(id) !== after.has(id)) {
          const entry = entries.get(id)
          if (entry) spoil(entry.bounds)
        }
      touchAbove()
    },
    /** Shown as going. */
    fade(id: string, isFaded: boolean) {
      const entry = entries.get(id)
      entry?.shape.opacity(entry.item.opacity * (isFaded ? FADED : 1))
      if (entry) spoil(entry.bounds)
    },
    /** Around what is chosen, as it is in hand now; null when nothing of it is here. */
    frame(ids: readonly string[]): Rect | null {
      if (lifted && 'elements' in lifted)
        return around(lifted.elements.flatMap((e) => frameOrNone(read(e))))
      const by = lifted ? lifted.by : { x: 0, y: 0 }
      const still = around(ids.flatMap((id) => frameOrNone(entries.get(id)?.item ?? null)))
      return still && { ...still, x: still.x + by.x, y: still.y + by.y }
    },
    close() {
      cancelAnimationFrame(frame)
      clearTimeout(stillTimer)
      clearTimeout(restTimer)
      frame = -1
      stage.destroy()
    },
  }
}

const frameOrNone = (item: ReturnType<typeof readElement>): Rect[] => (item ? [frameOf(item)] : [])

export type Scene = ReturnType<typeof createScene>
