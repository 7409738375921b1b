import { recordedFiles, uploadFile } from '../recording/recorder.ts'
import type { DualResult } from './results.ts'

/** What an interruption kept from the server goes there, one after the other. */
export const uploadMissing = async ({ files }: DualResult): Promise<void> => {
  const waiting = recordedFiles.value.filter(
    ({ path, upload }) => files.includes(path) && upload === 'none',
  )
  for (const { path } of waiting) await uploadFile(path)
}
