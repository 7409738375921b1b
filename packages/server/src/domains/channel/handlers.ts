import { type channel, type Handlers, ProtocolError, parseBinaryFrame } from '@yuntang/protocol'
import type { Context, User } from '../../actor/context.ts'
import type { Directory } from '../session/directory.ts'
import type { Commands } from './commands.ts'
import { maySend } from './policy.ts'
import type { Transfers } from './transfers.ts'

export interface ChannelDeps {
  readonly directory: Directory
  readonly commands: Commands
  readonly transfers: Transfers
}

/** Sender and receiver of a new task; `channel.offline` when there is no such receiver. */
const ends = ({ directory }: ChannelDeps, ctx: Context, to: string) => {
  const from = ctx.user as User
  const receiver = directory.find(from.account, to)
  if (!maySend(from, receiver)) throw new ProtocolError('channel.offline')
  return { from, receiver }
}

/** Requests of the transparent channel (spec 04). */
export const channelHandlers = (deps: ChannelDeps): Handlers<typeof channel, Context> => ({
  command({ task, to, data }, ctx) {
    const { from, receiver } = ends(deps, ctx, to)
    deps.commands.send(ctx, from, receiver, task, data)
    return {}
  },
  offer({ task, to, kind, size, name }, ctx) {
    const { from, receiver } = ends(deps, ctx, to)
    return { transfer: deps.transfers.offer(ctx, from, receiver, { task, kind, size, name }) }
  },
  continue({ transfer }, ctx) {
    deps.transfers.command(ctx, 'sender', transfer, { type: 'continue' })
    return {}
  },
  cancel({ transfer }, ctx) {
    deps.transfers.command(ctx, 'sender', transfer, { type: 'cancel' })
    return {}
  },
  accept({ transfer, offset }, ctx) {
    deps.transfers.command(ctx, 'receiver', transfer, { type: 'accept', offset })
    return {}
  },
  finish({ transfer }, ctx) {
    deps.transfers.command(ctx, 'receiver', transfer, { type: 'finish' })
    return {}
  },
  delivered({ transfer }, ctx) {
    deps.transfers.command(ctx, 'receiver', transfer, { type: 'delivered' })
    return {}
  },
  refuse({ transfer }, ctx) {
    deps.transfers.command(ctx, 'receiver', transfer, { type: 'refuse' })
    return {}
  },
})

/** Binary frames of the channel; false for what is none or belongs to nothing. */
export const channelFrames =
  (transfers: Transfers) =>
  (raw: Uint8Array<ArrayBuffer>, ctx: Context): boolean => {
    const frame = ctx.user ? parseBinaryFrame(raw) : null
    return frame ? transfers.frame(ctx, frame, raw) : false
  }
