import type { Meeting, Transfer } from '../../api.ts'
import { YuntangError } from '../../errors.ts'
import { makeNetFileID } from '../../meeting/net-file-id.ts'
import { flag, number, text } from '../convert.ts'
import type { Facade } from '../facade.ts'
import { netFileObject, unstoredFileObject } from '../net-file.ts'
import { warn } from '../warn.ts'
import type { FunctionTable } from './function-table.ts'

type Direction = 0 | 1
const DOWN = 0
const UP = 1

const meetingOf = (facade: Facade): Meeting => {
  if (!facade.meeting) throw new YuntangError('meeting.outside')
  return facade.meeting
}

const isFull = (error: unknown) => error instanceof YuntangError && error.code === 'disk.full'

/** The net disk of a meeting (spec 06 §2). */
export function netdiskFunctions(facade: Facade): FunctionTable {
  const find = (fileID: unknown) =>
    facade.meeting?.netdisk.transfers.find((transfer) => transfer.fileID === text(fileID))

  const left = new WeakMap<Meeting, boolean>()

  /** Nothing of a meeting that the page left itself is delivered any more. */
  const follow = (meeting: Meeting, transfer: Transfer<unknown>, direction: Direction) => {
    let percent = -1
    if (!left.has(meeting)) {
      left.set(meeting, false)
      meeting.on('ended', ({ reason }) => left.set(meeting, reason === 'left'))
    }
    const alive = () =>
      !left.get(meeting) && transfer.state !== 'cancelled' && transfer.state !== 'paused'
    const tell = (to: number, success: 0 | 1) =>
      facade.delivery.emit(
        'NotifyNetDiskTransforProgress',
        [transfer.fileID, to, success, direction],
        { alive },
      )
    transfer.on('progress', (now) => {
      if (now.percent === percent) return
      percent = now.percent
      tell(percent, 1)
    })
    transfer.on('state', (state) => {
      if (state !== 'failed') return
      if (isFull(transfer.error))
        facade.delivery.emit('NotifyNetDiskIsFull', [[unstoredFileObject(meeting, transfer)]], {
          alive,
        })
      tell(Math.max(0, percent), 0)
    })
  }

  /** `begin` starts the transfer; when that is impossible it has failed. */
  const start = (
    fileID: string,
    direction: Direction,
    begin: (meeting: Meeting) => Transfer<unknown>,
  ) => {
    const { meeting } = facade
    if (!meeting || fileID === '') {
      facade.emit('NotifyNetDiskTransforProgress', [fileID, 0, 0, direction])
      return
    }
    if (find(fileID)) warn(`a transfer of ${fileID} is running`)
    else follow(meeting, begin(meeting), direction)
  }

  return {
    GetNetDiskSummary: () => {
      facade.operate(
        (_client, signal) => meetingOf(facade).netdisk.summary({ signal }),
        ({ limit, used }) => facade.emit('GetNetDiskSummaryRslt', [limit, used]),
        () => facade.emit('GetNetDiskSummaryRslt', [0, 0]),
        false,
      )
    },
    GetNetDiskFileList: () => {
      facade.operate(
        (_client, signal) => meetingOf(facade).netdisk.list({ signal }),
        (files) => facade.emit('GetNetDiskFileListRslt', [files.map(netFileObject)]),
        () => facade.emit('GetNetDiskFileListRslt', [[]]),
        false,
      )
    },
    MakeNetDiskFileID: (fileType, newFileName) =>
      makeNetFileID(number(fileType) === 0 ? 0 : 1, text(newFileName), facade.newID()),
    Uploadnetdiskfile: (fileID, source) => {
      const id = text(fileID)
      const given = source instanceof Blob ? source : text(source)
      start(id, UP, ({ netdisk }) => netdisk.upload(given, { fileID: id }))
    },
    Downloadnetdiskfile: (fileID, path) => {
      const id = text(fileID)
      start(id, DOWN, ({ netdisk }) => netdisk.download(id, text(path)))
    },
    Canclenetdiskfile: (fileID) => find(fileID)?.cancel(),
    SetNetDiskTransportPause: (fileID, pause) => {
      const transfer = find(fileID)
      if (flag(pause)) transfer?.pause()
      else transfer?.resume()
    },
    Deletenetdiskfile: (fileID) => {
      const id = text(fileID)
      facade.operate(
        (_client, signal) => meetingOf(facade).netdisk.remove(id, { signal }),
        () => facade.emit('NotifyNetDiskFileDeleteRslt', [id, 1]),
        () => facade.emit('NotifyNetDiskFileDeleteRslt', [id, 0]),
        false,
      )
    },
  }
}
