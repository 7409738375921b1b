import { spawn } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StartError } from '../../src/core/start-error.ts'
import { fileTrouble, openDataDir } from '../../src/storage/data-dir.ts'
import { tempDir } from '../support/temp-dir.ts'

let temp: ReturnType<typeof tempDir>
beforeEach(() => {
  temp = tempDir()
})
afterEach(() => temp.remove())

const lockOf = (dir: string) => path.join(dir, 'server.lock')

describe('data directory', () => {
  it('is made where it is missing, held with the process id, and given up', () => {
    const dir = path.join(temp.dir, 'a/b')
    const held = openDataDir(dir)
    expect(held.path).toBe(dir)
    expect(readFileSync(lockOf(dir), 'utf8')).toMatch(new RegExp(`^${process.pid} `))
    expect(() => openDataDir(dir)).toThrow(StartError)
    held.close()
    expect(existsSync(lockOf(dir))).toBe(false)
    const next = openDataDir(dir)
    held.close()
    expect(existsSync(lockOf(dir))).toBe(true)
    next.close()
  })

  it.each([
    ['of a process that is gone', '4194303 boot:1\n'],
    ['of another process that had this number before a restart', `${process.pid} other-boot:1\n`],
    ['that was never finished', ''],
    ['that is no lock', 'hello\n'],
  ])('a lock %s is no obstacle', (_, content) => {
    writeFileSync(lockOf(temp.dir), content)
    const held = openDataDir(temp.dir)
    expect(readFileSync(lockOf(temp.dir), 'utf8')).toMatch(new RegExp(`^${process.pid} `))
    held.close()
  })

  it('a lock of a living process is respected also where its start is not known', () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    writeFileSync(lockOf(temp.dir), `${child.pid} \n`)
    expect(() => openDataDir(temp.dir)).toThrow(`in use by process ${child.pid};`)
    child.kill('SIGKILL')
  })

  it('a path below a file is one sentence', () => {
    const file = path.join(temp.dir, 'file')
    writeFileSync(file, '')
    expect(() => openDataDir(path.join(file, 'data'))).toThrow(/is not a directory; set DATA_DIR/)
    expect(() => openDataDir(file)).toThrow(/is not a directory; set DATA_DIR/)
    expect(() => openDataDir(file)).toThrow(StartError)
  })

  it('a directory that cannot be written is one sentence', () => {
    chmodSync(temp.dir, 0o555)
    const root = process.getuid?.() === 0
    if (root) process.seteuid?.(65_534)
    try {
      expect(() => openDataDir(temp.dir)).toThrow(/cannot be written; give this user the right/)
      expect(() => openDataDir(path.join(temp.dir, 'x'))).toThrow(StartError)
    } finally {
      if (root) process.seteuid?.(0)
      chmodSync(temp.dir, 0o755)
    }
  })

  it.each(['EROFS', 'ENOSPC', 'EDQUOT', 'EACCES'])('%s has a sentence', (code) => {
    const error = Object.assign(new Error('x'), { code })
    expect(fileTrouble('/data', error)).toMatch(/^(The data directory|There is no space).+\.$/)
    expect(fileTrouble('/data', new Error('other'))).toBeNull()
  })
})
