import type { Meeting, NetFileInfo, Transfer } from '../api.ts'
import { timeText } from './time-text.ts'

const COMPLETE = 0
const NOT_STORED = 1

/** A file of the net disk as classic pages see it (spec 06 §1). */
export const netFileObject = (file: NetFileInfo) => ({
  fileID: file.fileID,
  ownerID: file.owner,
  ownerName: file.ownerName,
  name: file.fileID,
  orgFileName: file.fileName,
  md5: file.md5,
  ctime: timeText(file.createdAt),
  size: file.size,
  orgSize: file.size,
  status: COMPLETE,
})

/** A file that found no room. */
export const unstoredFileObject = (meeting: Meeting, transfer: Transfer<unknown>) => ({
  fileID: transfer.fileID,
  ownerID: meeting.me,
  ownerName: meeting.nickName(meeting.me),
  name: transfer.fileID,
  orgFileName: transfer.name,
  md5: '',
  ctime: '',
  size: transfer.size,
  orgSize: transfer.size,
  status: NOT_STORED,
})
