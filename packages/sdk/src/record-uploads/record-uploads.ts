import { YuntangError } from '../errors.ts'
import type { Content } from '../files/content.ts'
import type { FileStore } from '../files/files.ts'
import { resolvePath } from '../files/paths.ts'
import { addressOf } from '../http-files/order.ts'
import type { HttpPorts } from '../http-files/run.ts'
import { createMd5 } from '../md5.ts'
import type { RecordingEvents, UploadTarget } from '../recording/api.ts'
import type { KeptUpload, RecordList } from '../recording/record-list.ts'
import type { RecordTap } from '../recording/recordings.ts'
import type { Transfer } from '../transfers/api.ts'
import type { Job } from '../transfers/job.ts'
import { createTransfers, type Transfers } from '../transfers/transfers.ts'
import { createUpload } from '../transfers/upload.ts'
import type { UploadRate } from '../transfers/upload-rate.ts'
import { type Growth, growingUpload } from './growing.ts'
import { formUpload } from './to-http.ts'
import { type Landed, planForServer, type ServerPorts, type Shipment } from './to-server.ts'
import { uploadError } from './upload-error.ts'

export interface RecordUploadsDeps extends ServerPorts {
  readonly env: HttpPorts['env']
  readonly fetch: typeof globalThis.fetch
  newRequest(): XMLHttpRequest
  readonly rate: UploadRate
  /** My user ID; uploads of different users are never taken for one. */
  me(): string
  /** Why the server cannot be asked now; null when it can. */
  refusal(): YuntangError | null
  readonly files: Pick<FileStore, 'work' | 'idOf'>
  /** The content of a recording, not encrypted. */
  plain(path: string): Promise<Content | null>
  readonly list: RecordList
  /** Address of the page. */
  readonly page: string | null
  tell<K extends 'file' | 'fileProgress' | 'fileError'>(event: K, data: RecordingEvents[K]): void
}

/** A file of the list, as somebody named it. */
export interface NamedFile {
  readonly path: string
  readonly name: string
}

/** Uploads of recordings, one after the other, and those that run with a recording (spec 10 §3). */
export interface RecordUploads extends RecordTap {
  target: UploadTarget
  /** Percent of the upload of that file under way; null without one. */
  percent(path: string): number | null
  start(file: NamedFile, to?: string): Promise<Landed>
  /** False when none is under way. `name`: how its end is told; default: as it was begun. */
  cancel(path: string, name?: string): boolean
  /** A refused or impossible upload is told like a failed one. */
  refuse(file: NamedFile, error: YuntangError): YuntangError
  /** Nothing reaches the server any more. */
  disconnected(error: YuntangError): void
  close(): void
}

interface Active extends NamedFile {
  percent: number
  readonly toServer: boolean
  readonly transfers: Transfers
  readonly transfer: Transfer<Landed>
}

const USER_DIGITS = 16

/** An upload with a recording has nobody who waits for it: its failure is an event. */
const wasTold = () => {}

export const createRecordUploads = (deps: RecordUploadsDeps): RecordUploads => {
  const { list, tell } = deps
  const queue = createTransfers(deps, 1)
  /** Those that run with a recording neither wait for others nor keep them waiting. */
  const live = createTransfers(deps)
  const active = new Map<string, Active>()
  const growing = new Map<string, { path: string; live: boolean; growth: Growth | null }>()
  let target: UploadTarget = { kind: 'server' }

  const keyOf = (path: string) => resolvePath(path, deps.files.work)
  const uploadKey = (content: string) => {
    const md5 = createMd5()
    md5.update(new TextEncoder().encode(deps.me()))
    return `${content}.${md5.digest().slice(0, USER_DIGITS)}`
  }
  const keep = (path: string, change: Partial<KeptUpload>) => {
    const record = list.get(keyOf(path))
    if (!record) return
    const upload = { percent: 0, uploaded: false, id: '', url: '', ...record.upload, ...change }
    try {
      list.set(keyOf(path), { ...record, upload })
    } catch {
      // The index is full: after a reload the upload is only not known any more.
    }
  }
  const described = (path: string) => {
    const { duration = 0, mimeType = '' } = list.get(keyOf(path)) ?? {}
    return { duration, mimeType }
  }

  /** Follows a transfer to its end; `path` of a recording may still be without an entry. */
  const follow = (
    { path, name }: NamedFile,
    transfers: Transfers,
    job: Job<Landed>,
    toServer: boolean,
  ): Promise<Landed> => {
    const key = keyOf(path)
    const transfer = transfers.start({ fileID: key, name, upload: true, job, options: {} })
    const mine: Active = { path, name, percent: 0, toServer, transfers, transfer }
    active.set(key, mine)
    tell('file', { path, name, upload: 'uploading' })
    const isMine = () => active.get(key) === mine
    transfer.on('progress', ({ percent }) => {
      if (!isMine() || percent <= mine.percent || percent === 100) return
      mine.percent = percent
      keep(path, { percent })
      tell('fileProgress', { path, name, percent })
    })
    return transfer.done.then(
      (landed) => {
        if (!isMine()) return landed
        active.delete(key)
        keep(path, { percent: 100, uploaded: true, ...landed })
        tell('fileProgress', { path, name, percent: 100 })
        tell('file', { path, name, upload: 'uploaded' })
        return landed
      },
      (reason: unknown) => {
        const error = uploadError(reason)
        if (isMine()) {
          active.delete(key)
          refuse(mine, error)
          tell('file', { path, name, upload: 'none' })
        }
        throw error
      },
    )
  }

  const refuse = ({ path, name }: NamedFile, error: YuntangError) => {
    const { code, sdk } = error
    tell('fileError', { path, name, code, sdk })
    return error
  }

  /** What goes to the server under the name of a content. */
  const shipment = (content: string, path: string, to?: string): Shipment => ({
    key: uploadKey(content),
    content,
    path,
    to,
    described: () => described(path),
  })

  const uploads: RecordUploads = {
    get target() {
      return target
    },
    set target(wanted) {
      if (wanted.kind === 'server') {
        target = { kind: 'server' }
        return
      }
      const url = addressOf(wanted.url, deps.page)
      if (url === null) throw new YuntangError('param.invalid')
      target = { kind: 'http', url }
    },
    percent: (path) => active.get(keyOf(path))?.percent ?? null,
    start(file, to) {
      const { path } = file
      const source = () => deps.plain(path)
      if (target.kind === 'http') {
        const { url } = target
        return follow(file, queue, formUpload(deps, { url, path, to, source }), false)
      }
      const refusal = deps.refusal()
      if (refusal) return Promise.reject(refuse(file, refusal))
      const content = deps.files.idOf(path)
      if (content === null)
        return Promise.reject(refuse(file, new YuntangError('recording.unknown')))
      const plan = planForServer(deps, shipment(content, path, to), source)
      return follow(file, queue, createUpload(plan, deps, deps.rate), true)
    },
    cancel(path, name) {
      const mine = active.get(keyOf(path))
      if (!mine) return false
      active.delete(keyOf(path))
      mine.transfer.cancel()
      tell('file', { path: mine.path, name: name ?? mine.name, upload: 'none' })
      return true
    },
    refuse,
    disconnected(error) {
      for (const [key, { toServer, transfers }] of active) if (toServer) transfers.fail(key, error)
    },
    begun(id, { path, upload = false }) {
      // A form cannot be sent before its file is there.
      if (upload) growing.set(id, { path, live: target.kind === 'server', growth: null })
    },
    written(id, bytes) {
      const entry = growing.get(id)
      if (!entry?.live) return
      if (!entry.growth) {
        const { path } = entry
        const file = { path, name: path }
        const source = () => deps.plain(path)
        const { job, growth } = growingUpload(shipment(id, path), source, deps, deps.rate)
        entry.growth = growth
        follow(file, live, job, true).catch(wasTold)
      }
      entry.growth.add(bytes)
    },
    ended(id, kept) {
      const entry = growing.get(id)
      growing.delete(id)
      if (!entry) return
      const { path } = entry
      if (!kept) uploads.cancel(path)
      else if (entry.growth) entry.growth.end()
      else if (!entry.live) uploads.start({ path, name: path }).catch(wasTold)
    },
    close() {
      for (const key of [...active.keys()]) uploads.cancel(key)
    },
  }
  return uploads
}
