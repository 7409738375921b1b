import type { SceneCanvas } from 'konva/lib/Canvas.js'
import type { Context } from 'konva/lib/Context.js'
import type { Item, PencilItem } from './elements.ts'
import { localBox, middleOf } from './geometry.ts'
import { outlineOf, traceOutline } from './outline.ts'
import { type PictureOf, type Shape, shapeOf } from './shapes.ts'
import { traceLine, traceTail } from './tails.ts'

/** What paints an item; made when it is first painted, because much on a page never is. */
export interface Drawing {
  /** In board units. */
  paint(canvas: SceneCanvas): void
  /** Multiplies the item's own opacity. */
  fade(by: number): void
}

const pathOf = (item: PencilItem): Path2D => {
  const path = new Path2D()
  if (item.pressures.length > 0) traceOutline(outlineOf(item), path)
  else traceLine(item.points, path)
  return path
}

/** Without a shape of Konva, which would take longer than the stroke itself. */
const strokeDrawing = (item: PencilItem): Drawing => {
  let path: Path2D | null = null
  let { opacity } = item
  const paintOn = (context: Context) => {
    path ??= pathOf(item)
    if (opacity < 1) context.setAttr('globalAlpha', opacity)
    context.setAttr('strokeStyle', item.color)
    context.setAttr('lineCap', 'round')
    context.setAttr('lineJoin', 'round')
    context.setAttr('lineWidth', item.lineWidth)
    if (item.pressures.length === 0) {
      context._context.stroke(path)
      return
    }
    context.setAttr('fillStyle', item.color)
    context.fill(path)
    // Outlines are thin in sharp corners.
    if (opacity === 1) traceTail(context._context, item, 0)
  }
  return {
    paint(canvas) {
      const context = canvas.getContext()
      const { x, y } = item.rotate === 0 ? { x: 0, y: 0 } : middleOf(localBox(item))
      context.save()
      context.translate(item.left + x, item.top + y)
      if (item.rotate !== 0) {
        context.rotate((item.rotate * Math.PI) / 180)
        context.translate(-x, -y)
      }
      paintOn(context)
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
