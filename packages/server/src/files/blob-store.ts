import type { Readable } from 'node:stream'
import type { DataStore } from '@tus/server'

/** Inclusive byte positions. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * Where the contents of files are: blobs under ids that the server makes, filled by resumable
 * uploads. What a blob is for, and who may have it, is the business of the domain that made it.
 */
export interface BlobStore {
  /** The tus protocol writes through this. */
  readonly uploads: DataStore
  /** An empty blob that will have `size` bytes. Rejects with disk.full when the disk is. */
  create(id: string, size: number): Promise<void>
  /** A whole blob at once, in place of an earlier one; it survives a power cut. Rejects with disk.full. */
  put(id: string, bytes: Uint8Array): Promise<void>
  /** From now on the blob will have `size` bytes, not fewer than are there. Rejects with disk.full. */
  resize(id: string, size: number): Promise<void>
  /** Bytes that are there; null when there is no such blob. */
  length(id: string): Promise<number | null>
  /** When it resolves the bytes survive a power cut. */
  settle(id: string): Promise<void>
  /** The whole blob, or a part of it. Errors arrive on the stream. */
  read(id: string, range?: ByteRange): Readable
  /** Also ends what is being read of it. Nothing happens when there is no such blob. */
  remove(id: string): Promise<void>
  /** Every blob, for cleaning up after a crash. */
  ids(): Promise<readonly string[]>
}
