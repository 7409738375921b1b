import type { Context } from 'konva/lib/Context.js'
import Konva from 'konva/lib/Core.js'
import { Arrow } from 'konva/lib/shapes/Arrow.js'
import { Ellipse } from 'konva/lib/shapes/Ellipse.js'
import { Line } from 'konva/lib/shapes/Line.js'
import { Rect } from 'konva/lib/shapes/Rect.js'
import { Text } from 'konva/lib/shapes/Text.js'
import type {
  Item,
  MarkerItem,
  PencilItem,
  PictureItem,
  Size,
  StampItem,
  TextLook,
} from './elements.ts'
import { localBox, middleOf } from './geometry.ts'
import { stampOutline } from './stamps.ts'

// Pages are painted by the scene, which knows what changed.
Konva.autoDrawEnabled = false

export type Shape = InstanceType<typeof Konva.Shape>
/** What Konva draws; strokes of a pencil are drawn without it. */
export type Shaped = Exclude<Item, PencilItem>

/** Gives the picture of an element, null while it is not here. */
export type PictureOf = (picture: { fileID: string; data: string }) => CanvasImageSource | null

const FONTS = 'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'

const textShape = (look: TextLook) =>
  new Text({
    text: look.text,
    fill: look.color,
    fontSize: look.fontSize,
    fontFamily: look.fontFamily === 'sans-serif' ? FONTS : `${look.fontFamily}, ${FONTS}`,
    fontStyle: `${look.italic ? 'italic ' : ''}${look.bold ? 'bold' : 'normal'}`,
    textDecoration: look.underline ? 'underline' : '',
    align: look.align,
    lineHeight: 1.25,
    ...(look.wrap > 0 ? { width: look.wrap } : {}),
  })

/** How large a text is when it is drawn. */
export const measureText = (look: TextLook): Size => {
  const shape = textShape(look)
  return { width: shape.width(), height: shape.height() }
}

/** One place is a dot: a canvas draws nothing for it unless the line goes somewhere. */
const markerPoints = ({ points: [x = 0, y = 0, ...rest] }: MarkerItem) =>
  rest.length === 0 ? [x, y, x + 0.01, y] : [x, y, ...rest]

const stampShape = ({ icon, width, color }: StampItem) => {
  const path = new Path2D(stampOutline(icon))
  return new Konva.Shape({
    sceneFunc: (context: Context) => {
      context.scale(width / 24, width / 24)
      context.setAttr('strokeStyle', color)
      context.setAttr('lineWidth', 2.5)
      context.setAttr('lineCap', 'round')
      context.setAttr('lineJoin', 'round')
      context.stroke(path)
    },
  })
}

const pictureShape = (item: PictureItem, pictureOf: PictureOf) =>
  new Konva.Shape({
    sceneFunc: (context: Context) => {
      const picture = pictureOf(item)
      if (picture) {
        context.drawImage(picture, 0, 0, item.width, item.height)
        return
      }
      context.setAttr('fillStyle', '#e8edf4')
      context.fillRect(0, 0, item.width, item.height)
      context.setAttr('strokeStyle', '#8390a1')
      context.strokeRect(0.5, 0.5, item.width - 1, item.height - 1)
    },
  })

const build = (item: Shaped, pictureOf: PictureOf): Shape => {
  const lines = { stroke: item.color, strokeWidth: item.lineWidth, lineJoin: 'round' as const }
  const fill = item.fill === '' ? {} : { fill: item.fill }
  switch (item.kind) {
    case 'marker':
      return new Line({ ...lines, points: markerPoints(item), tension: 0.3, lineCap: 'square' })
    case 'line':
      return new Line({ ...lines, points: [0, 0, item.x2, item.y2], lineCap: 'round' })
    case 'arrow': {
      // A head is never longer than its arrow.
      const head = Math.min(4 * item.lineWidth, Math.hypot(item.x2, item.y2))
      return new Arrow({
        ...lines,
        points: [0, 0, item.x2, item.y2],
        fill: item.color,
        pointerLength: head,
        pointerWidth: head,
        pointerAtBeginning: item.heads === 2,
      })
    }
    case 'rectangle': {
      const { width, height, radius } = item
      return new Rect({ ...lines, ...fill, width, height, cornerRadius: radius })
    }
    case 'ellipse': {
      const radius = { radiusX: item.width / 2, radiusY: item.height / 2 }
      const shape = new Ellipse({ ...lines, ...fill, ...radius })
      return shape.offset({ x: -radius.radiusX, y: -radius.radiusY })
    }
    case 'polygon':
      return new Line({ ...lines, ...fill, points: [...item.points], closed: item.closed })
    case 'text':
      return textShape(item)
    case 'picture':
      return pictureShape(item, pictureOf)
    case 'stamp':
      return stampShape(item)
  }
}

/** What Konva draws for an item, placed in board units. */
export const shapeOf = (item: Shaped, pictureOf: PictureOf): Shape => {
  const shape = build(item, pictureOf)
  const middle = item.rotate === 0 ? { x: 0, y: 0 } : middleOf(localBox(item))
  const own = shape.offset()
  return shape.setAttrs({
    x: item.left + middle.x,
    y: item.top + middle.y,
    offsetX: own.x + middle.x,
    offsetY: own.y + middle.y,
    rotation: item.rotate,
    opacity: item.opacity,
    perfectDrawEnabled: false,
  })
}
