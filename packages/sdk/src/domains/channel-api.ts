import type { Cancellable, Events } from '../api.ts'

export interface ChannelEvents {
  command: { from: string; data: string }
  buffer: { from: string; data: string }
  /** A complete file; `path` leads to it in `client.files`, for a day at least. */
  file: { from: string; path: string; name: string }
  /** A buffer or file that had begun to arrive will not be completed; `task` is the sender's. */
  cancelled: { task: string }
}

export interface SendOptions extends Cancellable {
  /** Identifier of the task, unique; default: a fresh one. */
  task?: string
  /** Bytes that the receiving page has; never fewer than before, at most ten times a second. */
  onProgress?: (sent: number, total: number) => void
}

/**
 * Data from user to user (spec 04); needs a login. Each promise resolves when the receiving page has
 * everything; nothing is ever delivered in part. Errors: login.required, param.invalid (no target),
 * channel.command-too-large, channel.too-large, files.unreadable, channel.offline, channel.failed,
 * connection.*. Aborting a buffer or file rejects with the signal's reason once nothing can arrive
 * any more; when it comes too late the task finishes as if nothing had been asked. A buffer or file of
 * which nothing moves for T_RESUME and two minutes fails with channel.failed; the receiver hears
 * `cancelled` if a part of it had arrived.
 */
export interface Channel extends Events<ChannelEvents> {
  /** At most 64 KiB of UTF-8. Commands to one user arrive in order, 200 a second. */
  sendCommand(to: string, data: string, options?: { task?: string }): Promise<void>
  /** At most 100 MiB of UTF-8. */
  sendBuffer(to: string, data: string, options?: SendOptions): Promise<void>
  /** A path as `files.read` takes it, or a file; at most 100 MiB. */
  sendFile(
    to: string,
    source: string | Blob,
    options?: SendOptions & { name?: string },
  ): Promise<void>
}
