import type { ErrorCode, Manifest } from '@yuntang/protocol'
import type { Cancellable, Events } from '../api.ts'

/** A rectangle of the recorded picture in its pixels; fractions are allowed, later ones lie on top. */
export interface RecordRegion {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  /** false: stretched. Default true. */
  readonly keepRatio?: boolean
  readonly content: RecordContent
}

/** What a region shows; black, or nothing for a picture, while it is not there. */
export type RecordContent =
  /** `videoID` -1: the default camera. */
  | { readonly kind: 'camera'; readonly userID: string; readonly videoID: number }
  /** Set by {@link Recordings.setPicture}. */
  | { readonly kind: 'picture'; readonly id: string }
  /** The running share with its strokes; `crop` in share coordinates. */
  | {
      readonly kind: 'screen'
      readonly crop?: {
        readonly x: number
        readonly y: number
        readonly w: number
        readonly h: number
      }
    }
  /** What plays: own local playback, else the meeting's shared media. */
  | { readonly kind: 'media' }
  /** Local time. */
  | { readonly kind: 'time' }

export type RecordingState = 'idle' | 'starting' | 'recording' | 'paused' | 'stopping'

export interface RecordOptions {
  /** In {@link Client.files}; `.webm` records WebM, everything else MP4. */
  path: string
  /** 64–4096, rounded down to even. Default 640 × 360. */
  width?: number
  height?: number
  /** 1–30. Default 15. */
  frameRate?: number
  /** bit/s of the picture at most, 50 000–20 000 000. Default 500 000. */
  bitrate?: number
  /** Quantiser 0–51, smaller is better. Default 28. */
  quality?: number
  /** Records the picture. Default true. */
  picture?: boolean
  /** Records my microphone. Default true. Media that plays is heard whenever any sound is recorded. */
  ownSound?: boolean
  /** Records the other members' microphones. Default true. */
  otherSound?: boolean
  /** Uploads it while it records; a failure there leaves the recording alone. Default false. */
  upload?: boolean
  /**
   * Chains what is recorded and has the server stamp it every ten seconds (docs/evidence.md).
   * Default: when logged in or in a meeting at the start.
   */
  evidence?: boolean
}

/** `uploaded`: the server has confirmed it. */
export type UploadState = 'none' | 'uploading' | 'uploaded'

/** Where recordings go: the server's record store, or any address that takes forms (spec 06 §7). */
export type UploadTarget =
  | { readonly kind: 'server' }
  | { readonly kind: 'http'; readonly url: string }

/** A finished recording, or a file added to the list. */
export interface RecordedFile {
  /** As it was given. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Whole seconds; 0 of a file that was added. */
  readonly duration: number
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly mimeType: string
  /** Plays in this browser profile only; {@link Client.files} holds what is encrypted. */
  readonly encrypted: boolean
  readonly upload: UploadState
  /** How far the upload is, or was when it was interrupted. */
  readonly uploadPercent: number
  /** Where it is on the server, for a day (later ask {@link RecordStore.url}); else `""`. */
  readonly url: string
}

export interface RecordingEvents {
  state: RecordingState
  /** The recording ends by itself; what is usable stays. `idle` follows. */
  error: { code: ErrorCode; sdk: number }
  /**
   * The upload of a file began, ended or was given up; the list shows it already. `name`: how the file
   * was named by whoever began, or cancelled, the upload.
   */
  file: { path: string; name: string; upload: UploadState }
  /** Whole percent, never less than before, at most five times a second; 100 when it is confirmed. */
  fileProgress: { path: string; name: string; percent: number }
  /** An upload failed; `file` with `none` follows if it had begun. */
  fileError: { path: string; name: string; code: ErrorCode; sdk: number }
}

/**
 * Recording on this page, of which others see nothing (spec 10 §2, §3). One at a time, written to
 * {@link Client.files} at least once a second: what a page that dies had recorded is in the list of
 * the next one. The end of the meeting ends a recording.
 */
export interface Recordings extends Events<RecordingEvents> {
  readonly state: RecordingState
  /** Seconds recorded without pauses; the last recording's until the next begins. */
  readonly duration: number
  /** Bytes written; likewise. */
  readonly size: number
  /** Pictures that it lacks because the encoder was behind, or the page did not get to them; likewise. */
  readonly leftOut: { readonly encoder: number; readonly page: number }
  /** Null: a grid of all open cameras. Acts with the next frame; kept until the meeting ends. */
  layout: readonly RecordRegion[] | null
  /** Recordings that start from now on are stored encrypted; kept as long as the page. Default false. */
  encrypt: boolean
  /** The picture that regions show under this name; null takes it away. The caller's to close. */
  setPicture(id: string, picture: ImageBitmap | null): void
  /**
   * Resolves when it records. Rejects with recording.state (one runs), param.invalid, files.full
   * (under 50 MB), recording.encoder, or request.replaced (stopped meanwhile).
   */
  start(options: RecordOptions): Promise<void>
  /** Resolves when the file is complete; harmless when nothing is recorded. */
  stop(): Promise<void>
  /** Picture, sound and clock stand still; the file has no gap. Ignored while nothing is recorded. */
  pause(on: boolean): void
  /** Oldest first; without the recording in progress. */
  readonly files: readonly RecordedFile[]
  /**
   * Adds a file of the store; one that was chosen, dropped or registered in the page is copied there
   * first. False when it is listed already. @throws YuntangError files.unreadable
   */
  add(path: string): boolean
  /**
   * Plays a listed file on this page alone, by {@link Client.localMedia}: its path, or the last
   * component alone for the newest. Resolves when it plays; rejects with files.unreadable (not
   * listed), or as `localMedia.play`.
   */
  play(name: string): Promise<void>
  /** Removes file and entry: its path, or the last component alone for the newest. False without one. */
  remove(name: string): Promise<boolean>
  /** Of uploads that begin from now on. Default: the server. @throws YuntangError param.invalid */
  uploadTarget: UploadTarget
  /**
   * Uploads a file of the list, named as for {@link remove}; one after the other. An interrupted upload
   * is continued. `to`: place in the record store, `/` first, where only a recording of mine is
   * replaced; default `/<YYYY-MM-DD>/<name>`. Resolves when the server has confirmed it. Rejects with
   * recording.unknown, recording.busy, login.required, connection.*, session.closed, request.timeout,
   * record.*, request.replaced (cancelled).
   */
  upload(name: string, options?: { to?: string }): Promise<{ url: string }>
  /** @throws YuntangError recording.unknown, or recording.busy when it is not being uploaded */
  cancelUpload(name: string): void
}

/** A recording that the server keeps. */
export interface StoredRecord {
  readonly id: string
  /** In the record store, `/` first. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Whole seconds; 0 when unknown. */
  readonly duration: number
  readonly mimeType: string
  /** Of the content, 64 lower-case hex digits. */
  readonly sha256: string
  readonly owner: string
  /** Nickname when the upload began; may be empty. */
  readonly ownerName: string
  /** Number of the meeting that the owner was in; 0: none. */
  readonly meeting: number
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** It has evidence: {@link RecordStore.manifest}. */
  readonly manifest: boolean
}

/**
 * What the server keeps of my recordings (spec 06 §7, §9), logged in or in a meeting. Nobody else but
 * the administrator sees them; a guest sees those of this stay. Errors: login.required, file.unknown,
 * connection.*.
 */
export interface RecordStore {
  /** Newest first; `before`: the id after which to go on, `limit`: 1–100, default 50. */
  list(options?: { before?: string; limit?: number } & Cancellable): Promise<StoredRecord[]>
  /** Bytes, of the whole app account. */
  usage(cancel?: Cancellable): Promise<{ used: number; limit: number }>
  /**
   * An address that media elements play and seek in, for a day; `download`: one that saves a file, for
   * some minutes.
   */
  url(id: string, options?: { download?: boolean } & Cancellable): Promise<string>
  remove(id: string, cancel?: Cancellable): Promise<void>
  /** The signed manifest of its evidence; null when it has none. Saved as JSON it can be verified. */
  manifest(id: string, cancel?: Cancellable): Promise<Manifest | null>
}
