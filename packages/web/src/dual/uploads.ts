import { lastPart } from '../recording/file-name.ts'
import { cancelUpload, recordedFiles, uploadFile } from '../recording/recorder.ts'
import { client } from '../session.ts'
import type { DualResult } from './results.ts'

const filesOf = ({ files }: DualResult) =>
  recordedFiles.value.filter(({ path }) => files.includes(path))

/** What an interruption kept from the server goes there, one after the other. */
export const uploadMissing = async (result: DualResult): Promise<void> => {
  for (const { path, upload } of filesOf(result)) if (upload === 'none') await uploadFile(path)
}

/** Without consent nothing of it stays on the server; what this device has is the agent's to delete. */
export const takeBack = async (result: DualResult): Promise<void> => {
  const files = filesOf(result)
  for (const { path, upload } of files) if (upload === 'uploading') cancelUpload(path)
  const there = files
    .filter(({ upload }) => upload === 'uploaded')
    .map(({ path }) => lastPart(path))
  if (there.length === 0) return
  const stored = await client.records.list({ limit: 100 })
  for (const { id, path } of stored)
    if (there.includes(lastPart(path))) await client.records.remove(id)
}
