import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { StartError } from '../core/start-error.ts'

const FILE = 'signing.key'
const BYTES = 32

/**
 * The key under which paths of files are signed; made once and kept in the data directory.
 * @throws StartError when the kept one is damaged.
 */
export const loadSecretKey = (dataDir: string): Buffer => {
  const file = path.join(dataDir, FILE)
  if (!existsSync(file)) {
    writeFileSync(`${file}.new`, `${randomBytes(BYTES).toString('base64url')}\n`, { mode: 0o600 })
    renameSync(`${file}.new`, file)
  }
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url')
  if (key.length !== BYTES)
    throw new StartError(`The key ${file} is damaged; restore it, or delete it to get a new one.`)
  return key
}
