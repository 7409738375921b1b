import type { BoardElement } from '@yuntang/sdk'
import type { SceneCanvas } from 'konva/lib/Canvas.js'
import Konva from 'konva/lib/Core.js'
import { type Drawing, drawingOf } from './drawings.ts'
import { readElement, type Size } from './elements.ts'
import { createEntries } from './entries.ts'
import { around, boundsOf, frameOf, type Point, type Rect } from './geometry.ts'
import { isGrowth } from './growth.ts'
import { createInk } from './ink.ts'
import { type Backdrop, paint, paintPaper } from './painter.ts'
import { measureText, type PictureOf } from './shapes.ts'
import type { View } from './viewport.ts'

const FADED = 0.25
const NOBODY: ReadonlySet<string> = new Set()

/** What is in somebody's hands: painted above the page, so that the page need not be painted. */
export type Lifted =
  | { readonly ids: readonly string[]; readonly by: Point }
  /** `ids`: those that are not painted meanwhile, if they are others. */
  | { readonly elements: readonly BoardElement[]; readonly ids?: readonly string[] }

const idsOf = (lifted: Lifted | null): ReadonlySet<string> => {
  if (!lifted) return NOBODY
  if (lifted.ids) return new Set(lifted.ids)
  return new Set('elements' in lifted ? lifted.elements.map((e) => e.elementID) : [])
}

/**
 * One page on three canvases: paper, what is written, and what is being drawn or moved. Only what
 * changed is painted anew.
 */
export const createScene = (box: HTMLDivElement, page: Size, pictureOf: PictureOf) => {
  const stage = new Konva.Stage({ container: box, width: 1, height: 1, listening: false })
  const layers = [0, 1, 2].map(() => new Konva.Layer({ listening: false }))
  stage.add(...(layers as [InstanceType<typeof Konva.Layer>]))
  const [paper, inked, above] = layers.map((layer) => layer.getCanvas()) as [
    SceneCanvas,
    SceneCanvas,
    SceneCanvas,
  ]
  inked._canvas.style.transformOrigin = '0 0'
  const entries = createEntries<Drawing>()
  const sheet: Rect = { x: 0, y: 0, ...page }
  let view: View = { scale: 1, x: 0, y: 0 }
  let image = ''
  let lifted: Lifted | null = null
  let liftedIDs = NOBODY
  /** What is being drawn, asked for once in a frame: a pen moves more often. */
  let draft: (() => BoardElement) | null = null
  let frame = 0
  let isPaperStale = true
  let isAboveStale = true

  const later = () => {
    if (frame === 0) frame = requestAnimationFrame(flush)
  }
  const ink = createInk({ canvas: inked, entries, page: sheet, away: () => liftedIDs, later })
  const read = (element: BoardElement) => readElement(element, measureText)

  const backdrop = (): Backdrop => {
    if (!image) return { isWanted: false, picture: null }
    return { isWanted: true, picture: pictureOf({ fileID: image, data: '' }) }
  }
  const drawn = (element: BoardElement) => {
    const item = read(element)
    return item ? [{ shape: drawingOf(item, pictureOf), bounds: boundsOf(item) }] : []
  }
  const inHand = () => {
    if (!lifted) return []
    if ('elements' in lifted) return lifted.elements.flatMap(drawn)
    return lifted.ids.flatMap((id) => entries.get(id) ?? [])
  }
  const paintAbove = () => {
    const by = lifted && 'by' in lifted ? lifted.by : { x: 0, y: 0 }
    const shifted = { ...view, x: view.x + by.x * view.scale, y: view.y + by.y * view.scale }
    const held = { x: -by.x, y: -by.y, width: sheet.width, height: sheet.height }
    const all = [...inHand(), ...(draft ? drawn(draft()) : [])]
    paint(above, { view: shifted, page: held, entries: all, part: null })
  }
  const flush = (now: number) => {
    frame = 0
    if (isPaperStale) paintPaper(paper, { view, page: sheet, backdrop: backdrop() })
    isPaperStale = false
    ink.flush(now)
    if (isAboveStale) paintAbove()
    isAboveStale = false
  }
  const touchAbove = () => {
    isAboveStale = true
    later()
  }

  return {
    stage,
    entries,
    resize({ width, height }: Size) {
      stage.size({ width, height })
      isPaperStale = true
      touchAbove()
      ink.clear()
    },
    look(next: View) {
      view = next
      isPaperStale = true
      touchAbove()
      ink.look(next)
    },
    /** All of the page anew; `isOther`: it is another page. */
    reset(elements: readonly BoardElement[], imageID: string, isOther: boolean) {
      image = imageID
      entries.clear()
      for (const element of elements) {
        const item = read(element)
        if (item) entries.put(item, element.orderID, drawingOf(item, pictureOf))
      }
      isPaperStale = true
      touchAbove()
      if (isOther) ink.clear()
      else ink.spoil('all')
    },
    put(element: BoardElement) {
      const item = read(element)
      if (!item) return
      const before = entries.put(item, element.orderID, drawingOf(item, pictureOf))
      if (isGrowth(before?.item ?? null, item))
        ink.grow(item.id, before?.item ?? null, boundsOf(item))
      else {
        if (before) ink.spoil(before.bounds)
        ink.spoil(boundsOf(item))
      }
      if (liftedIDs.has(item.id)) touchAbove()
    },
    remove(id: string) {
      const before = entries.remove(id)
      if (before) ink.spoil(before.bounds)
    },
    /** A picture came: it is painted wherever it is. */
    arrived(key: string) {
      if (key === image) {
        isPaperStale = true
        later()
      }
      for (const { item, bounds } of entries.all)
        if (item.kind === 'picture' && (item.fileID || item.data) === key) ink.spoil(bounds)
    },
    /** What is being drawn; null: nothing any more. */
    draft(element: (() => BoardElement) | null) {
      draft = element
      touchAbove()
    },
    lift(now: Lifted | null) {
      const before = liftedIDs
      lifted = now
      liftedIDs = idsOf(now)
      for (const id of before) {
        const entry = liftedIDs.has(id) ? null : entries.get(id)
        if (entry?.item.kind === 'pencil' && entry.item.opacity === 1) ink.lay(entry)
        else if (entry) ink.spoil(entry.bounds)
      }
      for (const id of liftedIDs) {
        const entry = before.has(id) ? null : entries.get(id)
        if (entry) ink.spoil(entry.bounds)
      }
      touchAbove()
    },
    /** Shown as going. */
    fade(id: string, isFaded: boolean) {
      const entry = entries.get(id)
      entry?.shape.fade(isFaded ? FADED : 1)
      if (entry) ink.spoil(entry.bounds)
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
      ink.close()
      frame = -1
      stage.destroy()
    },
  }
}

const frameOrNone = (item: ReturnType<typeof readElement>): Rect[] => (item ? [frameOf(item)] : [])

export type Scene = ReturnType<typeof createScene>
