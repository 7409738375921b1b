import type { SceneCanvas } from 'konva/lib/Canvas.js'
import type { Entry } from './entries.ts'
import type { Rect } from './geometry.ts'
import { overlap } from './geometry.ts'
import type { Shape } from './shapes.ts'
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
  readonly entries: Iterable<Pick<Entry<Shape>, 'shape' | 'bounds'>>
  /** Board units; null: the whole canvas. */
  readonly part: Rect | null
  /** What is there stays below. */
  readonly isOver?: boolean
}

/** Paints a part of a page; what is outside of it stays as it is. */
export const paint = (canvas: SceneCanvas, { view, entries, part, isOver }: Painting): void => {
  const context = canvas.getContext()
  const whole = {
    x: 0,
    y: 0,
    width: canvas.getWidth() / canvas.getPixelRatio(),
    height: canvas.getHeight() / canvas.getPixelRatio(),
  }
  const field = part ? outward(rectToScreen(view, part)) : whole
  const seen = {
    x: (field.x - view.x) / view.scale,
    y: (field.y - view.y) / view.scale,
    width: field.width / view.scale,
    height: field.height / view.scale,
  }
  context.save()
  context.beginPath()
  context.rect(field.x, field.y, field.width, field.height)
  context.clip()
  if (!isOver) context.clearRect(field.x, field.y, field.width, field.height)
  context.translate(view.x, view.y)
  context.scale(view.scale, view.scale)
  for (const { shape, bounds } of entries) if (overlap(bounds, seen)) shape.drawScene(canvas)
  context.restore()
}

/** White, with the background picture over all of it. */
export const paintPaper = (
  canvas: SceneCanvas,
  { view, page, picture }: { view: View; page: Rect; picture: CanvasImageSource | null },
): void => {
  const context = canvas.getContext()
  context.clear()
  context.save()
  context.translate(view.x, view.y)
  context.scale(view.scale, view.scale)
  context.setAttr('fillStyle', '#ffffff')
  context.fillRect(page.x, page.y, page.width, page.height)
  if (picture) context.drawImage(picture, page.x, page.y, page.width, page.height)
  context.restore()
}
