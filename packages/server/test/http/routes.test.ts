import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HttpServer } from '../../src/http/server.ts'
import { createTestHttpServer } from '../support/http-server.ts'
import { tempDir } from '../support/temp-dir.ts'

const { dir, remove } = tempDir()
let http: HttpServer
let ready = false
const get = (url: string, headers: Record<string, string> = {}) => http.app.inject({ url, headers })

beforeAll(async () => {
  http = await createTestHttpServer(dir, {}, () => ready)
})
afterAll(async () => {
  await http.close()
  remove()
})

describe('health', () => {
  it('/healthz is 503 until everything has started, then 200 {"status":"ok"}', async () => {
    expect(await get('/healthz')).toMatchObject({ statusCode: 503 })
    ready = true
    const healthy = await get('/healthz')
    expect(healthy.statusCode).toBe(200)
    expect(healthy.json()).toEqual({ status: 'ok' })
    expect(healthy.headers['cache-control']).toBe('no-store')
  })
})

describe('web app', () => {
  it.each(['/', '/login', '/m/abcdef', '/m/abcdef?x=1'])(
    '03 §1: %s opened in a browser is the web app',
    async (url) => {
      const page = await get(url, { accept: 'text/html,application/xhtml+xml' })
      expect(page.statusCode).toBe(200)
      expect(page.body).toContain('<title>Yuntang</title>')
      expect(page.headers['content-type']).toMatch('text/html')
      expect(page.headers['cache-control']).toBe('no-cache')
    },
  )

  it('files whose name has a hash may be kept for ever, others are asked for again', async () => {
    const hashed = await get('/assets/index-BxYk3d_9.js')
    expect(hashed.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect((await get('/favicon.svg')).headers['cache-control']).toBe('no-cache')
  })

  it.each([
    '/assets/gone-BxYk3d_9.js',
    '/nothing.js',
    '/sdk/nothing',
    '/sdk/',
    '/../package.json',
    '//x.js',
  ])('%s is a plain 404, never the web app', async (url) => {
    const missing = await get(url, { accept: '*/*' })
    expect(missing.statusCode).toBe(404)
    expect(missing.json()).toEqual({ error: 'There is nothing at this address.' })
  })

  it.each(['/%2e%2e/secret.txt', '/..%2fsecret.txt', '/sdk/..%2f..%2fsecret.txt'])(
    '%s does not leave the served folders',
    async (url) => {
      expect((await get(url, { accept: 'application/json' })).statusCode).toBeGreaterThanOrEqual(
        400,
      )
    },
  )

  it('a page asked for by POST is a 404 sentence', async () => {
    const answer = await http.app.inject({ method: 'POST', url: '/login' })
    expect(answer.statusCode).toBe(404)
    expect(answer.json()).toEqual({ error: 'There is nothing at this address.' })
  })

  it('a URL that cannot be decoded is a sentence', async () => {
    const answer = await get('/%E0%A4%A')
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toEqual({ error: 'The request could not be read.' })
  })
})

describe('SDK', () => {
  it.each([
    ['/sdk/CloudroomVideoSDK.js', 'window.CRVideo'],
    ['/sdk/CloudroomVideoSDK.js.map', '{}'],
    ['/sdk/yuntang.js', 'export const x'],
    ['/sdk/index.js.map', '{}'],
  ])('00 §11: %s can be loaded by pages of any origin', async (url, content) => {
    const file = await get(url, { origin: 'https://shop.example' })
    expect(file.statusCode).toBe(200)
    expect(file.body).toContain(content)
    expect(file.headers['access-control-allow-origin']).toBe('*')
    expect(file.headers['cross-origin-resource-policy']).toBe('cross-origin')
    if (url.endsWith('.js')) expect(file.headers['content-type']).toMatch('javascript')
  })

  it('is not in the SDK folder itself: the web app stays closed to other sites', async () => {
    expect((await get('/')).headers['cross-origin-resource-policy']).toBe('same-origin')
  })
})

describe('security headers', () => {
  it('the policy allows self, blobs, data, WebSockets and workers from blobs, and no inline script', async () => {
    const { headers } = await get('/')
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'self'")
    expect(policy).toContain("connect-src 'self' blob: data: ws: wss:")
    expect(policy).toContain("worker-src 'self' blob:")
    expect(policy).toContain("script-src 'self' blob: 'wasm-unsafe-eval'")
    expect(policy).not.toContain('upgrade-insecure-requests')
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['strict-transport-security']).toBeUndefined()
    expect(headers['x-powered-by']).toBeUndefined()
  })

  it('no other site frames the web app, and camera, microphone and screen are for its own pages only', async () => {
    for (const url of ['/', '/m/abcdef', '/nothing.js']) {
      const { headers } = await get(url)
      expect(headers['content-security-policy']).toContain("frame-ancestors 'self'")
      const allowed = String(headers['permissions-policy']).split(', ')
      for (const feature of ['camera', 'microphone', 'display-capture'])
        expect(allowed).toContain(`${feature}=(self)`)
      for (const feature of ['geolocation', 'payment', 'usb'])
        expect(allowed).toContain(`${feature}=()`)
    }
  })

  it('no answer sets a cookie', async () => {
    for (const url of ['/', '/healthz', '/sdk/yuntang.js'])
      expect((await get(url)).headers['set-cookie']).toBeUndefined()
  })

  it('an error answer carries them too', async () => {
    const { headers } = await get('/nothing.js')
    expect(headers['x-content-type-options']).toBe('nosniff')
  })
})

describe('errors', () => {
  it('a route that throws answers a sentence without a detail of it', async () => {
    const own = await createTestHttpServer(dir)
    own.app.get('/broken', () => {
      throw new Error('secret detail')
    })
    const answer = await own.app.inject('/broken')
    expect(answer.statusCode).toBe(500)
    expect(answer.json()).toEqual({ error: 'The server failed while handling the request.' })
    await own.close()
  })

  it('more than 3000 requests a minute from one address are refused; health is not', async () => {
    const own = await createTestHttpServer(dir)
    let last = await own.app.inject('/favicon.svg')
    for (let i = 0; i < 3000; i += 100)
      last = (await Promise.all(Array.from({ length: 100 }, () => own.app.inject('/none.x')))).at(
        -1,
      )!
    expect(last.statusCode).toBe(429)
    expect(last.json()).toEqual({ error: 'Too many requests; wait a minute.' })
    expect((await own.app.inject('/healthz')).statusCode).toBe(200)
    await own.close()
  })
})

describe('allowed origins', () => {
  it('00 §11: with a list, only its origins get cross-origin answers', async () => {
    const own = await createTestHttpServer(dir, { allowedOrigins: ['https://shop.example'] })
    const allowed = async (origin: string) =>
      (await own.app.inject({ url: '/sdk/yuntang.js', headers: { origin } })).headers[
        'access-control-allow-origin'
      ]
    expect(await allowed('https://shop.example')).toBe('https://shop.example')
    expect(await allowed('https://evil.example')).toBeUndefined()
    await own.close()
  })
})

describe('nothing built', () => {
  it('a server without web app and SDK still answers health and 404', async () => {
    const { createHttpServer } = await import('../../src/http/server.ts')
    const { silentLog } = await import('../../src/core/log.ts')
    const { createFakeClock } = await import('../../src/core/clock.ts')
    const own = await createHttpServer({
      config: { ...PLAIN, dataDir: dir },
      log: silentLog,
      clock: createFakeClock(),
      webDir: `${dir}/none`,
      sdkDir: `${dir}/none`,
      ready: () => true,
    })
    expect((await own.app.inject('/healthz')).statusCode).toBe(200)
    expect((await own.app.inject('/')).statusCode).toBe(404)
    await own.close()
  })
})

const PLAIN = {
  host: null,
  port: 0,
  https: false,
  allowedOrigins: null,
  trustedProxies: [],
  publicIps: [],
}
