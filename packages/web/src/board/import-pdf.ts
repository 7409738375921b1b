import type { Meeting } from '@yuntang/sdk'
import { sendPicture } from './picture-files.ts'

const MOST_PAGES = 200

export interface ImportPorts {
  readonly signal: AbortSignal
  /** The board is there, its pages come one after the other. */
  begun(boardID: string): Promise<void>
  placing(n: number, of: number): void
  cut(pages: number, most: number): void
  unreadable(isLocked: boolean): void
}

/** Makes a board of a PDF: each page is drawn here and is the background of a board's page. */
export const importPdf = async (
  meeting: Meeting,
  file: File,
  ports: ImportPorts,
): Promise<void> => {
  const { openPdf } = await import('./pdf-document.ts')
  const pdf = await openPdf(file).catch((error: unknown) => {
    ports.unreadable(error instanceof Error && error.message === 'locked')
    return null
  })
  if (!pdf) return
  try {
    const { signal } = ports
    signal.throwIfAborted()
    const pageCount = Math.min(MOST_PAGES, pdf.pageCount)
    if (pageCount < pdf.pageCount) ports.cut(pdf.pageCount, pageCount)
    const title = file.name.replace(/\.pdf$/i, '')
    const board = meeting.board.create({ title, ...pdf.size, pageCount })
    if (!board) return
    for (let no = 0; no < pageCount; no++) {
      signal.throwIfAborted()
      ports.placing(no + 1, pageCount)
      const fileID = await sendPicture(meeting, await pdf.render(no), signal)
      // What somebody wrote on it meanwhile stays.
      const present = meeting.board.elements(board.boardID, no)
      meeting.board.initPage(board.boardID, no, fileID, present)
      if (no === 0) await ports.begun(board.boardID)
    }
  } finally {
    await pdf.close()
  }
}
