import type { AudioConfig, Devices, VideoConfig } from '../api.ts'

/** Device settings live until the page is unloaded, also over Uninit (spec 08 §4, §7). */
export interface DevicePreferences {
  audio: AudioConfig
  video: VideoConfig
  micVolume: number
  speakerVolume: number
  multiVideo: boolean
}

/** Defaults of spec 08 §1, §5. */
export const DEFAULT_PREFERENCES: DevicePreferences = {
  audio: { micName: '', speakerName: '', privEC: 0, privAgc: 0, aec: 1, ans: 1, agc: 1 },
  video: { sizeType: 8, fps: 15, maxbps: 350_000, qp_min: 25, qp_max: 36, wh_rate: 0 },
  micVolume: 255,
  speakerVolume: 255,
  multiVideo: false,
}

export function readPreferences(devices: Devices): DevicePreferences {
  const { audio, video, micVolume, speakerVolume, multiVideo } = devices
  return { audio: { ...audio }, video: { ...video }, micVolume, speakerVolume, multiVideo }
}

export function applyPreferences(devices: Devices, kept: DevicePreferences): void {
  devices.setAudio(kept.audio)
  devices.setVideo(kept.video)
  devices.micVolume = kept.micVolume
  devices.speakerVolume = kept.speakerVolume
  devices.setMultiVideo(kept.multiVideo)
}
