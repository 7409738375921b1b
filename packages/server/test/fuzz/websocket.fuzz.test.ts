import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Gateway } from '../../src/gateway/gateway.ts'
import type { LinkSocket } from '../../src/gateway/link.ts'
import type { SocketSession } from '../../src/gateway/socket-session.ts'
import { attachWebSockets } from '../../src/gateway/websocket.ts'
import type { HttpServer } from '../../src/http/server.ts'
import { createTestHttpServer } from '../support/http-server.ts'
import { startTestApp, type TestApp, TestPage } from '../support/page.ts'
import { tempDir } from '../support/temp-dir.ts'

const { dir, remove } = tempDir()
const HELLO = JSON.stringify({
  id: 1,
  method: 'session.hello',
  params: { protocol: 1, sdk: 't', instance: 'instance-x' },
})
let test: TestApp
let http: HttpServer
let port: number
let sockets: { close(): void }
let watcher: TestPage
let heard: number

beforeAll(async () => {
  test = await startTestApp()
  http = await createTestHttpServer(dir)
  sockets = attachWebSockets(http.server, test.app.gateway, {
    origins: null,
    secure: false,
    newcomersPerAddress: 10_000,
  })
  port = (await http.listen()).port
  watcher = await new TestPage(test).login('watcher-one')
  heard = watcher.frames.length
}, 60_000)
afterAll(async () => {
  sockets.close()
  test.app.close()
  await http.close()
  await test.storage.close()
  remove()
})

const head = (more: readonly string[] = [], path = '/ws') =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    ...more,
    '',
    '',
  ].join('\r\n')

/** A bare TCP peer; `said` is what the server sent. */
const dial = async (to = port) => {
  const socket: Socket = connect(to, '127.0.0.1')
  const said: Buffer[] = []
  socket.on('error', () => {})
  socket.on('data', (chunk) => said.push(chunk))
  // A reset ends it as well: `once` would reject.
  const closed = new Promise((resolve) => socket.once('close', resolve))
  await once(socket, 'connect')
  return { socket, closed, text: () => Buffer.concat(said).toString('latin1') }
}

const until = async (check: () => boolean, ms = 8000) => {
  for (const end = performance.now() + ms; !check(); ) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${check}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

const upgraded = async (to = port, more: readonly string[] = []) => {
  const peer = await dial(to)
  peer.socket.write(head(more))
  await until(() => peer.text().includes('\r\n\r\n'))
  return peer
}

/** A masked frame (RFC 6455 §5.2); `length` may lie. */
const frame = (first: number, payload: Buffer, length = payload.length): Buffer => {
  const mask = Buffer.from([1, 2, 3, 4])
  const size =
    length < 126
      ? Buffer.from([0x80 | length])
      : length < 65_536
        ? Buffer.from([0xfe, length >> 8, length & 255])
        : Buffer.concat([Buffer.from([0xff]), eight(length)])
  const masked = payload.map((byte, i) => byte ^ (mask[i % 4] as number))
  return Buffer.concat([Buffer.from([first]), size, mask, masked])
}
const eight = (n: number) => {
  const b = Buffer.alloc(8)
  b.writeBigUInt64BE(BigInt(n))
  return b
}
const TEXT = 0x81

/** The server answers, and the other page was told nothing. */
const undisturbed = async () => {
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200)
  expect(watcher.frames.length).toBe(heard)
  watcher.raw('{"ping":7}')
  expect(watcher.frames.at(-1)).toEqual({ pong: 7 })
  heard = watcher.frames.length
}

it('any bytes after the handshake cost only their sender', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          fc.uint8Array({ minLength: 1, maxLength: 300 }).map((b) => Buffer.from(b)),
          fc
            .tuple(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 200 }))
            .map(([first, payload]) => frame(first, Buffer.from(payload))),
          fc.constant(frame(TEXT, Buffer.from(HELLO))),
        ),
        { minLength: 1, maxLength: 8 },
      ),
      async (chunks) => {
        const peer = await upgraded()
        for (const chunk of chunks) peer.socket.write(chunk)
        await new Promise((resolve) => setTimeout(resolve, 2))
        peer.socket.resetAndDestroy()
        await peer.closed
      },
    ),
    { seed: 20261125, numRuns: 100, endOnFailure: true },
  )
  await undisturbed()
})

it.each<[string, () => Buffer[], number]>([
  ['a message announced as 1 TB', () => [frame(TEXT, Buffer.from('x'), 2 ** 40)], 1009],
  ['600 KB in one frame', () => [frame(TEXT, Buffer.alloc(600_000, 'x'))], 1009],
  [
    '600 KB in fragments',
    () => [
      frame(0x01, Buffer.alloc(1000, 'x')),
      ...Array.from({ length: 600 }, () => frame(0x00, Buffer.alloc(1000, 'x'))),
    ],
    1009,
  ],
  [
    '100,000 empty fragments',
    () => [
      frame(1, Buffer.alloc(0)),
      Buffer.concat(Array.from({ length: 100_000 }, () => frame(0, Buffer.alloc(0)))),
    ],
    1008,
  ],
  ['a compressed message that was never agreed on', () => [frame(0xc1, randomBytes(50))], 1002],
  ['a message that is not UTF-8', () => [frame(TEXT, Buffer.from([0xc3, 0x28]))], 1007],
  ['an unmasked frame', () => [Buffer.from([0x81, 1, 0x41])], 1002],
  ['a ping that is too long', () => [frame(0x89, Buffer.alloc(126))], 1002],
])('%s ends its own socket only', async (_, make, code) => {
  const peer = await upgraded()
  for (const chunk of make()) peer.socket.write(chunk)
  // The close frame (RFC 6455 §5.5.1) carries the code.
  const mark = Buffer.from([code >> 8, code & 255]).toString('latin1')
  await until(() => peer.text().includes(mark, peer.text().indexOf('\r\n\r\n')))
  peer.socket.destroy()
  await peer.closed
  await undisturbed()
})

it('ASVS 4.4: compression is never agreed on, so that nothing can grow by inflating', async () => {
  const peer = await upgraded(port, [
    'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits',
  ])
  expect(peer.text()).toMatch(/^HTTP\/1\.1 101 /)
  expect(peer.text().toLowerCase()).not.toContain('sec-websocket-extensions')
  peer.socket.destroy()
})

it('a binary message before the greeting is refused', async () => {
  const peer = await upgraded()
  peer.socket.write(
    Buffer.concat([frame(0x82, randomBytes(1000)), frame(TEXT, Buffer.from(HELLO))]),
  )
  await until(() => peer.text().includes('frame.invalid'))
  peer.socket.destroy()
})

it.each([
  ['pings', frame(0x89, Buffer.alloc(100))],
  ['application pings', frame(TEXT, Buffer.from('{"ping":1}'))],
])('a flood of %s from a peer that reads nothing ends its socket', async (_, one) => {
  const peer = await upgraded()
  peer.socket.write(frame(TEXT, Buffer.from(HELLO)))
  await until(() => peer.text().includes('"hello"'))
  peer.socket.pause()
  const flood = Buffer.concat(Array.from({ length: 6000 }, () => one))
  peer.socket.write(flood)
  peer.socket.resume()
  await peer.closed
  await undisturbed()
})

it('what a peer does not read is bounded: past 8 MB it is cut off', async () => {
  let link: LinkSocket | null = null
  let ended = false
  const session = {
    message: () => {},
    unproven: () => true,
    closed: () => {
      ended = true
    },
  }
  const gateway = {
    options: { resumeWindow: 10 },
    accept(socket: LinkSocket) {
      link = socket
      return session as unknown as SocketSession
    },
  } as unknown as Gateway
  const own = await createTestHttpServer(dir)
  const attached = attachWebSockets(own.server, gateway, { origins: null, secure: false })
  const peer = await upgraded((await own.listen()).port)
  peer.socket.pause()
  const socket = link as unknown as LinkSocket
  let most = 0
  for (let i = 0; i < 200 && !ended; i++) {
    socket.send('x'.repeat(256 * 1024))
    most = Math.max(most, socket.bufferedAmount)
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(ended).toBe(true)
  expect(most).toBeLessThan(9 * 1024 * 1024)
  peer.socket.destroy()
  attached.close()
  await own.close()
})

it.each([
  ['/nothing', 404],
  ['/ws/x', 404],
  ['/WS', 404],
])(
  'an upgrade of %s is refused, and a peer that resets it meanwhile ends nothing',
  async (path, status) => {
    const peer = await dial()
    peer.socket.write(head([], path))
    await peer.closed
    expect(peer.text()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    for (let i = 0; i < 40; i++) {
      const rude = await dial()
      rude.socket.write(head([], path))
      rude.socket.resetAndDestroy()
      await rude.closed
    }
    await undisturbed()
  },
)

it('00 §11: with a list, a page of another origin gets no socket; its own pages and programs do', async () => {
  const own = await createTestHttpServer(dir)
  const attached = attachWebSockets(own.server, test.app.gateway, {
    origins: ['https://shop.example'],
    secure: false,
  })
  const to = (await own.listen()).port
  const statusFor = async (headers: string[]) => {
    const peer = await dial(to)
    peer.socket.write(head(headers))
    await until(() => peer.text().includes('\r\n\r\n'))
    peer.socket.destroy()
    return Number(peer.text().slice(9, 12))
  }
  expect(await statusFor(['Origin: https://evil.example'])).toBe(403)
  expect(await statusFor(['Origin: null'])).toBe(403)
  expect(await statusFor(['Origin: https://shop.example'])).toBe(101)
  expect(await statusFor(['Origin: http://127.0.0.1'])).toBe(101)
  expect(await statusFor([])).toBe(101)
  attached.close()
  await own.close()
})

it('one address may hold so many sockets without a login; a login makes room', async () => {
  const own = await createTestHttpServer(dir)
  const attached = attachWebSockets(own.server, test.app.gateway, {
    origins: null,
    secure: false,
    newcomersPerAddress: 3,
  })
  const to = (await own.listen()).port
  const peers = [await upgraded(to), await upgraded(to), await upgraded(to)]
  expect((await upgraded(to)).text()).toMatch(/^HTTP\/1\.1 429 /)
  const login = {
    id: 2,
    method: 'session.login',
    params: { account: 'demo', password: '0'.repeat(32), nickName: 'n', userID: 'newcomer' },
  }
  peers[0]?.socket.write(frame(TEXT, Buffer.from(HELLO)))
  peers[0]?.socket.write(frame(TEXT, Buffer.from(JSON.stringify(login))))
  await until(() => peers[0]?.text().includes('"proof"') ?? false)
  peers.push(await upgraded(to))
  expect(peers.at(-1)?.text()).toMatch(/^HTTP\/1\.1 101 /)
  expect((await upgraded(to)).text()).toMatch(/^HTTP\/1\.1 429 /)
  // Closing does not make room at once: what was opened may still wait for a return.
  peers[1]?.socket.destroy()
  await peers[1]?.closed
  expect((await upgraded(to)).text()).toMatch(/^HTTP\/1\.1 429 /)
  for (const p of peers) p.socket.destroy()
  attached.close()
  await own.close()
})

it.each([
  ['meet.example:8443', 'http://meet.example:8443'],
  ['"><script>alert(1)</script>', 'http://localhost'],
  ['evil.example/path', 'http://localhost'],
  ['user@evil.example', 'http://localhost'],
  ['x'.repeat(300), 'http://localhost'],
])('03 §2: under the Host %s public links begin with %s', async (name, base) => {
  let seen = ''
  const other = await createTestHttpServer(dir)
  const attached = attachWebSockets(
    other.server,
    {
      options: test.app.gateway.options,
      accept: (socket: LinkSocket, from: { base: string }) => {
        seen = from.base
        return test.app.gateway.accept(socket, { base: from.base, address: 'x' })
      },
    } as unknown as Gateway,
    { origins: null, secure: false },
  )
  const { port: at } = await other.listen()
  const peer = await dial(at)
  peer.socket.write(head().replace('Host: 127.0.0.1', `Host: ${name}`))
  await until(() => seen !== '')
  expect(seen).toBe(base)
  peer.socket.destroy()
  attached.close()
  await other.close()
})
