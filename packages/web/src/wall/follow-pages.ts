import type { Meeting } from '@yuntang/sdk'
import { onScopeDispose, ref } from 'vue'

/** Follows what all members look at until the calling scope ends. */
export const followPages = ({ pages }: Meeting) => {
  const wall = ref(pages.wall)
  const mainVideo = ref(pages.mainVideo)
  const stop = pages.on('changed', () => {
    wall.value = pages.wall
    mainVideo.value = pages.mainVideo
  })
  onScopeDispose(stop)
  return { wall, mainVideo }
}
