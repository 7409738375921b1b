import type { BoardStore, StoredBoards } from '../../../server/src/storage/port.ts'

/** Boards by meeting. */
export type BoardDisk = Map<number, StoredBoards>

const EMPTY: StoredBoards = { boards: [], pages: [], elements: [] }

type Place = { readonly boardID: string; readonly page: number }
const isOn = (a: Place, b: Place) => a.boardID === b.boardID && a.page === b.page

/** Boards in memory; `alive` never comes back after a kill. */
export const memoryBoards = (disk: BoardDisk, alive: () => Promise<void>): BoardStore => ({
  meetings: async () => [...disk.keys()],
  load: async (meeting) => disk.get(meeting) ?? EMPTY,
  async save(meeting, { closed, boards, pages, deleted, elements }) {
    await alive()
    const old = disk.get(meeting) ?? EMPTY
    const isOpen = ({ boardID }: { boardID: string }) => !closed.includes(boardID)
    const replaced = pages.filter((page) => page.replaced)
    const goes = (e: StoredBoards['elements'][number]) =>
      replaced.some((page) => isOn(page, e)) ||
      [...deleted, ...elements].some((d) => isOn(d, e) && d.elementID === e.elementID)
    disk.set(meeting, {
      boards: [...old.boards.filter(isOpen), ...boards].sort((a, b) => a.position - b.position),
      pages: [
        ...old.pages.filter((old) => isOpen(old) && !pages.some((page) => isOn(page, old))),
        ...pages.map(({ boardID, page, img }) => ({ boardID, page, img })),
      ],
      elements: [...old.elements.filter((e) => isOpen(e) && !goes(e)), ...elements].sort(
        (a, b) => a.position - b.position,
      ),
    })
  },
  async removeAll(meeting) {
    await alive()
    disk.delete(meeting)
  },
})
