import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { tempDir } from './temp-dir.ts'

const DEBIAN = '/usr/lib/postgresql'
const READY_MS = 20_000

/** The directory that has both `initdb` and `postgres`: newest of Debian's, or one of PATH. */
const findBinaries = (): string | null => {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : []
  const debian = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => path.join(DEBIAN, version, 'bin'))
  const onPath = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean)
  const has = (dir: string, name: string) => existsSync(path.join(dir, name))
  return [...debian, ...onPath].find((d) => has(d, 'initdb') && has(d, 'postgres')) ?? null
}

const idOf = (flag: '-u' | '-g'): number | null => {
  const found = spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' })
  return found.status === 0 ? Number(found.stdout) : null
}

/** PostgreSQL refuses to run as root: then it runs as its own user. */
const identity = (): { uid?: number; gid?: number } | null => {
  if (process.getuid?.() !== 0) return {}
  const uid = idOf('-u')
  const gid = idOf('-g')
  return uid === null || gid === null ? null : { uid, gid }
}

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        typeof address === 'object' && address
          ? resolve(address.port)
          : reject(new Error('no port')),
      )
    })
  })

/** A PostgreSQL of the test's own; without a `url` there is none here, for `reason`. */
export type TestPostgres =
  | { readonly url: string; stop(): Promise<void> }
  | { readonly url: null; readonly reason: string; stop(): Promise<void> }

const none = (reason: string): TestPostgres => ({ url: null, reason, stop: async () => {} })

/** Makes a cluster in a temporary directory and starts it on a free port of 127.0.0.1. */
export const startPostgres = async (): Promise<TestPostgres> => {
  const bin = findBinaries()
  if (!bin) return none('no initdb and postgres in /usr/lib/postgresql/*/bin or PATH.')
  const user = identity()
  if (!user) return none('run as root, but there is no user postgres to run it as.')

  const { dir, remove } = tempDir()
  if (user.uid !== undefined && user.gid !== undefined) chownSync(dir, user.uid, user.gid)
  const data = path.join(dir, 'data')
  const options = { ...user, cwd: dir, env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' } }
  const init = ['-D', data, '-U', 'yuntang', '--auth=trust', '--no-sync', '-E', 'UTF8']
  execFileSync(path.join(bin, 'initdb'), init, { ...options, stdio: 'pipe' })

  const port = await freePort()
  const child = spawn(
    path.join(bin, 'postgres'),
    ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', dir, '-F'],
    { ...options, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const stop = async () => {
    child.kill('SIGINT')
    await exited
    remove()
  }

  for (let waited = 0; !said.includes('ready to accept connections'); waited += 50) {
    if (child.exitCode !== null || waited > READY_MS) {
      await stop()
      throw new Error(`PostgreSQL did not start:\n${said}`)
    }
    await sleep(50)
  }
  return { url: `postgres://yuntang@127.0.0.1:${port}/postgres`, stop }
}
