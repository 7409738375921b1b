import { createEmitter } from '../emitter.ts'
import { YuntangError } from '../errors.ts'
import type { FileStore, IncomingFile } from '../files/files.ts'
import { lastComponent, safeName } from '../files/paths.ts'
import type { Send } from '../link/link.ts'
import type { TransferOptions } from '../transfers/api.ts'
import { createDownload, type Described } from '../transfers/download.ts'
import type { TransferPorts } from '../transfers/job.ts'
import { untilAnswered } from '../transfers/late.ts'
import { createTransfers, type NewTransfer } from '../transfers/transfers.ts'
import { createUpload } from '../transfers/upload.ts'
import type { UploadRate } from '../transfers/upload-rate.ts'
import { makeNetFileID, typeOfFileID } from './net-file-id.ts'
import type { NetDisk, NetDiskEvents, NetFileInfo } from './netdisk-api.ts'
import type { MeetingPart } from './part.ts'

export interface NetDiskDeps extends TransferPorts {
  readonly send: Send
  readonly files: FileStore
  readonly rate: UploadRate
  /** The server that the link leads to, without a slash at the end. */
  server(): string
  newID(): string
}

interface DescribedFile extends Described {
  readonly file: NetFileInfo
}

/** Pieces of what is fetched; browsers put larger ones on the disk. */
const PIECE = 8 * 1024 * 1024

/** A file that only this page holds. */
const createHeld = (): IncomingFile & { readonly blob: Blob } => {
  let pieces: Blob[] = []
  let fresh: BlobPart[] = []
  let bytes = 0
  const fold = () => {
    pieces.push(new Blob(fresh))
    fresh = []
    bytes = 0
  }
  return {
    async write(part) {
      fresh.push(part)
      bytes += part.byteLength
      if (bytes >= PIECE) fold()
    },
    close: async () => fold(),
    commit() {},
    async discard() {
      pieces = []
      fresh = []
    },
    get blob() {
      return new Blob(pieces)
    },
  }
}

/** The net disk of one meeting, as its page has it (spec 06 §1–3). */
export const createNetDisk = (deps: NetDiskDeps): NetDisk & MeetingPart => {
  const { send, files } = deps
  const events = createEmitter<NetDiskEvents>()
  const transfers = createTransfers(deps)
  /** Files that the page was told of, once it asked. */
  let known: Map<string, NetFileInfo> | null = null
  let over = false

  const start = <T>(wanted: NewTransfer<T>) => {
    if (over) throw new YuntangError('meeting.outside')
    const transfer = transfers.start(wanted)
    events.emit('transfer', transfer)
    return transfer
  }

  const list: NetDisk['list'] = async ({ signal } = {}) => {
    const { files: found } = await send('netdisk.list', {}, signal)
    known = new Map(found.map((file) => [file.fileID, file]))
    return found
  }

  /** Events may have been lost: what differs from what the page knows is told. */
  const follow = async () => {
    const before = known
    if (!before) return
    const now = await list()
    if (over) return
    for (const fileID of before.keys())
      if (!known?.has(fileID)) events.emit('removed', { fileID, by: '' })
    for (const file of now)
      if (before.get(file.fileID)?.md5 !== file.md5) events.emit('added', file)
  }

  const describe = async (fileID: string, signal: AbortSignal): Promise<DescribedFile> => {
    const { path, file } = await send('netdisk.download', { fileID }, signal)
    return { url: deps.server() + path, size: file.size, md5: file.md5, file }
  }

  const targetOf = (path: string, file: NetFileInfo) => {
    const folder = path === '' ? 'NetDisk/' : path
    return /[\\/]$/.test(folder) ? folder + safeName(file.fileName) : folder
  }

  return {
    on: events.on,
    once: events.once,
    summary: ({ signal } = {}) => send('netdisk.summary', {}, signal),
    list,
    upload(source, { fileID, name, ...options } = {}) {
      const given = name ?? (typeof source === 'string' ? source : (source as File).name) ?? ''
      const fileName = safeName(given)
      const id = fileID ?? makeNetFileID(0, fileName, deps.newID())
      const job = createUpload<NetFileInfo>(
        {
          source: async () =>
            typeof source === 'string' ? await files.read(source).catch(() => null) : source,
          async begin(size, signal) {
            const wanted = { fileID: id, type: typeOfFileID(id), fileName, size }
            return deps.server() + (await send('netdisk.upload', wanted, signal)).path
          },
          finish: async (md5, signal) => {
            const all = { fileID: id, md5 }
            return (await untilAnswered(() => send('netdisk.finish', all, signal))).file
          },
          cancel() {
            if (over) return
            send('netdisk.cancel', { fileID: id })
              .then(() => events.emit('freed', { fileID: id }))
              .catch(() => {})
          },
        },
        deps,
        deps.rate,
      )
      return start({ fileID: id, name: fileName, upload: true, job, options })
    },
    download(fileID, path, options = {}) {
      const job = createDownload<DescribedFile, { path: string; file: NetFileInfo }>(
        {
          begin: (signal) => describe(fileID, signal),
          open: ({ file, size }) => files.receive(targetOf(path, file), size),
          done: ({ file }) => ({ path: targetOf(path, file), file }),
        },
        deps,
      )
      return start({ fileID, name: lastComponent(path) || fileID, upload: false, job, options })
    },
    fetch(fileID, options: TransferOptions = {}) {
      let held = createHeld()
      const job = createDownload<DescribedFile, { blob: Blob; file: NetFileInfo }>(
        {
          begin: (signal) => describe(fileID, signal),
          async open() {
            held = createHeld()
            return held
          },
          done: ({ file }) => ({ blob: held.blob, file }),
        },
        deps,
      )
      return start({ fileID, name: fileID, upload: false, job, options })
    },
    async remove(fileID, { signal } = {}) {
      await send('netdisk.remove', { fileID }, signal)
    },
    async unfinished({ signal } = {}) {
      const { files: begun } = await send('netdisk.unfinished', {}, signal)
      return begun.filter(({ fileID }) => !transfers.all.some((one) => one.fileID === fileID))
    },
    async discard(fileID, { signal } = {}) {
      const running = transfers.all.find((one) => one.upload && one.fileID === fileID)
      if (running) {
        running.cancel()
        return
      }
      await send('netdisk.cancel', { fileID }, signal)
      events.emit('freed', { fileID })
    },
    get transfers() {
      return transfers.all
    },
    handle({ name, data }) {
      if (name === 'netdisk.added') {
        known?.set(data.file.fileID, data.file)
        events.emit('added', data.file)
      }
      if (name === 'netdisk.removed') {
        known?.delete(data.fileID)
        const running = transfers.all.find(({ fileID }) => fileID === data.fileID)
        if (running && !running.upload)
          transfers.fail(data.fileID, new YuntangError('file.unknown'))
        events.emit('removed', data)
      }
    },
    resync() {
      follow().catch((error: unknown) => {
        if (!over) console.warn('the list of files is old', error)
      })
    },
    close() {
      if (over) return
      over = true
      for (const { fileID } of transfers.all)
        transfers.fail(fileID, new YuntangError('meeting.outside'))
      events.clear()
    },
  }
}
