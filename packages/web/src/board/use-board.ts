import type { Board, Meeting } from '@yuntang/sdk'
import { onScopeDispose, shallowRef } from 'vue'
import { useBoardWork } from './board-work.ts'
import { useRefusals } from './refusals.ts'

/** Board units of a new board, and its pages. */
const NEW = { width: 1280, height: 720, pageCount: 10 }

/** The boards of a meeting, and the one that everybody looks at (spec 11 §2). */
export const useBoard = (meeting: Meeting) => {
  const { board: boards, pages } = meeting
  const list = shallowRef<readonly Board[]>([])
  const shown = shallowRef<Board | null>(null)
  const refresh = () => {
    list.value = boards.list
    shown.value = pages.main === 2 ? (boards.find(pages.sub) ?? list.value[0] ?? null) : null
  }
  const stops = [
    pages.on('changed', refresh),
    boards.on('listed', refresh),
    boards.on('loaded', refresh),
  ]
  onScopeDispose(() => {
    for (const stop of stops) stop()
  })
  refresh()
  useRefusals(boards)

  const show = async (boardID: string) => {
    await pages.switchTo(2, boardID)
    refresh()
  }
  const create = async (title: string): Promise<void> => {
    const made = boards.create({ title, ...NEW })
    if (made) await show(made.boardID)
  }
  return {
    work: useBoardWork(),
    list,
    shown,
    show,
    create,
    /** The board for everybody, made when there is none yet. */
    async open(title: string): Promise<void> {
      if (list.value.length === 0) await create(title)
      else await show(boards.find(pages.sub)?.boardID ?? list.value[0]?.boardID ?? '')
      refresh()
    },
    /** The pictures again, for everybody. */
    hide: () => pages.switchTo(0),
  }
}

export type BoardChoice = ReturnType<typeof useBoard>
