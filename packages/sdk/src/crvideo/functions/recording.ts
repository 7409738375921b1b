import type { Files, RecordingState, Recordings } from '../../api.ts'
import { flag, record, text } from '../convert.ts'
import type { Facade } from '../facade.ts'
import { readPicture } from '../picture/picture-resource.ts'
import { recordFileInfo, recordOptions, regionsOf } from '../record-values.ts'
import { warn } from '../warn.ts'
import type { FunctionTable } from './function-table.ts'

const STATES: readonly RecordingState[] = ['idle', 'starting', 'recording', 'paused', 'stopping']
const LOGINSTATE_ERROR = 9

/** Where a file to be listed lies. A `File` is known there first, also in place of either argument. */
const addedPath = (fileName: unknown, filePath: unknown, files: Files): string => {
  const file = [fileName, filePath].find((given) => given instanceof Blob)
  const own = file instanceof File ? file.name : 'file'
  const name = fileName instanceof Blob ? own : text(fileName)
  const folder = filePath instanceof Blob ? 'record' : text(filePath).replace(/[\\/]+$/, '')
  const path = folder === '' && file ? name : `${folder}/${name}`
  return file ? files.register(file, path) : path
}

/** Recording and its files (spec 10 §2, §3; spec 06 §7). */
export function recordingFunctions(facade: Facade): FunctionTable {
  const recordings = (): Recordings | null => facade.client?.recordings ?? null
  /** The newest word on each picture: a slower older one is dropped. */
  const setting = new Map<string, object>()
  /** Both outlive the client (spec 10 §2: kept until unload). */
  const pictures = new Map<string, ImageBitmap>()
  let encrypt = false
  const setPicture = (id: string, picture: ImageBitmap | null) => {
    if (picture) pictures.set(id, picture)
    else pictures.delete(id)
    facade.client?.recordings.setPicture(id, picture)
  }

  facade.onClient((client) => {
    client.recordings.encrypt = encrypt
    for (const [id, picture] of pictures) client.recordings.setPicture(id, picture)
    return [
      client.recordings.on('state', (state) =>
        facade.emit('RecordStateChanged', [STATES.indexOf(state)]),
      ),
      client.recordings.on('error', ({ sdk }) => facade.emit('RecordErr', [sdk])),
    ]
  })

  return {
    SetRecordVideos: (value) => {
      const now = recordings()
      if (now) now.layout = regionsOf(value)
    },
    StartRecordIng: (...args) => {
      const now = recordings()
      if (!now) {
        facade.emit('RecordErr', [LOGINSTATE_ERROR])
        return
      }
      if (now.state !== 'idle') {
        warn('CRVideo_StartRecordIng: a recording runs already')
        return
      }
      now.start(recordOptions(args)).catch((error: unknown) => warn('no recording', error))
    },
    StopRecord: () => {
      recordings()
        ?.stop()
        .catch((error: unknown) => warn('the recording did not end well', error))
    },
    PauseRecord: (bPause) => recordings()?.pause(flag(bPause)),
    GetRecDuration: () => Math.floor(recordings()?.duration ?? 0),
    GetRecFileSize: () => recordings()?.size ?? 0,
    GetAllRecordFiles: () => (recordings()?.files ?? []).map(recordFileInfo),
    AddFileToRecordMgr: (fileName, filePath) => {
      const { client } = facade
      if (!client) return -1
      try {
        return client.recordings.add(addedPath(fileName, filePath, client.files)) ? 0 : 1
      } catch {
        return -1
      }
    },
    RemoveFromFileMgr: (filename) => {
      recordings()
        ?.remove(text(filename))
        .catch((error: unknown) => warn('the recording stays', error))
    },
    SetRecordFileEncrypt: (on) => {
      encrypt = flag(on)
      const now = recordings()
      if (now) now.encrypt = encrypt
    },
    SetPicResource: (picID, jsonval) => {
      const { client } = facade
      if (!client) return
      const id = text(picID)
      const given = record(jsonval)
      const mine = {}
      setting.set(id, mine)
      if (!given || text(given.dat) === '') {
        setPicture(id, null)
        return
      }
      readPicture(given, client.files).then(
        (picture) => {
          if (setting.get(id) === mine) setPicture(id, picture)
        },
        (error: unknown) => warn(`the picture ${id} cannot be used`, error),
      )
    },
  }
}
