/** Writes one content from front to back. */
export interface ContentWriter {
  write(bytes: Uint8Array<ArrayBuffer> | Blob): Promise<void>
  /** From now on it can be read. */
  close(): Promise<void>
  /** Nothing of it stays. Idempotent, also after `close`. */
  discard(): Promise<void>
}

/** Where file contents lie, under opaque names that never come from a path. */
export interface Contents {
  create(id: string): Promise<ContentWriter>
  /**
   * As `create`; what is written stays though the page ends. Missing where the browser cannot. Rejects
   * with a QuotaExceededError where there is no room for `least` bytes.
   */
  append?(id: string, least: number): Promise<ContentWriter>
  open(id: string): Promise<Blob | null>
  /** Nothing happens when there is none. */
  remove(id: string): Promise<void>
  /** Names of contents older than `before`, milliseconds since 1970. */
  olderThan(before: number): Promise<string[]>
}
