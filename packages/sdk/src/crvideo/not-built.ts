import { text } from './convert.ts'
import { EMPTY_IMAGE } from './raw-image.ts'
import type { SlotName } from './slot-names.ts'

/** How a function without an implementation answers: its documented failure, or an empty value. */
export type NotBuilt =
  | {
      slot: SlotName
      /** Arguments of the result. */
      args(given: readonly unknown[]): readonly unknown[]
    }
  | { value(given: readonly unknown[]): unknown }
  | { warn: true; returns?: unknown }

const INNER_ERROR = 3
const value = (make: (given: readonly unknown[]) => unknown): NotBuilt => ({ value: make })
const warned: NotBuilt = { warn: true }

/** The one list of functions that are not built yet, by their names without prefix. */
export const NOT_BUILT_ANSWERS: Readonly<Record<string, NotBuilt>> = {
  SetRecordFileEncrypt: warned,
  CancelUploadRecordFile: warned,
  UploadRecordFile: {
    slot: 'UploadRecordFileErr',
    args: (given) => [given[0] ?? '', INNER_ERROR],
  },
  UploadRecordFile2: {
    slot: 'UploadRecordFileErr',
    args: (given) => [given[0] ?? '', INNER_ERROR],
  },
  PlaybackRecordFile: warned,
  SetRecordUploadCfg: warned,

  SetMediacfg: warned,
  GetMediacfg: value(() =>
    JSON.stringify({ sizeType: 8, fps: 15, maxbps: 350_000, qp_min: 25, qp_max: 36, wh_rate: 0 }),
  ),
  StartPlayMedia: { warn: true, returns: 0 },
  PausePlayMedia: warned,
  StopPlayMedia: warned,
  SetMediaplaypos: warned,
  GetAllFilesInMediaPath: value(() => []),
  Getmediainfo: value(([userID]) =>
    JSON.stringify({ userID: text(userID), state: 2, mediaName: '' }),
  ),
  Getmediaimg: value(() => EMPTY_IMAGE),
}

/** Names, without prefix, of the functions that answer with their documented failure only. */
export const NOT_BUILT: readonly string[] = Object.keys(NOT_BUILT_ANSWERS)
