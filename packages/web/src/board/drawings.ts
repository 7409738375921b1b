import type { SceneCanvas } from 'konva/lib/Canvas.js'
import type { Item, PencilItem } from './elements.ts'
import { localBox, middleOf } from './geometry.ts'
import { outlineOf, traceOutline } from './outline.ts'
import { type PictureOf, type Shape, shapeOf } from './shapes.ts'

/** What paints an item; made when it is first painted, because much on a page never is. */
export interface Drawing {
  /** In board units. */
  paint(canvas: SceneCanvas): void
  /** Multiplies the item's own opacity. */
  fade(by: number): void
}

/** Without a shape of Konva, which would take longer than the stroke itself. */
const strokeDrawing = (item: PencilItem): Drawing => {
  let path: Path2D | null = null
  let { opacity } = item
  return {
    paint(canvas) {
      if (!path) {
        path = new Path2D()
        traceOutline(outlineOf(item), path)
      }
      const context = canvas.getContext()
      const { x, y } = item.rotate === 0 ? { x: 0, y: 0 } : middleOf(localBox(item))
      context.save()
      context.translate(item.left + x, item.top + y)
      if (item.rotate !== 0) {
        context.rotate((item.rotate * Math.PI) / 180)
        context.translate(-x, -y)
      }
      if (opacity < 1) context.setAttr('globalAlpha', opacity)
      context.setAttr('fillStyle', item.color)
      context.fill(path)
      context.restore()
    },
    fade(by) {
      opacity = item.opacity * by
    },
  }
}

export const drawingOf = (item: Item, pictureOf: PictureOf): Drawing => {
  if (item.kind === 'pencil') return strokeDrawing(item)
  let shape: Shape | null = null
  const made = () => {
    shape ??= shapeOf(item, pictureOf)
    return shape
  }
  return {
    paint: (canvas) => void made().drawScene(canvas),
    fade: (by) => void made().opacity(item.opacity * by),
  }
}
