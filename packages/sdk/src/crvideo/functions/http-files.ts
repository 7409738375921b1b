import type { HttpFileRecord, HttpFileState, HttpFiles } from '../../api.ts'
import { safeName } from '../../files/paths.ts'
import { HTTP_RESULT } from '../../http-files/api.ts'
import { flag, number, record, text } from '../convert.ts'
import type { Facade } from '../facade.ts'
import type { FunctionTable } from './function-table.ts'

const STATES: readonly HttpFileState[] = ['idle', 'waiting', 'running', 'finished']

/** CRVideo_FileInfo (spec 06 §4). */
const infoOf = (kept: HttpFileRecord) => ({
  bUploadType: kept.upload ? 1 : 0,
  filePathName: kept.path,
  fileVersion: kept.version,
  httpUrl: kept.url,
  params: { ...kept.params },
  fileSize: kept.size,
  finishedSize: kept.done,
  state: STATES.indexOf(kept.state),
})

/** The HTTP file manager (spec 06 §5, §6). */
export function httpFileFunctions(facade: Facade): FunctionTable {
  /** Null when the page did not ask for it at init. */
  const manager = (): HttpFiles | null =>
    facade.httpService ? (facade.client?.httpFiles ?? null) : null

  facade.onClient(({ httpFiles }) => [
    httpFiles.on('state', ({ path, state }) =>
      facade.emit('FileStateChanged', [path, STATES.indexOf(state)]),
    ),
    httpFiles.on('progress', ({ path, bytes, total }) =>
      facade.emit('FileProgress', [path, bytes, total]),
    ),
    httpFiles.on('header', ({ path, text }) => facade.emit('FileHttpRspHeader', [path, text])),
    httpFiles.on('content', ({ path, text }) => facade.emit('FileHttpRspContent', [path, text])),
    httpFiles.on('finished', ({ path, result }) => facade.emit('FileFinished', [path, result])),
  ])

  /** A file object is put into the store first (spec 00 §9). */
  const pathOf = (given: unknown): string => {
    if (!(given instanceof Blob) || !facade.client) return text(given)
    const { files } = facade.client
    const path = `${files.work}/Temp/${safeName(given instanceof File ? given.name : '')}`
    // It may be read at once; when there is no room its upload fails.
    files.put(path, given).catch(() => {})
    return path
  }

  return {
    GetAllTransferInfos: () => (manager()?.all ?? []).map(infoOf),
    GetTransferInfo: (filePathName) => {
      const path = text(filePathName)
      const none = { path, url: '', upload: false, version: '', params: {} }
      return infoOf(manager()?.get(path) ?? { ...none, size: 0, done: 0, state: 'idle' })
    },
    StartTransferFile: (fileinfo) => {
      const info = record(fileinfo) ?? {}
      const files = manager()
      if (!files) {
        facade.emit('FileFinished', [text(info.filePathName), HTTP_RESULT.internal])
        return
      }
      files.start({
        path: pathOf(info.filePathName),
        url: text(info.httpUrl),
        upload: number(info.bUploadType) === 1,
        version: text(info.fileVersion),
        params: { ...record(info.extParams), ...record(info.params) },
      })
    },
    CancelFileTransfer: (fileName) => manager()?.cancel(text(fileName)),
    RmTransferInfo: (fileName, removeLocal) => {
      manager()?.remove(text(fileName), flag(removeLocal))
    },
  }
}
