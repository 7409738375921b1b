import type { BoardElement } from '@yuntang/sdk'
import { type Marks, marksOf } from './marks.ts'

/** Element types of our own interface (spec 12 §6). */
export const TYPE = {
  pencil: 1,
  marker: 2,
  line: 3,
  arrow: 4,
  rectangle: 5,
  ellipse: 6,
  polygon: 7,
  text: 8,
  picture: 9,
  stamp: 10,
  view: 90,
} as const

export interface Size {
  readonly width: number
  readonly height: number
}

interface Look {
  readonly id: string
  readonly left: number
  readonly top: number
  readonly color: string
  /** 0…1 */
  readonly opacity: number
  readonly lineWidth: number
  /** `""`: none. */
  readonly fill: string
  /** Degrees, clockwise about the middle of the box. */
  readonly rotate: number
}

/** Flat lists of points, relative to `left` and `top`. */
interface Stroke extends Look {
  readonly points: readonly number[]
  /** 0…1 for each point when a pen told them; empty otherwise. */
  readonly pressures: readonly number[]
}
export interface PencilItem extends Stroke {
  readonly kind: 'pencil'
}
export interface MarkerItem extends Stroke {
  readonly kind: 'marker'
}
export type StrokeItem = PencilItem | MarkerItem
export interface SegmentItem extends Look {
  readonly kind: 'line' | 'arrow'
  readonly x2: number
  readonly y2: number
  readonly heads: 0 | 1 | 2
}
export interface BoxItem extends Look, Size {
  readonly kind: 'rectangle' | 'ellipse'
  readonly radius: number
}
export interface PolygonItem extends Look {
  readonly kind: 'polygon'
  readonly points: readonly number[]
  readonly closed: boolean
}
export interface TextItem extends Look, Marks {
  readonly kind: 'text'
  readonly text: string
  readonly fontSize: number
  readonly fontFamily: string
  /** 0: lines are not wrapped. */
  readonly wrap: number
  /** As it is drawn. */
  readonly size: Size
}
export interface PictureItem extends Look, Size {
  readonly kind: 'picture'
  /** Of the net disk; `""`: see `data`. */
  readonly fileID: string
  /** A `data:` URL. */
  readonly data: string
}
export interface StampItem extends Look, Size {
  readonly kind: 'stamp'
  readonly icon: string
}

/** An element as it is drawn: every field is there and in its range. */
export type Item =
  | StrokeItem
  | SegmentItem
  | BoxItem
  | PolygonItem
  | TextItem
  | PictureItem
  | StampItem

export type TextLook = Omit<TextItem, 'size'>

const LARGEST = 20_000
const COLOR = /^#[0-9a-f]{6}$/i

const number = (value: unknown, fallback: number, least = -LARGEST, most = LARGEST): number =>
  typeof value === 'number' && Number.isFinite(value)
    ? Math.min(most, Math.max(least, value))
    : fallback
const words = (value: unknown): string => (typeof value === 'string' ? value : '')
const numbers = (value: unknown): number[] =>
  Array.isArray(value) ? value.map((one) => number(one, 0)) : []
/** Whole pairs only. */
const pairs = (value: unknown): number[] => {
  const all = numbers(value)
  return all.length % 2 === 0 ? all : all.slice(0, -1)
}

const readText = (element: BoardElement, look: Look): TextLook => ({
  ...look,
  kind: 'text',
  text: words(element.text),
  fontSize: number(element.fontSize, 24, 4, 1_000),
  fontFamily: words(element.fontFamily).slice(0, 100) || 'sans-serif',
  ...marksOf(element),
  wrap: number(element.width, 0, 0),
})

/** What is drawn for an element; null for types that this app does not know (spec 12 §6). */
export const readElement = (
  element: BoardElement,
  measure: (text: TextLook) => Size,
): Item | null => {
  const { type, elementID: id } = element
  const isMarker = type === TYPE.marker
  const look: Look = {
    id,
    left: number(element.left, 0),
    top: number(element.top, 0),
    color: COLOR.test(words(element.color)) ? words(element.color) : '#ff0000',
    opacity: number(element.opacity, isMarker ? 0.4 : 1, 0, 1),
    lineWidth: number(element.lineWidth, isMarker ? 16 : 3, 1, 64),
    fill: COLOR.test(words(element.fill)) ? words(element.fill) : '',
    rotate: number(element.rotate, 0, -360, 360),
  }
  const width = number(element.width, 0, 0)
  const height = number(element.height, 0, 0)
  const radius = number(element.radius, 0, 0)
  switch (type) {
    case TYPE.pencil:
    case TYPE.marker: {
      const points = pairs(element.points)
      const pressures = numbers(element.pressures)
      return {
        ...look,
        kind: isMarker ? 'marker' : 'pencil',
        points,
        pressures: pressures.length * 2 === points.length ? pressures : [],
      }
    }
    case TYPE.line:
    case TYPE.arrow: {
      const isArrow = type === TYPE.arrow
      return {
        ...look,
        kind: isArrow ? 'arrow' : 'line',
        x2: number(element.x2, 0),
        y2: number(element.y2, 0),
        heads: isArrow ? (element.heads === 2 ? 2 : 1) : 0,
      }
    }
    case TYPE.rectangle:
      return { ...look, kind: 'rectangle', width, height, radius }
    case TYPE.ellipse:
      return { ...look, kind: 'ellipse', width, height, radius: 0 }
    case TYPE.polygon: {
      const closed = element.closed === 1
      return { ...look, kind: 'polygon', points: pairs(element.points), closed }
    }
    case TYPE.text: {
      const text = readText(element, look)
      return { ...text, size: measure(text) }
    }
    case TYPE.picture: {
      const data = words(element.dat)
      return {
        ...look,
        kind: 'picture',
        width,
        height,
        fileID: words(element.fileID),
        data: data.startsWith('data:image/') ? data : '',
      }
    }
    case TYPE.stamp:
      return { ...look, kind: 'stamp', icon: words(element.icon), width, height: width }
    default:
      return null
  }
}
