import type { Board, Boards } from '@yuntang/sdk'
import { onScopeDispose, type Ref, shallowRef, watch } from 'vue'
import type { Pictures } from './use-pictures.ts'

/** Where the background of the shown page is: `none` when it has none, `lost` when it could not be fetched. */
export type Backdrop = 'none' | 'here' | 'coming' | 'lost'

/** Follows the background of the shown page until the calling scope ends (spec 12 §6). */
export const useBackdrop = (
  boards: Boards,
  { boardID }: Board,
  { page, pictures }: { page: Ref<number>; pictures: Pictures },
) => {
  const backdrop = shallowRef<Backdrop>('none')
  const refresh = () => {
    const fileID = boards.image(boardID, page.value)
    backdrop.value = fileID ? pictures.stateOf({ fileID, data: '' }) : 'none'
  }
  const stops = [
    watch(page, refresh, { immediate: true }),
    boards.on('changed', (at) => {
      if (at.ids === null && at.boardID === boardID && at.page === page.value) refresh()
    }),
    boards.on('loaded', refresh),
    pictures.onArrived(refresh),
  ]
  onScopeDispose(() => {
    for (const stop of stops) stop()
  })
  return {
    backdrop,
    retry() {
      pictures.retry()
      refresh()
    },
  }
}
