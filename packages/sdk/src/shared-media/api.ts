import type { MediaStopReason } from '@yuntang/protocol'
import type { Cancellable, Events, VideoConfig, Watch } from '../api.ts'

export type { MediaStopReason } from '@yuntang/protocol'

export interface PlayOptions extends Cancellable {
  /** At the end pause on the last picture instead of stopping. */
  pauseAtEnd?: boolean
}

/** Media that runs. */
export interface RunningMedia {
  /** The player. */
  readonly userID: string
  /** On the player's page the path as given, elsewhere its last component. */
  readonly name: string
  readonly paused: boolean
  /** False: sound only. */
  readonly video: boolean
  /** Seconds; 0 for live streams. */
  readonly duration: number
}

/** Own media as its file was opened. */
export interface OpenedMedia {
  /** Seconds; 0 for live streams. */
  readonly duration: number
  /** Pixels; 0 for sound only. */
  readonly width: number
  readonly height: number
}

export interface MediaEvents {
  /** Somebody, perhaps this page, started to play. */
  started: { userID: string }
  /** The own file is playing; after `started`. */
  opened: OpenedMedia
  paused: { userID: string; paused: boolean }
  /** A seek of the own media is done; seconds. */
  sought: { position: number }
  /** Reasons of spec 10 §4.1: closed, end of file, unreadable, damaged, unsupported, other. */
  stopped: { userID: string; reason: MediaStopReason }
  /** Anything above. */
  changed: undefined
}

/** One own media at a time. After its end the getters answer empty. */
export interface MediaControls extends Events<MediaEvents> {
  /** Own media, open or being opened. */
  readonly busy: boolean
  readonly opened: OpenedMedia | null
  /** Path of own media as given (a Blob's name), also while it is being opened; null without any. */
  readonly own: string | null
  /** What runs; null for nothing. */
  readonly current: RunningMedia | null
  /** Playing position in seconds; of another member's media within half a second. */
  readonly position: number
  /** Not heard on this page, also when the next media plays; `changed` follows. */
  muted: boolean
  /**
   * Plays a stored file, a file chosen in the page, a URL or a Blob; resolves when it plays. Rejects
   * with playing.busy, playing.taken, files.unreadable, recording.key, playing.damaged, playing.unsupported,
   * playing.failed, meeting.outside, connection.*, or the abort's reason.
   */
  play(file: string | Blob, options?: PlayOptions): Promise<void>
  /** Own media only. Resuming at the end starts from the beginning. False when nothing changed. */
  pause(on: boolean): boolean
  /** Own media only; seconds, clamped to the file. `sought` follows. */
  seek(position: number): void
  /** Synchronous; also gives an opening up. False when there is no own media. */
  stop(): boolean
  /** The picture for a view of `height` device pixels; as `Meeting.watch`. */
  watch(want: { height: number }, onStream: (stream: MediaStream | null) => void): Watch
}

/** The meeting's one shared media (spec 10 §4). */
export interface SharedMedia extends MediaControls {
  /** Quality of own shared media. */
  readonly config: VideoConfig
  /** Missing or non-finite fields keep their value; applies at once. */
  configure(change: Partial<VideoConfig>): void
  /** Under policy `owner` the owner stops another member's media; otherwise permission.denied. */
  stopOther(): Promise<void>
}
