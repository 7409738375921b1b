import type {
  RecordContent,
  RecordedFile,
  RecordOptions,
  RecordRegion,
  UploadState,
  UploadTarget,
} from '../api.ts'
import { flag, number, record, text } from './convert.ts'

const CONTENT = { video: 0, picture: 1, screen: 2, media: 3, time: 4, otherScreen: 5 }

/** `"<userID>.<videoID>"`, split at its last dot; without a number the default camera. */
const cameraOf = (camid: string): { userID: string; videoID: number } => {
  const dot = camid.lastIndexOf('.')
  if (dot < 0) return { userID: camid, videoID: -1 }
  const videoID = number(camid.slice(dot + 1), Number.NaN)
  return { userID: camid.slice(0, dot), videoID: Number.isInteger(videoID) ? videoID : -1 }
}

const cropOf = (area: unknown) => {
  const given = record(area)
  const list = given ? [given.x, given.y, given.w, given.h] : text(area).split(',')
  const [x, y, w, h] = list.map((value) => number(value, Number.NaN))
  const all = [x, y, w, h]
  if (list.length !== 4 || !all.every(Number.isFinite)) return null
  return w && h && w > 0 && h > 0 ? { x: x ?? 0, y: y ?? 0, w, h } : null
}

const contentOf = (given: Record<string, unknown>): RecordContent | null => {
  const param = record(given.param) ?? {}
  switch (number(given.type ?? param.type, Number.NaN)) {
    case CONTENT.video: {
      const camid = text(param.camid)
      return camid === '' ? null : { kind: 'camera', ...cameraOf(camid) }
    }
    case CONTENT.picture: {
      const id = text(param.resourceid)
      return id === '' ? null : { kind: 'picture', id }
    }
    case CONTENT.screen:
    case CONTENT.otherScreen: {
      const crop = cropOf(param.area)
      return { kind: 'screen', ...(crop && { crop }) }
    }
    case CONTENT.media:
      return { kind: 'media' }
    case CONTENT.time:
      return { kind: 'time' }
    default:
      return null
  }
}

/** Regions of CRVideo_SetRecordVideos; what cannot be read is left out (spec 10 §2.1). */
export const regionsOf = (value: unknown): RecordRegion[] => {
  let list: unknown = value
  if (typeof value === 'string')
    try {
      list = JSON.parse(value)
    } catch {
      list = []
    }
  if (!Array.isArray(list)) return []
  return list.flatMap((entry: unknown) => {
    const given = record(entry)
    const content = given && contentOf(given)
    if (!given || !content) return []
    const [left, top] = [number(given.left, Number.NaN), number(given.top, Number.NaN)]
    const [width, height] = [number(given.width, Number.NaN), number(given.height, Number.NaN)]
    const isRectangle = [left, top, width, height].every(Number.isFinite) && width > 0 && height > 0
    const keepRatio = number(given.keepAspectRatio, 1) !== 0
    return isRectangle ? [{ left, top, width, height, keepRatio, content }] : []
  })
}

const ORDER = [
  'filePathName',
  'audioType',
  'frameRate',
  'recordWidth',
  'recordHeight',
  'bitRate',
  'defaultQP',
  'recDataType',
  'isUploadOnRecording',
] as const

/** Arguments of CRVideo_StartRecordIng, as a list or as one object (spec 10 §2). */
export const recordOptions = (args: readonly unknown[]): RecordOptions => {
  const given =
    (typeof args[0] === 'object' ? record(args[0]) : null) ??
    Object.fromEntries(ORDER.map((name, i) => [name, args[i]]))
  const audio = number(given.audioType, 3)
  const data = number(given.recDataType, 0)
  const wants = (bit: number) => data === 0 || (data & bit) !== 0
  const isReadable = Number.isFinite(audio) && Number.isFinite(data)
  return {
    // Bits that cannot be read fail like a path that cannot: with 5 (spec 00 §4).
    path: isReadable ? text(given.filePathName) : '',
    frameRate: number(given.frameRate, 15),
    width: number(given.recordWidth, 640),
    height: number(given.recordHeight, 360),
    bitrate: number(given.bitRate, 500_000),
    quality: number(given.defaultQP, 28),
    picture: wants(4),
    ownSound: (audio & 1) !== 0 && wants(1),
    otherSound: (audio & 2) !== 0 && wants(2),
    upload: flag(given.isUploadOnRecording),
  }
}

/** By their numbers (spec 10 §3). */
export const UPLOAD_STATES: readonly UploadState[] = ['none', 'uploading', 'uploaded']

/** CRVideo_RecordFileInfo (spec 10 §3). */
export const recordFileInfo = (file: RecordedFile) => ({
  fileName: file.path,
  size: file.size,
  duration: file.duration,
  state: UPLOAD_STATES.indexOf(file.upload),
  uploadPercent: file.uploadPercent,
  createTime: file.createdAt,
  mimeType: file.mimeType,
  encrypted: file.encrypted ? 1 : 0,
  httpUrl: file.url,
})

/** Argument of CRVideo_SetRecordUploadCfg (spec 06 §7); its address has several names. */
export const uploadTarget = (value: unknown): UploadTarget => {
  const given = record(value) ?? {}
  if (number(given.type, 0) !== 1) return { kind: 'server' }
  const names = ['speakerName', 'serverAddr', 'httpUrl', 'url']
  return {
    kind: 'http',
    url: names.map((name) => text(given[name])).find((url) => url !== '') ?? '',
  }
}
