import type { BoardElement } from '@yuntang/sdk'
import { SceneCanvas } from 'konva/lib/Canvas.js'
import { type Drawing, drawingOf } from './drawings.ts'
import { readElement, type Size } from './elements.ts'
import { boundsOf, type Rect } from './geometry.ts'
import { paint, paintPaper } from './painter.ts'
import { measureText, type PictureOf } from './shapes.ts'

/** What a page shows. */
export interface PageContent {
  /** Net-disk file ID of the background; `""`: none. */
  readonly image: string
  readonly elements: readonly BoardElement[]
}

/** A whole page as a picture, `scale` pixels for a board unit. */
export const pagePicture = (
  { image, elements }: PageContent,
  { size, scale, pictureOf }: { size: Size; scale: number; pictureOf: PictureOf },
): HTMLCanvasElement => {
  const [width, height] = [Math.ceil(size.width * scale), Math.ceil(size.height * scale)]
  const make = () => new SceneCanvas({ width, height, pixelRatio: 1 })
  const view = { scale, x: 0, y: 0 }
  const paper = make()
  const page: Rect = { x: 0, y: 0, ...size }
  const picture = image ? pictureOf({ fileID: image, data: '' }) : null
  paintPaper(paper, { view, page, backdrop: { isWanted: image !== '', picture } })
  const entries: { shape: Drawing; bounds: Rect }[] = []
  for (const element of elements) {
    const item = readElement(element, measureText)
    if (item) entries.push({ shape: drawingOf(item, pictureOf), bounds: boundsOf(item) })
  }
  const ink = make()
  paint(ink, { view, page, entries, part: null })
  const whole = paper._canvas as HTMLCanvasElement
  whole.getContext('2d')?.drawImage(ink._canvas as HTMLCanvasElement, 0, 0)
  return whole
}

/** The pictures that a page needs. */
export const picturesOn = ({ image, elements }: PageContent) => [
  ...(image ? [{ fileID: image, data: '' }] : []),
  ...elements.flatMap((element) => {
    const item = readElement(element, () => ({ width: 0, height: 0 }))
    return item?.kind === 'picture' ? [{ fileID: item.fileID, data: item.data }] : []
  }),
]
