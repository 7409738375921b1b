import type { SceneCanvas } from 'konva/lib/Canvas.js'
import type { Drawing } from './drawings.ts'
import type { Entry } from './entries.ts'
import type { Rect } from './geometry.ts'
import { overlap } from './geometry.ts'
import { rectToScreen, type View } from './viewport.ts'

/** Pixels around what is painted anew, for soft edges. */
const EDGE = 2

const outward = ({ x, y, width, height }: Rect): Rect => {
  const left = Math.floor(x - EDGE)
  const top = Math.floor(y - EDGE)
  return {
    x: left,
    y: top,
    width: Math.ceil(x + width + EDGE) - left,
    height: Math.ceil(y + height + EDGE) - top,
  }
}

export interface Painting {
  readonly view: View
  readonly entries: Iterable<Pick<Entry<Drawing>, 'shape' | 'bounds'>>
  /** Board units; null: the whole canvas. */
  readonly part: Rect | null
  /** Nothing is painted beyond it, board units. */
  readonly page: Rect
  /** What is there stays below. */
  readonly isOver?: boolean
}

/** The pixels of a part of a page, with room for soft edges; null: all of the canvas. */
export const fieldOf = (canvas: SceneCanvas, view: View, part: Rect | null): Rect =>
  part
    ? outward(rectToScreen(view, part))
    : {
        x: 0,
        y: 0,
        width: canvas.getWidth() / canvas.getPixelRatio(),
        height: canvas.getHeight() / canvas.getPixelRatio(),
      }

/** The same in board units. */
export const seenIn = (field: Rect, view: View): Rect => ({
  x: (field.x - view.x) / view.scale,
  y: (field.y - view.y) / view.scale,
  width: field.width / view.scale,
  height: field.height / view.scale,
})

/** Lets `work` paint in board units, on the page and within a part of it only. */
export const within = (
  canvas: SceneCanvas,
  { view, page, field }: { view: View; page: Rect; field: Rect },
  work: () => void,
): void => {
  const context = canvas.getContext()
  context.save()
  context.beginPath()
  context.rect(field.x, field.y, field.width, field.height)
  context.clip()
  context.translate(view.x, view.y)
  context.scale(view.scale, view.scale)
  context.beginPath()
  context.rect(page.x, page.y, page.width, page.height)
  context.clip()
  work()
  context.restore()
}

/** Paints a part of a page; what is outside of it stays as it is. */
export const paint = (
  canvas: SceneCanvas,
  { view, entries, part, page, isOver }: Painting,
): void => {
  const field = fieldOf(canvas, view, part)
  const seen = seenIn(field, view)
  if (!isOver) canvas.getContext().clearRect(field.x, field.y, field.width, field.height)
  within(canvas, { view, page, field }, () => {
    for (const { shape, bounds } of entries) if (overlap(bounds, seen)) shape.paint(canvas)
  })
}

/** The picture behind a page. */
export interface Backdrop {
  /** The page has one. */
  readonly isWanted: boolean
  /** Null while it is not here. */
  readonly picture: CanvasImageSource | null
}

const PAPER = '#ffffff'
/** Of a page whose background is not here (spec 12 §6). */
const WAITING = '#e8edf4'

/** White, with the background picture over all of it. */
export const paintPaper = (
  canvas: SceneCanvas,
  { view, page, backdrop }: { view: View; page: Rect; backdrop: Backdrop },
): void => {
  const { isWanted, picture } = backdrop
  const context = canvas.getContext()
  context.clear()
  context.save()
  context.translate(view.x, view.y)
  context.scale(view.scale, view.scale)
  context.setAttr('fillStyle', isWanted && !picture ? WAITING : PAPER)
  context.fillRect(page.x, page.y, page.width, page.height)
  if (picture) context.drawImage(picture, page.x, page.y, page.width, page.height)
  context.restore()
}
