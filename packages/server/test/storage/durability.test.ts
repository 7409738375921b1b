import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLog } from '../../src/core/log.ts'
import { StartError } from '../../src/core/start-error.ts'
import { openDataDir } from '../../src/storage/data-dir.ts'
import { DurableNodeFS, durableStartParams } from '../../src/storage/durable-fs.ts'
import { openStorage } from '../../src/storage/open.ts'
import { bundleProgram } from '../support/bundle.ts'
import { tempDir } from '../support/temp-dir.ts'

const { dir, remove } = tempDir()
const good = path.join(dir, 'good')
let bundle: Awaited<ReturnType<typeof bundleProgram>>
let child: ChildProcess
const open = (dataDir: string) => openStorage({ dataDir, databaseUrl: null }, silentLog)

const nextLine = async (of: ChildProcess): Promise<string> => {
  const [chunk] = (await Promise.race([
    once(of.stdout!, 'data'),
    once(of, 'exit').then(([code]) => [`exit ${code}`]),
  ])) as unknown[]
  return String(chunk).trim()
}

/** A copy of the good data directory, damaged. */
const damaged = (name: string, damage: (db: string) => void): string => {
  const copy = path.join(dir, name)
  cpSync(good, copy, { recursive: true })
  damage(path.join(copy, 'db'))
  return copy
}

beforeAll(async () => {
  bundle = await bundleProgram(fileURLToPath(new URL('./writer.ts', import.meta.url)))
  child = spawn(process.execPath, [bundle.program, good, '季度会'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  expect(await nextLine(child)).toBe('written')
}, 60_000)

afterAll(() => {
  child.kill('SIGKILL')
  bundle.remove()
  remove()
})

describe('embedded database', () => {
  it('a data directory in use is refused with the process that has it, then survives its kill -9 (00 §11)', async () => {
    expect(() => openDataDir(good)).toThrow(StartError)
    expect(() => openDataDir(good)).toThrow(`in use by process ${child.pid};`)

    child.kill('SIGKILL')
    await once(child, 'exit')

    const held = openDataDir(good)
    const storage = await open(good)
    expect(await storage.meetings.find(12_345_678)).toMatchObject({ subject: '季度会' })
    expect(await storage.accounts.find('a')).toMatchObject({ passwordHash: 'h' })
    expect(await storage.users.find('a', 'u')).toMatchObject({ nickName: 'nick 49' })
    await storage.close()
    held.close()
  }, 30_000)

  it('every commit is flushed to the disk itself, not only to the operating system', async () => {
    const folder = path.join(
      damaged('flushed', () => {}),
      'db',
    )
    let flushed = 0
    class Counting extends DurableNodeFS {
      protected override flush(descriptor: number) {
        flushed++
        super.flush(descriptor)
      }
    }
    const db = new PGlite({
      fs: new Counting(folder),
      startParams: durableStartParams(PGlite.defaultStartParams),
    })
    await db.waitReady
    flushed = 0
    for (let i = 0; i < 10; i++) await db.query('update users set last_seen = $1', [i])
    expect(flushed).toBeGreaterThanOrEqual(10)
    await db.close()
  })

  it.each<[string, (db: string) => void]>([
    ['control', (db) => writeFileSync(path.join(db, 'global/pg_control'), Buffer.alloc(8192))],
    ['version', (db) => rmSync(path.join(db, 'PG_VERSION'))],
    ['tables', (db) => rmSync(path.join(db, 'base'), { recursive: true })],
  ])(
    'a damaged database (%s) is one sentence, and nothing of it is deleted',
    async (name, damage) => {
      const copy = damaged(name, damage)
      const before = readdirSync(path.join(copy, 'db')).sort()
      const failure = await open(copy).catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(StartError)
      expect(String(failure)).toMatch(/^StartError: The database in .+ cannot be read and was left/)
      const after = readdirSync(path.join(copy, 'db')).sort()
      expect(after).toEqual(expect.arrayContaining(before))
    },
  )

  it('a first start that was cut short leaves nothing that the next one would trip over', async () => {
    const dataDir = path.join(dir, 'cut-short')
    mkdirSync(path.join(dataDir, 'db.unfinished/base'), { recursive: true })
    writeFileSync(path.join(dataDir, 'db.unfinished/PG_VERSION'), '17')
    const storage = await open(dataDir)
    expect(await storage.meetings.all()).toEqual([])
    await storage.close()
    expect(existsSync(path.join(dataDir, 'db.unfinished'))).toBe(false)
  }, 30_000)
})
