import type { CameraInfo, Cancellable, Events } from '../api.ts'

export interface AudioConfig {
  /** Device names from the lists; `""` the system's default. */
  micName: string
  speakerName: string
  privEC: 0 | 1
  privAgc: 0 | 1
  aec: 0 | 1
  ans: 0 | 1
  agc: 0 | 1
}

export interface VideoConfig {
  /** 1–13, spec 08 §1. */
  sizeType: number
  fps: number
  /** bit/s */
  maxbps: number
  qp_min: number
  qp_max: number
  /** 0 16:9, 1 4:3, 2 1:1 */
  wh_rate: number
}

export interface DeviceEvents {
  /** Microphones or speakers plugged, unplugged, or named after permission. */
  audioChanged: undefined
  camerasChanged: { changed: boolean }
}

/** This page's devices and their configuration; works without a login and keeps over meetings. */
export interface Devices extends Events<DeviceEvents> {
  /** Begins watching devices; idempotent. Never asks for permission. */
  start(): Promise<void>
  readonly mics: readonly string[]
  readonly speakers: readonly string[]
  readonly cameras: readonly CameraInfo[]
  readonly defaultVideo: number
  /**
   * -1 returns to automatic choice; unknown IDs are ignored. While the camera is open alone, the new
   * one becomes the default once it is captured; if that fails all stays as it was.
   */
  setDefaultVideo(videoID: number): void
  readonly multiVideo: boolean
  setMultiVideo(on: boolean): void
  readonly audio: AudioConfig
  setAudio(change: Partial<AudioConfig>): void
  readonly video: VideoConfig
  /** Missing or non-finite fields keep their value, others are clamped (spec 08 §7). */
  setVideo(change: Partial<VideoConfig>): void
  /** 0–255 linear; false without change when out of range. */
  micVolume: number
  speakerVolume: number
  /**
   * Opens the default camera for this page alone, before a meeting or in one. A preview shares its capture
   * with the meeting: entering with an open one does not start the device anew, and whoever closes last
   * frees it. Rejects with device.none, permission.denied, media.failed, or the abort's reason.
   */
  previewCamera(cancel?: Cancellable): Promise<CameraPreview>
  /** Opens the configured microphone likewise; it follows `setAudio`. */
  previewMic(cancel?: Cancellable): Promise<MicPreview>
}

/** The picture of one camera; another default camera needs another preview. */
export interface CameraPreview {
  readonly videoID: number
  readonly stream: MediaStream
  /** Idempotent. */
  close(): void
}

export interface MicPreview {
  /** Speech level 0–10 at this moment (spec 08 §5); 0 after `close`. */
  readonly level: number
  /** Idempotent. */
  close(): void
}
