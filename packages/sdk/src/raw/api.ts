import type { Cancellable, YuntangErrorShape } from '../api.ts'

/** Which camera's pictures a page works with; aborting `signal` is closing. */
export interface FramesWish extends Cancellable {
  userID: string
  /** -1: the default camera. */
  videoID: number
  /** Device pixels that are enough; default: all that the sender has. */
  height?: number
}

/** A camera's pictures for a page that works with them (spec 08 §8). */
export interface Frames {
  /**
   * The newest decoded picture at its native size, opaque; null while the camera is not open or no
   * picture has come.
   */
  picture(): ImageData | null
  /** Milliseconds since 1970 of the newest picture, whole; 0 while there is none. */
  readonly frameTime: number
  /** Device pixels that are enough from now on. */
  resize(height: number): void
  /** Idempotent; there is no picture afterwards. */
  close(): void
}

/**
 * `mic`: my microphone, after processing and gain. `heard`: the mix of everything that is played, before
 * the speaker volume. Zero samples while there is nothing.
 */
export type PcmSide = 'mic' | 'heard'

export interface PcmWish extends Cancellable {
  side: PcmSide
  /** Bytes of a block, 320–32 000 and even, else the nearest such number; default 3 200: 100 ms. */
  blockBytes?: number
}

export interface PcmFileWish extends Cancellable {
  side: PcmSide
  /** Path in {@link Client.files}; an existing file is replaced when the new one is complete. */
  path: string
}

/** A running capture of sound (spec 08 §9). */
export interface PcmCapture {
  readonly closed: boolean
  /** Resolves once all is delivered or written: with null, or with what ended the capture early. */
  readonly done: Promise<YuntangErrorShape | null>
  /** Delivers the last, possibly shorter block. Idempotent. */
  close(): void
}

/** Raw pictures and raw sound of a meeting (spec 08 §8, §9). */
export interface RawMedia {
  /**
   * Receives a camera without showing it. `onFrame` gets each picture's `frameTime`, at most 30 times
   * a second. Ends with the meeting.
   */
  frames(wish: FramesWish, onFrame?: (frameTime: number) => void): Frames
  /**
   * Sound as 16 kHz, mono, signed 16 bit little-endian samples, in blocks. Ends with the meeting.
   * Throws meeting.outside, param.invalid, or media.failed on a page that is no secure context.
   */
  pcm(wish: PcmWish, onBlock: (block: Uint8Array<ArrayBuffer>) => void): PcmCapture
  /**
   * The same into a file, which is there when `done` resolves. Throws as {@link RawMedia.pcm}; ends with
   * files.full when there is no room left, and keeps what was written.
   */
  pcmFile(wish: PcmFileWish): PcmCapture
}
