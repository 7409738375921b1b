import type { SlotName } from './slot-names.ts'

/** How a function without an implementation answers: its documented failure, or one line on the console. */
export type NotBuilt =
  | {
      slot: SlotName
      /** Arguments of the result. */
      args(given: readonly unknown[]): readonly unknown[]
    }
  | { warn: true }

const warned: NotBuilt = { warn: true }

/** The one list of functions that are not built yet, by their names without prefix. */
export const NOT_BUILT_ANSWERS: Readonly<Record<string, NotBuilt>> = {
  SetRecordFileEncrypt: warned,
  PlaybackRecordFile: warned,
}

/** Names, without prefix, of the functions that answer with their documented failure only. */
export const NOT_BUILT: readonly string[] = Object.keys(NOT_BUILT_ANSWERS)
