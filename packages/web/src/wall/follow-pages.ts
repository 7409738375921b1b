import type { Meeting } from '@yuntang/sdk'
import { onScopeDispose, ref } from 'vue'
import { shownMode } from './walls.ts'

/** Follows what all members look at until the calling scope ends. */
export const followPages = ({ pages }: Meeting) => {
  const wall = ref(shownMode(pages))
  const mainVideo = ref(pages.mainVideo)
  const stop = pages.on('changed', () => {
    wall.value = shownMode(pages)
    mainVideo.value = pages.mainVideo
  })
  onScopeDispose(stop)
  return { wall, mainVideo }
}
