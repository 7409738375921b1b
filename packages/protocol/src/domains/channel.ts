import type { Static } from 'typebox'
import { domain, event, request } from '../contract.ts'
import { LIMITS } from '../limits.ts'
import { int, nothing, obj, oneOf, opt, text, UserID } from '../schema.ts'

/** Made by the sending page; opaque to everybody else (spec 00 §7). */
const TaskID = () => text(64, 1)
/** Number of a chunked task on this server, as the headers of its chunks carry it. */
const TransferID = () => int(1, 0xffff_ffff)
const Offset = () => int(0, LIMITS.fileBytes)

/** A chunked task: text of up to L_BUF or a file of up to L_FILE bytes. */
export const TransferKind = oneOf('buffer', 'file')
export type TransferKind = Static<typeof TransferKind>

/** What went wrong with a task that had begun, or could not begin. */
export const TaskError = oneOf('channel.failed', 'channel.offline', 'files.unreadable')
export type TaskError = Static<typeof TaskError>

const transfer = () => obj({ transfer: TransferID() })

/**
 * The transparent channel (spec 04). Commands are durable events that the server wants confirmed;
 * buffers and files travel as binary chunks (`wire/chunk.ts`) from `offer` to `delivered`:
 * offer → incoming → accept → go → chunks and confirmations → finish → delivered → settled.
 */
export const channel = domain('channel', {
  requests: {
    /** Taken; its end is told by `settled`. */
    command: request({
      in: obj({ task: TaskID(), to: UserID(), data: text(LIMITS.commandBytes) }),
      out: nothing(),
      allow: 'user',
      pace: 'fast',
    }),
    /** Sender: a buffer or file waits to be sent. */
    offer: request({
      in: obj({
        task: TaskID(),
        to: UserID(),
        kind: TransferKind,
        size: int(0, LIMITS.fileBytes),
        /** File name without directories; empty for a buffer. */
        name: text(LIMITS.fileNameChars),
      }),
      out: transfer(),
      allow: 'user',
    }),
    /** Sender, after its link came back: answered by `go`. */
    continue: request({ in: transfer(), out: nothing(), allow: 'user' }),
    /** Sender: stop. `channel.too-late` when it is over or all its bytes have arrived. */
    cancel: request({ in: transfer(), out: nothing(), allow: 'user' }),
    /** Receiver: send from here on. Also after its link came back. */
    accept: request({
      in: obj({ transfer: TransferID(), offset: Offset() }),
      out: nothing(),
      allow: 'user',
    }),
    /** Receiver: everything is stored. After the answer the task can no longer be cancelled. */
    finish: request({ in: transfer(), out: nothing(), allow: 'user' }),
    /** Receiver: the page has been told. */
    delivered: request({ in: transfer(), out: nothing(), allow: 'user' }),
    /** Receiver: it cannot be stored. */
    refuse: request({ in: transfer(), out: nothing(), allow: 'user' }),
  },
  events: {
    command: event(obj({ from: UserID(), data: text(LIMITS.commandBytes) })),
    /** Sender: a task is over, well when there is no `error`. */
    settled: event(obj({ task: TaskID(), error: opt(TaskError) })),
    incoming: event(
      obj({
        transfer: TransferID(),
        task: TaskID(),
        from: UserID(),
        kind: TransferKind,
        size: int(0, LIMITS.fileBytes),
        name: text(LIMITS.fileNameChars),
      }),
    ),
    /** Sender: send from `offset` on; `confirmed` bytes are stored by the receiver. */
    go: event(obj({ transfer: TransferID(), offset: Offset(), confirmed: Offset() })),
    /** Receiver: it will not be completed. */
    withdrawn: event(transfer()),
    /** Takes the number of an event that was withdrawn before it was sent. */
    skipped: event(nothing()),
  },
})
