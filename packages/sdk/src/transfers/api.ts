import type { Cancellable, Events } from '../api.ts'

/** `waiting` for one of the three slots of a page. */
export type TransferState = 'waiting' | 'running' | 'paused' | 'done' | 'failed' | 'cancelled'

/** How far a transfer is. */
export interface TransferProgress {
  readonly bytes: number
  /** Of the whole file. */
  readonly total: number
  /** Whole percent; 100 only when everything is done. */
  readonly percent: number
}

export interface TransferEvents {
  /** 0 first, then never less than before, at most five times a second, 100 once and last. */
  progress: TransferProgress
  /** Nothing follows `done`, `failed` or `cancelled`. */
  state: TransferState
}

/** Aborting the signal cancels. */
export interface TransferOptions extends Cancellable {
  onProgress?: (progress: TransferProgress) => void
}

/** One file on its way, up or down. */
export interface Transfer<T> extends Events<TransferEvents> {
  readonly fileID: string
  /** Name of the file, without directories; of a download its ID. */
  readonly name: string
  readonly upload: boolean
  /** Bytes; 0 while it is unknown. */
  readonly size: number
  readonly state: TransferState
  readonly progress: TransferProgress
  /** Why it failed; null otherwise. */
  readonly error: unknown
  /** Rejects with a YuntangError, or with the abort's reason when it was cancelled. */
  readonly done: Promise<T>
  /** What was sent or received is kept, also by the server, for a day. */
  pause(): void
  resume(): void
  /** What was sent or received is removed on both sides. */
  cancel(): void
}
