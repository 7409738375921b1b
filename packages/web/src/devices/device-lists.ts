import { computed, onScopeDispose, ref } from 'vue'
import { client } from '../session.ts'
import { chooseCamera, chooseMic, chooseSpeaker } from './device-memory.ts'

/** Follows the device lists and choices for templates until the calling scope ends. */
export const useDeviceLists = () => {
  const { devices } = client
  const version = ref(0)
  const changed = () => {
    version.value++
  }
  const stops = [devices.on('audioChanged', changed), devices.on('camerasChanged', changed)]
  devices.start().then(changed, changed)
  onScopeDispose(() => {
    for (const stop of stops) stop()
  })

  const live = <T>(read: () => T) =>
    computed(() => {
      void version.value
      return read()
    })
  const choice = <T>(read: () => T, choose: (value: T) => void) =>
    computed({
      get: () => {
        void version.value
        return read()
      },
      set: (value: T) => {
        choose(value)
        changed()
      },
    })
  /** A remembered device that is not there now counts as the default. */
  const present = (names: readonly string[], name: string) => (names.includes(name) ? name : '')

  return {
    mics: live(() => devices.mics),
    speakers: live(() => devices.speakers),
    cameras: live(() => devices.cameras),
    mic: choice(() => present(devices.mics, devices.audio.micName), chooseMic),
    speaker: choice(() => present(devices.speakers, devices.audio.speakerName), chooseSpeaker),
    camera: choice(() => devices.defaultVideo, chooseCamera),
  }
}
