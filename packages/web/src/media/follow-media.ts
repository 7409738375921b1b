import type { MediaControls, OpenedMedia, RunningMedia } from '@yuntang/sdk'
import { onScopeDispose, ref, shallowRef } from 'vue'

const MOVES_EVERY_MS = 250

/** Whether this browser can play a file to others at all. */
export const canPlayToAll =
  'captureStream' in (globalThis.HTMLMediaElement?.prototype ?? {}) &&
  typeof RTCPeerConnection !== 'undefined'

/** Follows media that is played, to all or for oneself, until the calling scope ends. */
export const followMedia = (controls: MediaControls) => {
  const current = shallowRef<RunningMedia | null>(null)
  const opened = shallowRef<OpenedMedia | null>(null)
  const position = ref(0)

  const read = () => {
    current.value = controls.current
    opened.value = controls.opened
    position.value = controls.position
  }
  const timer = setInterval(() => {
    if (controls.current) position.value = controls.position
  }, MOVES_EVERY_MS)
  const stop = controls.on('changed', read)
  onScopeDispose(() => {
    clearInterval(timer)
    stop()
  })
  read()

  return {
    controls,
    current,
    opened,
    position,
    pause: () => controls.pause(!(current.value?.paused ?? false)),
    seek(to: number) {
      position.value = to
      controls.seek(to)
    },
  }
}

export type FollowedMedia = ReturnType<typeof followMedia>
