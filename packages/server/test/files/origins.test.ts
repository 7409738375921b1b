import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFakeClock } from '../../src/core/clock.ts'
import { openBlobDirectory } from '../../src/files/blob-directory.ts'
import type { BlobStore } from '../../src/files/blob-store.ts'
import { fileRoutes } from '../../src/files/routes.ts'
import { createSignedPaths } from '../../src/files/signed-paths.ts'
import type { HttpServer } from '../../src/http/server.ts'
import { createTestHttpServer } from '../support/http-server.ts'
import { tempDir } from '../support/temp-dir.ts'

const ALLOWED = 'https://shop.example'
const FOREIGN = 'https://evil.example'

describe('00 §11: files over HTTP under ALLOWED_ORIGINS', () => {
  const { dir, remove } = tempDir()
  const paths = createSignedPaths(randomBytes(32), createFakeClock())
  let blobs: BlobStore
  let http: HttpServer
  let base = ''

  beforeAll(async () => {
    const allowedOrigins = [ALLOWED]
    http = await createTestHttpServer(dir, { allowedOrigins })
    blobs = await openBlobDirectory(`${dir}/blobs`)
    await fileRoutes(http.app, { blobs, paths, allowedOrigins })
    base = `http://127.0.0.1:${(await http.listen()).port}`
  })
  afterAll(async () => {
    await http.close()
    remove()
  })

  const put = (blob: string) => base + paths.sign({ action: 'put', blob, name: '', type: '' })
  const get = (blob: string) => base + paths.sign({ action: 'get', blob, name: 'a.bin', type: '' })
  const preflight = (url: string, origin: string, method: string, headers: string) =>
    fetch(url, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': headers,
      },
    })
  const upload = (blob: string, origin: string) =>
    fetch(put(blob), {
      method: 'PATCH',
      headers: {
        origin,
        'tus-resumable': '1.0.0',
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
      },
      body: '0123456789',
    })
  const download = (blob: string, origin: string) =>
    fetch(get(blob), { headers: { origin, range: 'bytes=2-4' } })

  it('an allowed origin: preflight, upload and ranged download, with what the page reads of them', async () => {
    await blobs.create('one', 10)
    const asked = await preflight(put('one'), ALLOWED, 'PATCH', 'content-type,upload-offset')
    expect(asked.headers.get('access-control-allow-origin')).toBe(ALLOWED)
    expect(asked.headers.get('access-control-allow-methods')).toContain('PATCH')
    expect(asked.headers.get('access-control-allow-headers')).toContain('upload-offset')
    const sent = await upload('one', ALLOWED)
    expect(sent.status).toBe(204)
    expect(sent.headers.get('access-control-allow-origin')).toBe(ALLOWED)
    expect(sent.headers.get('access-control-expose-headers')?.toLowerCase()).toContain(
      'upload-offset',
    )
    const ranged = await preflight(get('one'), ALLOWED, 'GET', 'range')
    expect(ranged.headers.get('access-control-allow-origin')).toBe(ALLOWED)
    const part = await download('one', ALLOWED)
    expect([part.status, await part.text()]).toEqual([206, '234'])
    expect(part.headers.get('access-control-allow-origin')).toBe(ALLOWED)
  })

  it('a foreign origin: no preflight allows it, and neither upload nor download is carried out', async () => {
    await blobs.create('two', 10)
    const asked = await preflight(put('two'), FOREIGN, 'PATCH', 'content-type,upload-offset')
    expect(asked.headers.get('access-control-allow-origin')).not.toBe(FOREIGN)
    expect(asked.headers.get('access-control-allow-origin')).not.toBe('*')
    const sent = await upload('two', FOREIGN)
    expect(sent.status).toBe(403)
    expect(sent.headers.get('access-control-allow-origin')).toBeNull()
    expect(await blobs.length('two')).toBe(0)
    const part = await download('two', FOREIGN)
    expect([part.status, (await part.text()).includes('234')]).toEqual([403, false])
    expect(part.headers.get('access-control-allow-origin')).toBeNull()
  })
})
