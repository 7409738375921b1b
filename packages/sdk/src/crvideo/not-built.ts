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
}

/** Names, without prefix, of the functions that answer with their documented failure only. */
export const NOT_BUILT: readonly string[] = Object.keys(NOT_BUILT_ANSWERS)
