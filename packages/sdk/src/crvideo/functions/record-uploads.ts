import type { Recordings } from '../../api.ts'
import { YuntangError } from '../../errors.ts'
import { text } from '../convert.ts'
import type { Facade } from '../facade.ts'
import { UPLOAD_STATES, uploadTarget } from '../record-values.ts'
import { warn } from '../warn.ts'
import type { FunctionTable } from './function-table.ts'

const LOGINSTATE_ERROR = 9

/** Uploads of recordings (spec 10 §3; spec 06 §7). */
export function recordUploadFunctions(facade: Facade): FunctionTable {
  const recordings = (): Recordings | null => facade.client?.recordings ?? null

  facade.onClient(({ recordings }) => [
    recordings.on('file', ({ name, upload }) =>
      facade.emit('NotifyRecordFileStateChanged', [name, UPLOAD_STATES.indexOf(upload)]),
    ),
    recordings.on('fileProgress', ({ name, percent }) =>
      facade.emit('NotifyRecordFileUploadProgress', [name, percent]),
    ),
    recordings.on('fileError', ({ name, sdk }) => facade.emit('UploadRecordFileErr', [name, sdk])),
  ])

  const upload = (filename: unknown, to?: string) => {
    const name = text(filename)
    const now = recordings()
    if (!now) {
      facade.emit('UploadRecordFileErr', [name, LOGINSTATE_ERROR])
      return
    }
    // Its failure is an event as well.
    now.upload(name, to === undefined ? {} : { to }).catch(() => {})
  }

  return {
    UploadRecordFile: (filename) => upload(filename),
    UploadRecordFile2: (filename, svrPathFileName) => upload(filename, text(svrPathFileName)),
    CancelUploadRecordFile: (filename) => {
      const name = text(filename)
      try {
        const now = recordings()
        if (now) now.cancelUpload(name)
        else facade.emit('UploadRecordFileErr', [name, LOGINSTATE_ERROR])
      } catch (error) {
        if (!(error instanceof YuntangError)) throw error
        facade.emit('UploadRecordFileErr', [name, error.sdk])
      }
    },
    SetRecordUploadCfg: (jsonCfg) => {
      const now = recordings()
      if (!now) {
        warn('CRVideo_SetRecordUploadCfg needs the init first')
        return
      }
      const target = uploadTarget(jsonCfg)
      try {
        if (target) now.uploadTarget = target
        else warn('CRVideo_SetRecordUploadCfg: type is 0 or 1')
      } catch {
        warn('CRVideo_SetRecordUploadCfg: there is no address to upload to')
      }
    },
  }
}
