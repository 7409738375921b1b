import type { Board, Boards } from '@yuntang/sdk'
import { TYPE } from './elements.ts'
import { type PageContent, pagePicture, picturesOn } from './page-picture.ts'
import { fileOf } from './picture-files.ts'
import type { Pictures } from './use-pictures.ts'

/** Pixels for a board unit. */
const SHARPNESS = 2
const MOST_PIXELS = 16_000_000
/** Points of a PDF for a CSS pixel. */
const POINTS = 0.75

export interface Saved {
  readonly boards: Boards
  readonly board: Board
  readonly pictures: Pictures
}

const contentOf = ({ boards, board }: Saved, page: number): PageContent => ({
  image: boards.image(board.boardID, page),
  elements: boards.elements(board.boardID, page).filter(({ type }) => type !== TYPE.view),
})

const isWritten = ({ image, elements }: PageContent) => image !== '' || elements.length > 0

/** The pages that have something on them; `page` when none has. */
export const writtenPages = (saved: Saved, page: number): number[] => {
  const all = Array.from({ length: saved.board.pageCount }, (_, no) => no)
  const written = all.filter((no) => isWritten(contentOf(saved, no)))
  return written.length > 0 ? written : [page]
}

const draw = async (saved: Saved, page: number) => {
  const { board, pictures } = saved
  const content = contentOf(saved, page)
  await Promise.all(picturesOn(content).map((source) => pictures.tried(source)))
  const { width, height } = board
  const scale = Math.min(SHARPNESS, Math.sqrt(MOST_PIXELS / (width * height)))
  return pagePicture(content, { size: { width, height }, scale, pictureOf: pictures.get })
}

/** A page as PNG. */
export const savePng = async (saved: Saved, page: number): Promise<Blob> =>
  fileOf(await draw(saved, page), 'image/png')

/** Pages as one PDF; `told` hears of each before it is drawn. */
export const savePdf = async (
  saved: Saved,
  pages: readonly number[],
  { told, signal }: { told(i: number): void; signal: AbortSignal },
): Promise<Blob> => {
  const { PDFDocument } = await import('pdf-lib')
  const { board } = saved
  const document = await PDFDocument.create()
  document.setTitle(board.title)
  const [width, height] = [board.width * POINTS, board.height * POINTS]
  for (const [i, page] of pages.entries()) {
    signal.throwIfAborted()
    told(i)
    const png = await (await savePng(saved, page)).arrayBuffer()
    const picture = await document.embedPng(png)
    document.addPage([width, height]).drawImage(picture, { x: 0, y: 0, width, height })
  }
  return new Blob([new Uint8Array(await document.save())], { type: 'application/pdf' })
}

/** A name that every system takes for a file. */
export const fileName = (title: string, ending: string): string =>
  `${title.replace(/[\\/:*?"<>|\p{Cc}]/gu, '_').slice(0, 80) || 'board'}.${ending}`
