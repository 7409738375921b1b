import type { Handlers, records, StoredRecord } from '@yuntang/protocol'
import type { Context } from '../../actor/context.ts'
import type { SignedPaths } from '../../files/signed-paths.ts'
import { manifestBlobOf } from '../evidence/manifests.ts'
import { witnessOf } from '../evidence/policy.ts'
import { uploaderOf } from './policy.ts'
import { blobOf, type Confirmed, type Records } from './records.ts'

/** Of a confirmed recording, what others may know of it. */
export const storedRecord = (record: Confirmed): StoredRecord => {
  const { id, path, size, duration, mimeType, sha256, owner, ownerName, meeting, createdAt } =
    record
  const { manifest } = record
  return {
    ...{ id, path, size, duration, mimeType, sha256 },
    ...{ owner, ownerName, meeting, createdAt, manifest },
  }
}

/** Its content as a file, saved under the last part of its place. */
export const fileOf = (record: Confirmed) => ({
  blob: blobOf(record),
  name: record.path.slice(record.path.lastIndexOf('/') + 1),
  type: record.mimeType.replace(/;.*/, ''),
})

/** The manifest of its evidence as a file, saved beside it. */
export const manifestFileOf = (record: Confirmed) => ({
  blob: manifestBlobOf(record.id),
  name: `${fileOf(record).name}.manifest.json`,
  type: '',
})

/** Who is asked about is who asks: nobody sees a recording of somebody else here. */
export const recordsHandlers = (
  store: Records,
  paths: SignedPaths,
): Handlers<typeof records, Context> => {
  const link = (record: Confirmed, action: 'show' | 'get' = 'show') =>
    paths.sign({ action, ...fileOf(record) })
  return {
    async begin(wanted, ctx) {
      const blob = await store.begin(uploaderOf(ctx), wanted)
      return { path: paths.sign({ action: 'put', blob, name: '', type: '' }) }
    },
    async finish({ evidence, ...finished }, ctx) {
      const who = uploaderOf(ctx)
      const claim = evidence && { ...evidence, witness: witnessOf(ctx) }
      const record = await store.finish(who, finished, claim)
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
    async manifest({ id }, ctx) {
      const who = uploaderOf(ctx)
      const record = await store.find(who.account, who, id)
      const path = record.manifest && paths.sign({ action: 'get', ...manifestFileOf(record) })
      return { path: path || null }
    },
    async remove({ id }, ctx) {
      const who = uploaderOf(ctx)
      await store.remove(who.account, who, id)
      return {}
    },
  }
}
