import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { StartError } from '../core/start-error.ts'

const LOCK = 'server.lock'

const errnoOf = (error: unknown): string | null => {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return typeof code === 'string' ? code : null
}

/** One plain sentence for a file system error in the data directory; null when it is none. */
export const fileTrouble = (dataDir: string, error: unknown): string | null => {
  switch (errnoOf(error)) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `The data directory ${dataDir} cannot be written; give this user the right to, or set DATA_DIR to another directory.`
    case 'ENOSPC':
    case 'EDQUOT':
      return `There is no space left on the disk of the data directory ${dataDir}.`
    case 'ENOTDIR':
    case 'EEXIST':
      return `The data directory ${dataDir} is not a directory; set DATA_DIR to one.`
    case 'ENOENT':
      return `The data directory ${dataDir} cannot be made here; set DATA_DIR to another directory.`
    default:
      return null
  }
}

/**
 * When a process started, as the kernel counts it; tells a running server from another process
 * that got its number later, for example after a restart of a container. Null where unknown.
 */
const startOf = (pid: number): string | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${ticks}`
  } catch {
    return null
  }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errnoOf(error) === 'EPERM'
  }
}

const ownerOf = (content: string): number | null => {
  const [pidText, started] = content.trim().split(' ')
  const pid = Number(pidText)
  if (!Number.isSafeInteger(pid) || pid <= 0 || !isAlive(pid)) return null
  const now = startOf(pid)
  if (started && now) return started === now ? pid : null
  return pid === process.pid ? null : pid
}

const isTaken = (error: unknown) => errnoOf(error) === 'EEXIST'

/** Writes the lock file; a lock whose process is gone is moved away first. */
const takeLock = (file: string, content: string): number | null => {
  for (;;) {
    try {
      writeFileSync(file, content, { flag: 'wx', mode: 0o600 })
      return null
    } catch (error) {
      if (!isTaken(error)) throw error
    }
    const owner = ownerOf(readFileSync(file, 'utf8'))
    if (owner !== null) return owner
    const stale = `${file}.${process.pid}`
    renameSync(file, stale)
    rmSync(stale, { force: true })
  }
}

/** A data directory that belongs to this process until closed. */
export interface DataDir {
  /** Absolute. */
  readonly path: string
  /** Gives the directory up. Idempotent. */
  close(): void
}

/**
 * Makes the directory where it is missing and takes it for this process.
 * @throws StartError when it cannot be written or another process has it.
 */
export const openDataDir = (directory: string): DataDir => {
  const dataDir = path.resolve(directory)
  const file = path.join(dataDir, LOCK)
  let owner: number | null
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    owner = takeLock(file, `${process.pid} ${startOf(process.pid) ?? ''}\n`)
  } catch (error) {
    const sentence = fileTrouble(dataDir, error)
    throw sentence ? new StartError(sentence, { cause: error }) : error
  }
  if (owner !== null)
    throw new StartError(
      `The data directory ${dataDir} is in use by process ${owner}; stop that server, or set DATA_DIR to another directory.`,
    )
  let open = true
  return {
    path: dataDir,
    close() {
      if (open) rmSync(file, { force: true })
      open = false
    },
  }
}
