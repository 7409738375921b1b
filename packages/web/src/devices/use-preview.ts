import { onScopeDispose, ref, watch } from 'vue'
import { client } from '../session.ts'
import { createDeviceCheck } from './device-check.ts'
import { wanted } from './device-memory.ts'

const LEVEL_MS = 100

/** My camera and microphone before a meeting, as far as I want them on. */
export const usePreview = () => {
  const { devices } = client
  const camera = createDeviceCheck((cancel) => devices.previewCamera(cancel))
  const mic = createDeviceCheck((cancel) => devices.previewMic(cancel))
  const level = ref(0)
  const timer = setInterval(() => {
    level.value = mic.preview.value?.level ?? 0
  }, LEVEL_MS)

  const stopWatching = [
    watch(
      () => wanted.camera,
      (on) => (on ? void camera.start() : camera.stop()),
      { immediate: true },
    ),
    watch(
      () => wanted.mic,
      (on) => (on ? void mic.start() : mic.stop()),
      { immediate: true },
    ),
    devices.on('camerasChanged', () => {
      const { look, preview } = camera
      const other = preview.value && preview.value.videoID !== devices.defaultVideo
      if (other || look.value === 'none') void camera.start()
    }),
    devices.on('audioChanged', () => {
      if (mic.look.value === 'none') void mic.start()
    }),
  ]
  const close = () => {
    for (const stop of stopWatching.splice(0)) stop()
    clearInterval(timer)
    camera.stop()
    mic.stop()
  }
  onScopeDispose(close)
  return { camera, mic, level, close }
}

export type Preview = ReturnType<typeof usePreview>
