import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFakeClock } from '../../src/core/clock.ts'
import { openBlobDirectory } from '../../src/files/blob-directory.ts'
import type { BlobStore } from '../../src/files/blob-store.ts'
import { fileRoutes } from '../../src/files/routes.ts'
import { createSignedPaths } from '../../src/files/signed-paths.ts'
import type { HttpServer } from '../../src/http/server.ts'
import { createTestHttpServer } from '../support/http-server.ts'
import { tempDir } from '../support/temp-dir.ts'

const { dir, remove } = tempDir()
const clock = createFakeClock()
const paths = createSignedPaths(randomBytes(32), clock)
let blobs: BlobStore
let http: HttpServer
let base = ''

beforeAll(async () => {
  http = await createTestHttpServer(dir)
  blobs = await openBlobDirectory(`${dir}/blobs`)
  await fileRoutes(http.app, { blobs, paths, allowedOrigins: null })
  base = `http://127.0.0.1:${(await http.listen()).port}`
})
afterAll(async () => {
  await http.close()
  remove()
})

const TUS = { 'tus-resumable': '1.0.0' }
const put = (blob: string) => base + paths.sign({ action: 'put', blob, name: '', type: '' })
const get = (blob: string, name = 'a.bin') =>
  base + paths.sign({ action: 'get', blob, name, type: '' })
const patch = (url: string, offset: number, body: Buffer) =>
  fetch(url, {
    method: 'PATCH',
    headers: {
      ...TUS,
      'upload-offset': String(offset),
      'content-type': 'application/offset+octet-stream',
    },
    body: new Uint8Array(body),
  })
const offsetOf = async (url: string) =>
  (await fetch(url, { method: 'HEAD', headers: TUS })).headers.get('upload-offset')

describe('uploads', () => {
  it('tus 1.0: a blob is filled in parts, and HEAD says where to go on', async () => {
    const content = randomBytes(300_000)
    await blobs.create('up-1', content.length)
    const url = put('up-1')
    expect(await offsetOf(url)).toBe('0')
    expect((await patch(url, 0, content.subarray(0, 100_000))).status).toBe(204)
    expect(await offsetOf(url)).toBe('100000')
    expect((await patch(url, 100_000, content.subarray(100_000))).status).toBe(204)
    await blobs.settle('up-1')
    expect(Buffer.from(await (await fetch(get('up-1'))).arrayBuffer()).equals(content)).toBe(true)
  })

  it('a part at another place than the end, or beyond the size, changes nothing', async () => {
    await blobs.create('up-2', 10)
    const url = put('up-2')
    expect((await patch(url, 4, Buffer.alloc(2))).status).toBe(409)
    expect((await patch(url, 0, Buffer.alloc(11))).status).toBeGreaterThanOrEqual(400)
    expect(await blobs.length('up-2')).toBeLessThanOrEqual(10)
  })

  it('a part of unknown length never goes beyond the size, also of a blob that is complete', async () => {
    await blobs.create('up-5', 10)
    const endless = (offset: number) => {
      let sent = 0
      const body = new ReadableStream({
        pull(to) {
          to.enqueue(new Uint8Array(64))
          if (++sent > 1000) to.close()
        },
      })
      const headers = {
        ...TUS,
        'upload-offset': String(offset),
        'content-type': 'application/offset+octet-stream',
      }
      const init = { method: 'PATCH', headers, body, duplex: 'half' } as RequestInit
      return fetch(put('up-5'), init).catch(() => null)
    }
    await endless(0)
    expect(await blobs.length('up-5')).toBeLessThanOrEqual(10)
    await blobs.remove('up-5')
    await blobs.create('up-5', 10)
    expect((await patch(put('up-5'), 0, Buffer.from('0123456789'))).status).toBe(204)
    await endless(10)
    await endless(0)
    expect(await (await fetch(get('up-5'))).text()).toBe('0123456789')
  })

  it('two parts sent at one time leave no byte twice', async () => {
    const content = randomBytes(200_000)
    await blobs.create('up-6', content.length)
    const both = await Promise.all([1, 2].map(() => patch(put('up-6'), 0, content)))
    expect(both.map(({ status }) => status).sort()).toEqual([204, 409])
    expect(Buffer.from(await (await fetch(get('up-6'))).arrayBuffer()).equals(content)).toBe(true)
  })

  it('a broken connection keeps what had arrived', async () => {
    await blobs.create('up-3', 5_000_000)
    const cut = new AbortController()
    const part = new Uint8Array(1_000_000)
    const endless = new ReadableStream({
      pull(to) {
        to.enqueue(part)
        return new Promise((next) => setTimeout(next, 200))
      },
    })
    const sending = fetch(put('up-3'), {
      method: 'PATCH',
      headers: { ...TUS, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
      body: endless,
      duplex: 'half',
      signal: cut.signal,
    } as RequestInit)
    await expect.poll(() => blobs.length('up-3')).toBeGreaterThan(0)
    cut.abort()
    await expect(sending).rejects.toThrow()
    const kept = (await blobs.length('up-3')) ?? 0
    expect(Number(await offsetOf(put('up-3')))).toBeGreaterThanOrEqual(kept)
  })

  it('many parts over one connection leave no listeners behind', async () => {
    const sockets = new Set<Socket>()
    http.app.server.on('request', ({ socket }) => sockets.add(socket))
    await blobs.create('up-4', 40)
    for (let i = 0; i < 40; i++)
      expect((await patch(put('up-4'), i, Buffer.alloc(1))).status).toBe(204)
    expect(sockets.size).toBeLessThan(20)
    for (const socket of sockets) expect(socket.listenerCount('timeout')).toBeLessThan(4)
  })

  it('pages of other origins may upload: the preflight allows it', async () => {
    const answer = await fetch(put('up-1'), {
      method: 'OPTIONS',
      headers: {
        origin: 'https://app.example',
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'content-type,tus-resumable,upload-offset',
      },
    })
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-methods')).toContain('PATCH')
    expect(answer.headers.get('access-control-allow-headers')).toContain('upload-offset')
  })

  it('no upload can be made or ended over HTTP, only by a request of a domain', async () => {
    const made = await fetch(`${base}/api/v1/uploads`, {
      method: 'POST',
      headers: { ...TUS, 'upload-length': '5' },
    })
    expect(made.status).toBe(404)
    expect((await fetch(put('up-1'), { method: 'DELETE', headers: TUS })).status).toBe(404)
    expect(await blobs.length('up-1')).toBe(300_000)
  })
})

describe('downloads', () => {
  it('a range gives that part, one outside gives 416, the whole has its name', async () => {
    await blobs.create('down-1', 10)
    await patch(put('down-1'), 0, Buffer.from('0123456789'))
    const part = await fetch(get('down-1'), { headers: { range: 'bytes=2-4' } })
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      'bytes 2-4/10',
      '234',
    ])
    expect((await fetch(get('down-1'), { headers: { range: 'bytes=10-' } })).status).toBe(416)
    const whole = await fetch(get('down-1', "报告 'x'.html"))
    expect(whole.headers.get('content-disposition')).toBe(
      "attachment; filename*=UTF-8''%E6%8A%A5%E5%91%8A%20%27x%27.html",
    )
    expect(whole.headers.get('content-type')).toBe('application/octet-stream')
    expect(whole.headers.get('content-security-policy')).toContain('sandbox')
    expect(whole.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await whole.text()).toBe('0123456789')
  })

  it.each([
    ['quotes and a second parameter', `a"; filename="b.html`],
    ['line breaks', 'a\r\nset-cookie: b=c\r\n\r\n<script>'],
    ['a path', '../../..\\etc/passwd'],
    ['255 characters', `${'长'.repeat(251)}.svg`],
    ['stars and brackets', "a*'()%22.txt"],
  ])('RFC 5987, 6266: a name cannot break out of the header: %s', async (_, name) => {
    const { status, headers } = await fetch(get('down-1', name))
    expect(status).toBe(200)
    const [, written = ''] =
      /^attachment; filename\*=UTF-8''([\w.~!#$&+^`|%-]*)$/.exec(
        headers.get('content-disposition') ?? '',
      ) ?? []
    expect(decodeURIComponent(written)).toBe(name)
    expect(headers.get('set-cookie')).toBeNull()
    expect(headers.get('content-type')).toBe('application/octet-stream')
  })

  it('a file that is removed while it is fetched breaks off', async () => {
    const size = 64 * 1024 * 1024
    await blobs.create('down-3', size)
    await patch(put('down-3'), 0, Buffer.alloc(size))
    const answer = await fetch(get('down-3'))
    const reader = answer.body?.getReader()
    await reader?.read()
    await blobs.remove('down-3')
    const rest = async () => {
      for (;;) if ((await reader?.read())?.done) return 'whole'
    }
    await expect(rest()).rejects.toThrow()
    expect((await fetch(get('down-3'))).status).toBe(404)
  })

  it('an empty file is empty, one that is gone is 404', async () => {
    await blobs.create('down-2', 0)
    expect(await (await fetch(get('down-2'))).text()).toBe('')
    await blobs.remove('down-2')
    expect((await fetch(get('down-2'))).status).toBe(404)
  })
})

describe('ND8: signed paths', () => {
  const tampered = (url: string, from: string, to: string) => fetch(url.replace(from, to))

  it('one for another file, action or name is refused, and so is a late one', async () => {
    await blobs.create('sign-1', 0)
    await blobs.create('sign-2', 0)
    expect((await tampered(get('sign-1'), 'sign-1', 'sign-2')).status).toBe(403)
    expect((await tampered(put('sign-1'), '/uploads/', '/files/')).status).toBe(403)
    expect((await tampered(get('sign-1', 'a.bin'), 'a.bin', 'a.mp4')).status).toBe(403)
    expect((await tampered(get('sign-1'), 'signature=', 'signature=A')).status).toBe(403)
    expect((await fetch(`${base}/api/v1/files/sign-1`)).status).toBe(403)
    const late = get('sign-1')
    expect((await fetch(late)).status).toBe(200)
    clock.advance(15 * 60_000 + 1)
    expect((await fetch(late)).status).toBe(403)
  })

  it('one that saves a file holds whatever the type of its content is', async () => {
    await blobs.put('sign-3', Buffer.from('first'))
    await blobs.put('sign-3', Buffer.from('whole'))
    const grant = { action: 'get', blob: 'sign-3', name: 'a.mp4', type: 'video/mp4' } as const
    expect(await (await fetch(base + paths.sign(grant))).text()).toBe('whole')
    expect(await blobs.ids()).not.toContain('sign-3.new')
    await expect(blobs.put('../x', Buffer.from('x'))).rejects.toThrow('Not the id of a blob')
  })

  it.each(['../signing.key', '..', 'a\u0000b', 'a/b', 'a.json'])(
    'a blob named %j does not exist, even for a path that was signed for it',
    async (blob) => {
      expect(await blobs.length(blob)).toBeNull()
      await expect(blobs.create(blob, 1)).rejects.toThrow('Not the id of a blob')
    },
  )
})

describe('files that play in place', () => {
  const show = (name: string, type = '') =>
    base + paths.sign({ action: 'show', blob: 'shown', name, type })
  beforeAll(async () => {
    await blobs.create('shown', 5)
    await patch(put('shown'), 0, Buffer.from('hello'))
  })

  it('films and sound are shown in place, everything else is saved', async () => {
    const film = await fetch(show('周会.mp4'))
    expect(film.headers.get('content-disposition')).toBe(
      "inline; filename*=UTF-8''%E5%91%A8%E4%BC%9A.mp4",
    )
    expect(film.headers.get('content-type')).toBe('video/mp4')
    expect(film.headers.get('content-security-policy')).toMatch(
      /^sandbox allow-same-origin; default/,
    )
    expect(film.headers.get('x-content-type-options')).toBe('nosniff')
    const named = await fetch(show('a.mp4', 'video/webm'))
    expect(named.headers.get('content-type')).toBe('video/webm')
    expect((await fetch(show('a.mp4', 'text/html'))).headers.get('content-type')).toBe('video/mp4')
    for (const name of ['a.html', 'a.svg', 'a.png', 'a']) {
      const other = await fetch(show(name))
      expect(other.headers.get('content-disposition')).toMatch(/^attachment/)
      expect(other.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'")
    }
  })

  it('the two kinds of link are not exchangeable; one that shows holds a day', async () => {
    const other = new URL(get('shown', 'a.mp4'))
    other.searchParams.set('show', '')
    expect((await fetch(other)).status).toBe(403)
    const [shown, saved] = [show('a.mp4'), get('shown', 'a.mp4')]
    clock.advance(23 * 3_600_000)
    expect((await fetch(shown)).status).toBe(200)
    expect((await fetch(saved)).status).toBe(403)
    clock.advance(2 * 3_600_000)
    expect((await fetch(shown)).status).toBe(403)
  })

  it('a blob that grows takes bytes up to the size that it has now', async () => {
    await blobs.create('grown', 5)
    expect((await patch(put('grown'), 0, Buffer.from('hello'))).status).toBe(204)
    expect((await patch(put('grown'), 5, Buffer.from('!'))).status).toBeGreaterThanOrEqual(400)
    await blobs.resize('grown', 6)
    expect((await patch(put('grown'), 5, Buffer.from('!'))).status).toBe(204)
    expect(await offsetOf(put('grown'))).toBe('6')
  })
})
