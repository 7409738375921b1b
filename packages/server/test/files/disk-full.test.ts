import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFakeClock } from '../../src/core/clock.ts'
import { openBlobDirectory } from '../../src/files/blob-directory.ts'
import type { BlobStore } from '../../src/files/blob-store.ts'
import { fileRoutes } from '../../src/files/routes.ts'
import { createSignedPaths } from '../../src/files/signed-paths.ts'
import type { HttpServer } from '../../src/http/server.ts'
import { createTestHttpServer } from '../support/http-server.ts'
import { tempDir } from '../support/temp-dir.ts'

const MIB = 1024 * 1024
const TUS = { 'tus-resumable': '1.0.0' }

const { dir, remove } = tempDir()
const small = `${dir}/blobs`
mkdirSync(small)
const isMounted =
  process.platform === 'linux' &&
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', small]).status === 0

/** On a real disk of 8 MiB; making one needs the rights of an administrator. */
describe.skipIf(!isMounted)('ND9: a disk that is full', () => {
  const paths = createSignedPaths(randomBytes(32), createFakeClock())
  let blobs: BlobStore
  let http: HttpServer
  let base = ''
  const other = `${small}/other`
  const send = (blob: string, offset: number, body: Buffer) =>
    fetch(base + paths.sign({ action: 'put', blob, name: '', type: '' }), {
      method: 'PATCH',
      headers: {
        ...TUS,
        'upload-offset': String(offset),
        'content-type': 'application/offset+octet-stream',
      },
      body: new Uint8Array(body),
    })

  beforeAll(async () => {
    http = await createTestHttpServer(dir)
    blobs = await openBlobDirectory(small)
    await fileRoutes(http.app, { blobs, paths, allowedOrigins: null })
    base = `http://127.0.0.1:${(await http.listen()).port}`
  })
  afterAll(async () => {
    await http.close()
    spawnSync('umount', ['--lazy', small])
    remove()
  })

  it('an upload that fills it is answered 507, keeps nothing, and a retry succeeds when there is room', async () => {
    const content = randomBytes(5 * MIB)
    await blobs.create('up', content.length)
    expect((await send('up', 0, content.subarray(0, MIB))).status).toBe(204)
    writeFileSync(other, Buffer.alloc(5 * MIB))
    const full = await send('up', MIB, content.subarray(MIB))
    expect(full.status).toBe(507)
    expect(await full.text()).toBe('The disk of the server is full\n')
    expect(await blobs.length('up')).toBe(0)
    rmSync(other)
    expect((await send('up', 0, content)).status).toBe(204)
    await blobs.settle('up')
    const url = base + paths.sign({ action: 'get', blob: 'up', name: 'a', type: '' })
    expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(content)).toBe(true)
    await blobs.remove('up')
  })

  it('an upload that cannot begin is refused with disk.full and leaves no file', async () => {
    expect(() => writeFileSync(other, Buffer.alloc(9 * MIB))).toThrow('ENOSPC')
    await expect(blobs.create('late', 5)).rejects.toMatchObject({ code: 'disk.full' })
    expect(readdirSync(small)).toEqual(['other'])
    rmSync(other)
    await blobs.create('late', 5)
    expect((await send('late', 0, Buffer.from('hello'))).status).toBe(204)
  })
})
