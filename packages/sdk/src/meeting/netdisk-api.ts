import type { Cancellable, Events } from '../api.ts'
import type { Transfer, TransferOptions } from '../transfers/api.ts'

/** A complete file of the meeting's net disk (spec 06 §1). */
export interface NetFileInfo {
  readonly fileID: string
  /** 0 shared and listed, 1 used by the program. */
  readonly type: 0 | 1
  readonly owner: string
  readonly ownerName: string
  /** On the uploader's side, without directories. */
  readonly fileName: string
  /** 32 lower-case hex digits. */
  readonly md5: string
  readonly size: number
  /** When it became complete, milliseconds since 1970. */
  readonly createdAt: number
}

/** An upload of mine that was left unfinished; the server keeps it for a day. */
export interface UnfinishedUpload {
  readonly fileID: string
  readonly type: 0 | 1
  readonly fileName: string
  readonly size: number
  /** Bytes that the server has. */
  readonly received: number
  /** When it was last gone on with, milliseconds since 1970. */
  readonly touchedAt: number
}

export interface NetDiskEvents {
  /** A shared file is complete, or replaces the one of its ID. */
  added: NetFileInfo
  /** `by` is empty when nobody knows any more. */
  removed: { fileID: string; by: string }
  /** What an upload of mine took that was given up is free again. */
  freed: { fileID: string }
  /** A transfer of this page began; it leaves {@link NetDisk.transfers} when it ends. */
  transfer: Transfer<unknown>
}

/**
 * Files of one meeting (spec 06 §1, §2). Three transfers run at a time, others wait; each goes on where
 * it stopped after a pause, a broken connection or a restart of the server. Errors: meeting.outside,
 * files.unreadable, files.full, file.unknown, file.owner, file.busy, disk.full, permission.denied,
 * connection.*.
 */
export interface NetDisk extends Events<NetDiskEvents> {
  /** In KB of 1024 bytes. */
  summary(cancel?: Cancellable): Promise<{ limit: number; used: number }>
  /** Complete files of type 0, oldest first. */
  list(cancel?: Cancellable): Promise<NetFileInfo[]>
  /**
   * Shares a file, or a path as {@link Files.read} takes it. An upload of the same ID, name and size
   * that was left unfinished is continued. Default ID: a fresh one of type 0.
   */
  upload(
    source: string | Blob,
    options?: TransferOptions & { fileID?: string; name?: string },
  ): Transfer<NetFileInfo>
  /**
   * Into the virtual store; replaces an existing file. `path` empty: `NetDisk/<name>` in the work
   * directory; ending in a separator: the file's name is appended. Resolves with where it is.
   */
  download(
    fileID: string,
    path: string,
    options?: TransferOptions,
  ): Transfer<{ path: string; file: NetFileInfo }>
  /** Without the store: the content itself, held by the page. */
  fetch(fileID: string, options?: TransferOptions): Transfer<{ blob: Blob; file: NetFileInfo }>
  /** Its owner and the meeting's creator may. */
  remove(fileID: string, cancel?: Cancellable): Promise<void>
  /**
   * My uploads that no transfer of this page goes on with: of the time before a reload, or failed ones.
   * {@link upload} with the same file and `fileID` goes on.
   */
  unfinished(cancel?: Cancellable): Promise<UnfinishedUpload[]>
  /** Gives such an upload up: what the server has of it goes. */
  discard(fileID: string, cancel?: Cancellable): Promise<void>
  /** Those of this page that have not ended. */
  readonly transfers: readonly Transfer<unknown>[]
}
