import { LIMITS, parseBinaryFrame } from '@yuntang/protocol'
import type { Channel, ChannelEvents } from '../api.ts'
import { createCommands } from '../channel/commands.ts'
import { createIncoming } from '../channel/incoming.ts'
import { createOutgoing } from '../channel/outgoing.ts'
import { createTextSink, openFileSink } from '../channel/sinks.ts'
import type { ChannelWire } from '../channel/wire.ts'
import { createEmitter } from '../emitter.ts'
import { YuntangError } from '../errors.ts'
import type { FileStore } from '../files/files.ts'
import { safeName } from '../files/paths.ts'
import { isUserID } from './validate.ts'

/** The channel with the side that the client drives. */
export interface OwnedChannel extends Channel {
  /** A binary frame of the server. */
  frame(frame: Uint8Array<ArrayBuffer>): void
  /** `restarted`: the server knows nothing of the tasks that it had begun. */
  setLive(live: boolean, restarted: boolean): void
  /** The login is over: what had no result fails with `error`. */
  end(error: YuntangError): void
}

export interface ChannelDeps extends ChannelWire {
  readonly files: FileStore
}

/** The transparent channel of a client (spec 04). */
export const createChannel = (deps: ChannelDeps): OwnedChannel => {
  const events = createEmitter<ChannelEvents>()
  const commands = createCommands(deps)
  const outgoing = createOutgoing(deps)
  const incoming = createIncoming(deps, {
    openSink: async ({ kind, from, ...announced }) =>
      kind === 'buffer'
        ? createTextSink((data) => events.emit('buffer', { from, data }))
        : openFileSink(deps.files, announced, (file) => events.emit('file', { from, ...file })),
    cancelled: (task) => events.emit('cancelled', { task }),
  })
  deps.inbox.on('channel.command', (command) => events.emit('command', command))
  deps.inbox.on('channel.settled', ({ task, error }) => {
    const failure = error ? new YuntangError(error) : null
    commands.settled(task, failure)
    outgoing.settled(task, failure)
  })

  /** The order of checks is that of spec 04 §2 rule 3; a name nobody can have is nobody's. */
  const check = (to: string) => {
    if (!deps.loggedIn()) throw new YuntangError('login.required')
    if (to === '') throw new YuntangError('param.invalid')
  }
  const checkUser = (to: string) => {
    if (!isUserID(to)) throw new YuntangError('channel.offline')
  }
  const checkSize = (blob: Blob) => {
    if (blob.size > LIMITS.fileBytes) throw new YuntangError('channel.too-large')
  }

  return {
    on: events.on,
    once: events.once,
    async sendCommand(to, data, { task = deps.newID() } = {}) {
      check(to)
      if (new Blob([data]).size > LIMITS.commandBytes)
        throw new YuntangError('channel.command-too-large')
      checkUser(to)
      await commands.send(task, to, data)
    },
    async sendBuffer(to, data, { task = deps.newID(), signal, onProgress = () => {} } = {}) {
      check(to)
      const blob = new Blob([data])
      checkSize(blob)
      checkUser(to)
      await outgoing.send({ task, to, kind: 'buffer', name: '', blob, signal, onProgress })
    },
    async sendFile(to, source, { task = deps.newID(), name, signal, onProgress = () => {} } = {}) {
      check(to)
      const blob = typeof source === 'string' ? await deps.files.read(source) : source
      if (!blob) throw new YuntangError('files.unreadable')
      checkSize(blob)
      checkUser(to)
      const given = name ?? (typeof source === 'string' ? source : (blob as File).name)
      const sent = safeName(given ?? '')
      await outgoing.send({ task, to, kind: 'file', name: sent, blob, signal, onProgress })
    },
    frame(bytes) {
      const frame = parseBinaryFrame(bytes)
      if (frame?.kind === 'chunk') incoming.chunk(frame.transfer, frame.offset, frame.bytes)
      else if (frame) outgoing.confirmed(frame.transfer, frame.offset)
    },
    setLive(live, restarted) {
      if (restarted) {
        const lost = new YuntangError('connection.lost')
        commands.forget(lost)
        outgoing.forget(lost)
        incoming.forget()
      }
      commands.hold(!live)
      outgoing.setLive(live)
      if (live) incoming.resumed()
    },
    end(error) {
      commands.hold(false)
      commands.end(error)
      outgoing.end(error)
      incoming.end()
    },
  }
}
