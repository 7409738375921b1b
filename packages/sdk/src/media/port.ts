import type { In, Out, Relays, Requests } from '@yuntang/protocol'
import type { Devices, Unsubscribe, VideoConfig } from '../api.ts'
import type { ScreenSendConfig } from './screen-encodings.ts'

/** What a member publishes: its microphone, screen or shared media (`videoID` 0), or one camera. */
export type TrackKind = 'mic' | 'camera' | 'screen' | 'media' | 'mediaSound'

export const isSound = (kind: TrackKind): boolean => kind === 'mic' || kind === 'mediaSound'

export interface LocalTrack {
  readonly kind: TrackKind
  /** 0 for all but cameras. */
  readonly videoID: number
  readonly track: MediaStreamTrack
}

/** The page's devices with what the meeting needs of them; the client owns and closes it. */
export interface OwnedDevices extends Devices {
  readonly hasMic: boolean
  /**
   * Opens the configured microphone; a second call while open gives the same track. Rejects with the
   * browser's DOMException (NotAllowedError, NotFoundError, …), AbortError when released meanwhile.
   */
  captureMic(): Promise<MediaStreamTrack>
  /** Synchronous: the device is free when it returns. */
  releaseMic(): void
  /** Opens one camera; rejects as {@link captureMic}. */
  captureCamera(videoID: number): Promise<MediaStreamTrack>
  /** Frees one camera. */
  releaseCamera(videoID: number): void
  /** Synchronous: every camera is free when it returns. */
  releaseCameras(): void
  /** What the microphone gives now, after gain; null while it is closed. */
  micTrack(): MediaStreamTrack | null
  /** The capture running now; null when that camera is closed. */
  cameraTrack(videoID: number): MediaStreamTrack | null
  /** Capture exchanged while open (other device configured, device in use vanished). */
  onTrack(
    listener: (kind: 'mic' | 'camera', videoID: number, track: MediaStreamTrack) => void,
  ): Unsubscribe
  /** Level of the own microphone after gain in dBFS; -Infinity while closed. */
  micLevel(): number
  /** Device for playback as `setSinkId` wants it; `""` the system's output. */
  readonly sinkId: string
  /** Configuration or volumes changed; the listener reads them anew. */
  onConfig(listener: () => void): Unsubscribe
  close(): void
}

type RtcMethod = 'rtc.publish' | 'rtc.receive' | 'rtc.answer' | 'rtc.watch' | 'rtc.relays'
/** Sends a media request over the link; rejects when refused or lost. */
export type RtcRequest = <M extends RtcMethod>(
  method: M,
  params: In<Requests[M]>,
) => Promise<Out<Requests[M]>>

export interface MediaDeps {
  readonly request: RtcRequest
  readonly devices: OwnedDevices
  /** As the server named them on entry; null: the engine is reached directly. */
  readonly relays: Relays | null
  /** My user ID. */
  readonly me: string
  /** Whether a member's microphone is open: others have no energy (spec 08 §5). */
  micOpen(userID: string): boolean
  /** A received camera's picture came, changed or went away. */
  stream(userID: string, videoID: number, stream: MediaStream | null): void
  /** The shared screen's picture came, changed or went away. */
  screenStream(userID: string, stream: MediaStream | null): void
  /** Other members' sound came or went. */
  heardChanged(): void
  /** The shared media's picture came, changed or went away. */
  mediaStream(userID: string, stream: MediaStream | null): void
  /** Speech level 0–10 changed (spec 08 §5). */
  energy(userID: string, old: number, now: number): void
  /** Network level 0–10 (spec 07 §6). */
  network(level: number): void
}

export interface CameraWatch {
  readonly userID: string
  readonly videoID: number
  /** Device pixels; entries with 0 are not received. */
  readonly height: number
}

/** What this page measures in one meeting. */
export interface MediaMeasures {
  /** Speech level 0–10 now. */
  energyOf(userID: string): number
  readonly networkLevel: number
  /** Whether the link to the server stands; level 0 while not (spec 07 §6). */
  setLinkState(live: boolean): void
  /** Synchronous; removes elements and timers. Idempotent. */
  close(): void
}

/** Both media connections of one meeting. After `close()` every method is a no-op. */
export interface MeetingMedia extends MediaMeasures {
  /**
   * Microphone and cameras sent from now on. Serialised; rejects when the server or the browser
   * refuses.
   */
  publish(tracks: readonly LocalTrack[]): Promise<void>
  /** The screen sent from now on and how, or none; as {@link publish}. */
  publishScreen(screen: LocalScreen | null): Promise<void>
  /** The media sent from now on and how, or none; as {@link publish}. */
  publishMedia(media: LocalMedia | null): Promise<void>
  /** Exchanges a sent track without negotiation. */
  replace(kind: TrackKind, videoID: number, track: MediaStreamTrack): void
  /** Opens the receiving connection; harmless when open. */
  openReceiver(): Promise<void>
  /** The server changes the receiving connection; queued. */
  offer(change: RtcOffer): void
  /** Encodings of an own video that somebody receives; the others rest. `videoID` 0: the screen. */
  layers(videoID: number | 'media', rids: readonly string[]): void
  /** The relays and their credentials are others from now on. */
  setRelays(relays: Relays | null): void
  /** Builds both connections anew and publishes again. */
  reset(): void
  /** All cameras wanted now; sent once per tick. */
  setWatches(list: readonly CameraWatch[]): void
  /** Device pixels in which the shared screen is shown; 0: not at all. */
  watchScreen(height: number): void
  /** Other members' sound that is played now. */
  readonly heard: readonly MediaStream[]
  /** What of it belongs to shared media. */
  readonly heardMedia: readonly MediaStream[]
  /** The same of shared media. */
  watchMedia(height: number): void
  /** Shared media is not heard on this page. */
  muteMedia(on: boolean): void
  stream(userID: string, videoID: number): MediaStream | null
  screenStream(userID: string): MediaStream | null
  mediaStream(userID: string): MediaStream | null
}

/** A screen as it is sent. */
export interface LocalScreen {
  readonly track: MediaStreamTrack
  readonly config: ScreenSendConfig
}

/** Shared media as it is sent. */
export interface LocalMedia {
  readonly video: MediaStreamTrack | null
  readonly audio: MediaStreamTrack | null
  /** Of the picture, pixels. */
  readonly size: { readonly width: number; readonly height: number }
  readonly config: VideoConfig
}

export interface RtcOffer {
  readonly sdp: string
  readonly version: number
  readonly tracks: readonly {
    readonly mid: string
    readonly userID: string
    readonly kind: TrackKind
    readonly videoID: number
  }[]
}
