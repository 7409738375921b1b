import type { Board, Meeting, NetFileInfo } from '@yuntang/sdk'
import type { Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { isShown } from '../disk/file-kinds.ts'
import { toast } from '../ui/toasts.ts'
import { type Background, drawBackground } from './backgrounds.ts'
import { kindOf } from './drops.ts'
import { TYPE } from './elements.ts'
import type { Point } from './geometry.ts'
import { importPdf } from './import-pdf.ts'
import { fileOf, placePicture, preparePicture, sendPicture } from './picture-files.ts'
import { fileName, savePdf, savePng, writtenPages } from './save.ts'
import type { BoardChoice } from './use-board.ts'
import type { Pictures } from './use-pictures.ts'

export interface InsertOptions {
  readonly meeting: Meeting
  readonly board: Board
  readonly page: Ref<number>
  readonly pictures: Pictures
  readonly choice: BoardChoice
  /** Where pictures are put, board units. */
  middle(): Point
  select(ids: readonly string[]): void
}

/** Shared pictures that are offered as a background. */
const MOST_SHARED = 6

/** Board units between pictures that come together. */
const BESIDE = 32

const download = (blob: Blob, name: string) => {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** What comes onto a board from files, and what goes from it into files. */
export const useInserts = (options: InsertOptions) => {
  const { meeting, board, page, pictures, choice } = options
  const boards = meeting.board
  const { t } = useI18n()
  const { run, say } = choice.work

  const prepare = async (file: File) => {
    try {
      return await preparePicture(file)
    } catch {
      toast(t('board.noPicture', { name: file.name }), 'error')
      return null
    }
  }
  const insertPicture = (file: File, at = options.middle()) =>
    run(t('board.sending'), async (signal) => {
      const ready = await prepare(file)
      if (!ready) return
      const no = page.value
      const fileID = await sendPicture(meeting, ready.blob, signal)
      const place = placePicture(ready.size, board, at)
      const element = { type: TYPE.picture, fileID, userID: meeting.me, ...place }
      const id = boards.add(board.boardID, no, element)
      if (id && no === page.value) options.select([id])
    })
  const setImage = (image: string, no: number) =>
    boards.initPage(board.boardID, no, image, boards.elements(board.boardID, no))
  const setBackground = (kind: Background) =>
    run(t('board.sending'), async (signal) => {
      const no = page.value
      const canvas = drawBackground(kind, board)
      setImage(canvas ? await sendPicture(meeting, await fileOf(canvas), signal) : '', no)
    })
  const setBackgroundPicture = (file: File) =>
    run(t('board.sending'), async (signal) => {
      const no = page.value
      const ready = await prepare(file)
      if (ready) setImage(await sendPicture(meeting, ready.blob, signal), no)
    })
  /** Pictures of the net disk, the newest first. */
  const sharedPictures = async (): Promise<readonly NetFileInfo[]> => {
    const files = await meeting.netdisk.list()
    return files
      .filter(({ fileName }) => isShown(fileName))
      .slice(-MOST_SHARED)
      .reverse()
  }
  const openDocument = (file: File) =>
    run(t('board.reading', { name: file.name }), (signal) =>
      importPdf(meeting, file, {
        signal,
        begun: (boardID) => choice.show(boardID),
        placing: (n, of) => say(t('board.placing', { n, of, name: file.name })),
        cut: (n, most) => toast(t('board.longDocument', { n, most, name: file.name })),
        unreadable: (isLocked) =>
          toast(t(isLocked ? 'board.locked' : 'board.noDocument', { name: file.name }), 'error'),
      }),
    )
  const takeAll = async (files: readonly File[], at = options.middle()) => {
    let shift = 0
    for (const file of files) {
      const kind = kindOf(file)
      if (kind === 'picture') {
        await insertPicture(file, { x: at.x + shift, y: at.y + shift })
        shift += BESIDE
      } else if (kind === 'other') toast(t('board.noUse', { name: file.name }), 'error')
      else if (meeting.pages.mayDirect) await openDocument(file)
      else toast(t('board.mayNotOpen'), 'error')
    }
  }
  const saved = { boards, board, pictures }
  const savePicture = () =>
    run(t('board.saving', { n: page.value + 1, of: board.pageCount }), async () => {
      const no = page.value
      download(await savePng(saved, no), fileName(`${board.title} ${no + 1}`, 'png'))
    })
  const saveDocument = () =>
    run('', async (signal) => {
      const pages = writtenPages(saved, page.value)
      const told = (i: number) => say(t('board.saving', { n: i + 1, of: pages.length }))
      download(await savePdf(saved, pages, { told, signal }), fileName(board.title, 'pdf'))
    })

  return {
    insertPicture,
    setBackground,
    setBackgroundPicture,
    sharedPictures,
    setSharedBackground: ({ fileID }: NetFileInfo) => setImage(fileID, page.value),
    openDocument,
    savePicture,
    saveDocument,
    /** Pictures and documents, dropped or pasted, one after the other. */
    take(files: Iterable<File>, at?: Point): boolean {
      const all = [...files]
      void takeAll(all, at)
      return all.length > 0
    },
  }
}

export type Inserts = ReturnType<typeof useInserts>
