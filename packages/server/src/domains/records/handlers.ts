import type { Handlers, records, StoredRecord } from '@yuntang/protocol'
import type { Context } from '../../actor/context.ts'
import type { SignedPaths } from '../../files/signed-paths.ts'
import { uploaderOf } from './policy.ts'
import { blobOf, type Confirmed, type Records } from './records.ts'

/** Of a confirmed recording, what others may know of it. */
export const storedRecord = (record: Confirmed): StoredRecord => {
  const { id, path, size, duration, mimeType, sha256, owner, ownerName, meeting, createdAt } =
    record
  return { id, path, size, duration, mimeType, sha256, owner, ownerName, meeting, createdAt }
}

/** Last part of its place: the name that it is saved under. */
export const fileNameOf = ({ path }: Confirmed): string => path.slice(path.lastIndexOf('/') + 1)

/** Who is asked about is who asks: nobody sees a recording of somebody else here. */
export const recordsHandlers = (
  store: Records,
  paths: SignedPaths,
): Handlers<typeof records, Context> => {
  const link = (record: Confirmed, action: 'show' | 'get' = 'show') =>
    paths.sign({ action, blob: blobOf(record), name: fileNameOf(record) })
  return {
    async begin(wanted, ctx) {
      const blob = await store.begin(uploaderOf(ctx), wanted)
      return { path: paths.sign({ action: 'put', blob, name: '' }) }
    },
    async finish(finished, ctx) {
      const record = await store.finish(uploaderOf(ctx), finished)
      return { record: storedRecord(record), url: link(record) }
    },
    async cancel({ key }, ctx) {
      await store.cancel(uploaderOf(ctx), key)
      return {}
    },
    async list(wanted, ctx) {
      const who = uploaderOf(ctx)
      return { records: (await store.list(who.account, who, wanted)).map(storedRecord) }
    },
    usage: (_params, ctx) => store.usage(uploaderOf(ctx).account),
    async url({ id, download = false }, ctx) {
      const who = uploaderOf(ctx)
      const record = await store.find(who.account, who, id)
      return { path: link(record, download ? 'get' : 'show') }
    },
    async remove({ id }, ctx) {
      const who = uploaderOf(ctx)
      await store.remove(who.account, who, id)
      return {}
    },
  }
}
