import type { Handlers, NetFile, netdisk, UnfinishedFile } from '@yuntang/protocol'
import type { Context, Seat } from '../../actor/context.ts'
import type { SignedPaths } from '../../files/signed-paths.ts'
import type { Complete, DiskUser, NetDisks, Unfinished } from './disk.ts'

const userOf = (ctx: Context): DiskUser => {
  const { room, userID, proven } = ctx.seat as Seat
  const nickName = room.member(userID)?.nickName ?? ''
  return { meeting: room.id, creator: room.owner, userID, guest: !proven, nickName }
}

const toFile = ({
  fileID,
  type,
  owner,
  ownerName,
  fileName,
  md5,
  size,
  createdAt,
}: Complete): NetFile => ({
  fileID,
  type,
  owner,
  ownerName,
  fileName,
  md5,
  size,
  createdAt,
})

const toUnfinished = ({
  fileID,
  type,
  fileName,
  size,
  received,
  createdAt,
}: Unfinished): UnfinishedFile => ({
  fileID,
  type,
  fileName,
  size,
  received,
  touchedAt: createdAt,
})

export const netdiskHandlers = (
  disks: NetDisks,
  paths: SignedPaths,
): Handlers<typeof netdisk, Context> => ({
  summary: (_params, ctx) => disks.summary(userOf(ctx)),

  async list(_params, ctx) {
    return { files: (await disks.list(userOf(ctx))).map(toFile) }
  },

  async upload(wanted, ctx) {
    const blob = await disks.upload(userOf(ctx), wanted)
    return { path: paths.sign({ action: 'put', blob, name: '', type: '' }) }
  },

  async unfinished(_params, ctx) {
    return { files: (await disks.unfinished(userOf(ctx))).map(toUnfinished) }
  },

  async finish({ fileID, md5 = null }, ctx) {
    const { room } = ctx.seat as Seat
    const done = await disks.finish(userOf(ctx), fileID, md5)
    const file = toFile(done.file)
    if (done.added && file.type === 0)
      for (const member of room.contexts()) member.link.event('netdisk.added', { file })
    return { file }
  },

  async cancel({ fileID }, ctx) {
    await disks.cancel(userOf(ctx), fileID)
    return {}
  },

  async download({ fileID }, ctx) {
    const file = await disks.find(userOf(ctx), fileID)
    const path = paths.sign({ action: 'get', blob: file.blob, name: file.fileName, type: '' })
    return { path, file: toFile(file) }
  },

  async remove({ fileID }, ctx) {
    const { room, userID } = ctx.seat as Seat
    const file = await disks.remove(userOf(ctx), fileID)
    if (file.type === 0)
      for (const member of room.contexts())
        member.link.event('netdisk.removed', { fileID, by: userID })
    return {}
  },
})
