import type { Board, Meeting } from '@yuntang/sdk'
import { onScopeDispose, ref } from 'vue'
import { TYPE } from './elements.ts'

/**
 * The page of a board that all turn to together: a view state on page 0 (spec 12 §6, type 90). Who may
 * not direct turns pages alone.
 */
export const usePage = (meeting: Meeting, { boardID, pageCount }: Board) => {
  const boards = meeting.board
  const viewID = `view:${boardID}`
  const told = () => {
    const no = boards.element(boardID, 0, viewID)?.pageNo
    return typeof no === 'number' && Number.isInteger(no) && no >= 0 && no < pageCount ? no : 0
  }
  const page = ref(told())
  let last = page.value
  /** Only a turn counts: who looks at another page alone is not called back by anything else. */
  const follow = () => {
    const now = told()
    if (now !== last) page.value = now
    last = now
  }
  const stops = [
    boards.on('changed', (at) => {
      const isView = at.ids === null || at.ids.includes(viewID)
      if (at.boardID === boardID && at.page === 0 && isView) follow()
    }),
    boards.on('loaded', follow),
  ]
  onScopeDispose(() => {
    for (const stop of stops) stop()
  })

  const turn = (to: number) => {
    const pageNo = Math.min(pageCount - 1, Math.max(0, to))
    if (pageNo === page.value) return
    page.value = pageNo
    if (!meeting.pages.mayDirect) return
    const state = {
      elementID: viewID,
      type: TYPE.view,
      left: 0,
      top: 0,
      pageNo,
      scrollX: 0,
      scrollY: 0,
    }
    if (boards.modify(boardID, 0, state) === null) boards.add(boardID, 0, state)
  }
  return { page, turn }
}
