import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { Agent, get as httpGet } from 'node:http'
import { get as httpsGet } from 'node:https'
import { connect } from 'node:net'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { StartError } from '../../src/core/start-error.ts'
import { hostAddresses } from '../../src/http/addresses.ts'
import { loadCertificate } from '../../src/http/certificate.ts'
import { createTestHttpServer } from '../support/http-server.ts'
import { tempDir } from '../support/temp-dir.ts'

const { dir, remove } = tempDir()
afterAll(remove)
const NOW = Date.UTC(2026, 0, 1)
const DAY = 86_400_000

describe('listening', () => {
  it('a taken port is one sentence', async () => {
    const first = await createTestHttpServer(dir)
    const { port } = await first.listen()
    const second = await createTestHttpServer(dir, { port })
    const failure = await second.listen().catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(StartError)
    expect(String(failure)).toBe(
      `StartError: Port ${port} is in use by another program; stop that one, or set PORT to another number.`,
    )
    await second.close()
    await first.close()
  })

  it('a HOST that is not ours is one sentence', async () => {
    const http = await createTestHttpServer(dir, { host: '203.0.113.1' })
    await expect(http.listen()).rejects.toThrow('HOST "203.0.113.1" is not an address of this')
    await http.close()
  })

  it('without HOST it answers on 127.0.0.1 and names localhost first, then every own address', async () => {
    const http = await createTestHttpServer(dir, { host: null })
    const { port, urls } = await http.listen()
    expect(urls[0]).toBe(`http://localhost:${port}`)
    expect(urls).toHaveLength(1 + hostAddresses().length)
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200)
    await http.close()
  })
})

describe('closing', () => {
  it('ends keep-alive connections at once and WebSockets after a moment; twice is harmless', async () => {
    const http = await createTestHttpServer(dir)
    const { port } = await http.listen()
    const agent = new Agent({ keepAlive: true })
    const [response] = await once(
      httpGet({ port, host: '127.0.0.1', path: '/healthz', agent }),
      'response',
    )
    response.resume()
    await once(response, 'end')
    const from = Date.now()
    await Promise.all([http.close(), http.close()])
    // Of its own accord a kept connection ends after seconds.
    expect(Date.now() - from).toBeLessThan(2_000)
    agent.destroy()
  })

  it('an upgraded connection that nobody closes does not hold the server up', async () => {
    const http = await createTestHttpServer(dir)
    const gateway = new WebSocketServer({ server: http.server, path: '/ws' })
    const { port } = await http.listen()
    const page = new WebSocket(`ws://127.0.0.1:${port}/ws`)
    await once(page, 'open')
    const gone = once(page, 'close')
    await http.close()
    await gone
    gateway.close()
  })

  it('a server that never listened can be closed', async () => {
    await (await createTestHttpServer(dir)).close()
  })

  it('a half-sent request does not hold the server up', async () => {
    const http = await createTestHttpServer(dir)
    const { port } = await http.listen()
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write('GET / HTTP/1.1\r\n')
    socket.on('error', () => {})
    const gone = once(socket, 'close')
    await new Promise((resolve) => setImmediate(resolve))
    await http.close()
    await gone
  })
})

describe('HTTPS', () => {
  it('serves with a self-signed certificate that names localhost and 127.0.0.1', async () => {
    const http = await createTestHttpServer(dir, { https: true })
    const { port, urls } = await http.listen()
    expect(urls[0]).toBe(`https://127.0.0.1:${port}`)
    const ca = readFileSync(path.join(dir, 'certificate.pem'))
    for (const host of ['127.0.0.1', 'localhost']) {
      const [response] = await once(
        httpsGet({ port, host, family: 4, path: '/healthz', ca }),
        'response',
      )
      response.resume()
      expect(response.statusCode).toBe(200)
    }
    await http.close()
  })

  it('keeps it readable to the owner only, and takes it again at the next start', async () => {
    const kept = await loadCertificate(dir, [], Date.now())
    expect(await loadCertificate(dir, [], Date.now())).toEqual(kept)
    expect(statSync(path.join(dir, 'certificate-key.pem')).mode & 0o777).toBe(0o600)
  })

  it('makes a new one before it expires and for a new address', async () => {
    const own = tempDir()
    const first = await loadCertificate(own.dir, ['192.0.2.1'], NOW)
    expect(await loadCertificate(own.dir, ['192.0.2.1'], NOW + 300 * DAY)).toEqual(first)
    const moved = await loadCertificate(own.dir, ['192.0.2.1', '2001:db8::5'], NOW)
    expect(moved).not.toEqual(first)
    expect(await loadCertificate(own.dir, ['192.0.2.1'], NOW + 340 * DAY)).not.toEqual(moved)
    own.remove()
  })

  it('never replaces the certificate of the operator, and names one that cannot be read', async () => {
    const own = tempDir()
    const { generate } = await import('selfsigned')
    const theirs = await generate([{ name: 'commonName', value: 'calls.example' }], {
      keyType: 'ec',
    })
    writeFileSync(path.join(own.dir, 'certificate.pem'), theirs.cert)
    writeFileSync(path.join(own.dir, 'certificate-key.pem'), theirs.private)
    const kept = await loadCertificate(own.dir, ['192.0.2.1'], NOW)
    expect(kept.cert).toBe(theirs.cert)
    writeFileSync(path.join(own.dir, 'certificate.pem'), 'rubbish')
    const failure = await loadCertificate(own.dir, [], NOW).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(StartError)
    own.remove()
  })
})
