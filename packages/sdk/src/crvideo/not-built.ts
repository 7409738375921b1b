import type { SlotName } from './slot-names.ts'

/** How a function without an implementation answers: its documented failure, or one line on the console. */
export type NotBuilt =
  | {
      slot: SlotName
      /** Arguments of the result. */
      args(given: readonly unknown[]): readonly unknown[]
    }
  | { warn: true }

const INNER_ERROR = 3
const warned: NotBuilt = { warn: true }

/** The one list of functions that are not built yet, by their names without prefix. */
export const NOT_BUILT_ANSWERS: Readonly<Record<string, NotBuilt>> = {
  CancelUploadRecordFile: warned,
  UploadRecordFile: {
    slot: 'UploadRecordFileErr',
    args: (given) => [given[0] ?? '', INNER_ERROR],
  },
  UploadRecordFile2: {
    slot: 'UploadRecordFileErr',
    args: (given) => [given[0] ?? '', INNER_ERROR],
  },
  SetRecordUploadCfg: warned,
}

/** Names, without prefix, of the functions that answer with their documented failure only. */
export const NOT_BUILT: readonly string[] = Object.keys(NOT_BUILT_ANSWERS)
