import { rmSync } from 'node:fs'
import { prepareData } from './support/server.ts'

/** The first start of the embedded database takes seconds: it is made once, and copied for each server. */
export default async () => {
  const dir = await prepareData()
  return () => dir && rmSync(dir, { recursive: true, force: true })
}
