import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterEach, describe, expect, test } from 'vitest'
import { freePort } from './support/sipp.ts'
import { startTelephone, story } from './support/telephones.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

const options = (cseq: number, extra = '') =>
  `OPTIONS sip:1000@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:1;rport;branch=z9hG4bK${cseq}\r\nFrom: <sip:a@b>;tag=a\r\nTo: <sip:1000@127.0.0.1>\r\nCall-ID: c\r\nCSeq: ${cseq} OPTIONS\r\n${extra}Content-Length: 0\r\n\r\n`

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const until = async (check: () => boolean) => {
  for (let i = 0; !check(); i++) {
    if (i > 500) throw new Error(`did not come: ${check}`)
    await pause(10)
  }
}

describe('over UDP', () => {
  const udpFrom = async (address: string): Promise<{ socket: UdpSocket; got: string[] }> => {
    const socket = createSocket('udp4')
    const got: string[] = []
    socket.on('message', (data) => got.push(data.toString()))
    await new Promise<void>((resolve) => socket.bind(0, address, resolve))
    closers.push(() => socket.close())
    return { socket, got }
  }

  test('the trunk is heard from any port; anybody else gets no answer and leaves nothing', async () => {
    const { telephone, log } = await startTelephone({ port: await freePort() })
    const incoming: unknown[] = []
    telephone.on('incoming', (call) => incoming.push(call))
    const { port } = telephone.local
    const trunk = await udpFrom('127.0.0.1')
    const stranger = await udpFrom('127.0.0.2')
    const invite = options(1)
      .replaceAll('OPTIONS', 'INVITE')
      .replace('Content-', 'Contact: <sip:x@127.0.0.2>\r\nContent-')
    stranger.socket.send(invite, port, '127.0.0.1')
    stranger.socket.send(options(2), port, '127.0.0.1')
    stranger.socket.send('rubbish', port, '127.0.0.1')
    trunk.socket.send('\r\n\r\n', port, '127.0.0.1')
    trunk.socket.send('rubbish', port, '127.0.0.1')
    trunk.socket.send(options(3), port, '127.0.0.1')
    await until(() => trunk.got.length > 0)
    expect(trunk.got[0]).toMatch(/^SIP\/2.0 200 OK/)
    expect(trunk.got[0]).toContain(`rport=${trunk.socket.address().port};received=127.0.0.1`)
    expect(stranger.got).toEqual([])
    expect(incoming).toEqual([])
    expect(log.filter((line) => line.includes('127.0.0.2'))).toEqual([])
  })

  test('a trunk that is not there is unreachable at once, by what the kernel says', async () => {
    const { telephone } = await startTelephone({ port: await freePort() })
    const from = performance.now()
    const { until: comes } = story(telephone.dial('1'))
    await comes('ended unreachable')
    expect(performance.now() - from).toBeLessThan(5000)
  })

  test('a name that nobody knows is unreachable', async () => {
    const lookup = () => Promise.reject(new Error('ENOTFOUND'))
    const { telephone } = await startTelephone(
      { port: 5060 },
      { trunk: { host: 'trunk.example', port: 5060, transport: 'udp' }, lookup },
    )
    const call = story(telephone.dial('1'))
    await call.until('ended')
    expect(call.told).toEqual(['ended unreachable 0'])
  })

  test('a port that somebody has, an address or a host that are none: it does not start', async () => {
    const taken = await udpFrom('127.0.0.1')
    const localPort = taken.socket.address().port
    await expect(startTelephone({ port: 5060 }, { localPort })).rejects.toThrow(/EADDRINUSE/)
    const wrong = { publicAddress: 'example.com' }
    await expect(startTelephone({ port: 5060 }, wrong)).rejects.toThrow(/publicAddress/)
    const trunk = { host: 'no host', port: 1, transport: 'udp' } as const
    await expect(startTelephone({ port: 1 }, { trunk })).rejects.toThrow(/Not a host/)
  })

  test('behind NAT the trunk is told the public address', async () => {
    const trunk = await udpFrom('127.0.0.1')
    const { telephone } = await startTelephone(
      { port: trunk.socket.address().port },
      { publicAddress: '203.0.113.5' },
    )
    telephone.dial('1')
    await until(() => trunk.got.length > 0)
    expect(trunk.got[0]).toContain(`Contact: <sip:yun@203.0.113.5:${telephone.local.port}>`)
    expect(trunk.got[0]).toContain('c=IN IP4 203.0.113.5')
    expect(trunk.got[0]).toMatch(/Via: SIP\/2.0\/UDP 127.0.0.1:\d+;rport;branch=z9hG4bK/)
  })
})

test.skipIf(
  !Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1')),
)('over IPv6', async () => {
  const socket = createSocket('udp6')
  closers.push(() => socket.close())
  await new Promise<void>((resolve) => socket.bind(0, '::1', resolve))
  const { port } = socket.address()
  const heard = new Promise<string>((resolve) => {
    socket.on('message', (data) => resolve(data.toString()))
  })
  const { telephone } = await startTelephone(
    { port },
    { trunk: { host: '::1', port, transport: 'udp' } },
  )
  telephone.dial('1')
  const invite = await heard
  expect(invite).toContain(`INVITE sip:1@[::1]:${port} SIP/2.0`)
  expect(invite).toContain(`Contact: <sip:yun@[::1]:${telephone.local.port}>`)
  expect(invite).toContain('c=IN IP6 ::1')
})

describe('over TCP', () => {
  const trunkServer = async () => {
    const connections: Socket[] = []
    let got = ''
    const server: Server = createServer((socket) => {
      connections.push(socket)
      socket.on('error', () => {})
      socket.on('data', (data) => {
        got += data
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closers.push(() => {
      for (const socket of connections) socket.destroy()
      server.close()
    })
    const { port } = server.address() as { port: number }
    return { port, connections, got: () => got }
  }

  test('messages come byte by byte, keep-alives are answered (RFC 5626 §4.4.1)', async () => {
    const trunk = await trunkServer()
    await startTelephone({ port: trunk.port, transport: 'tcp' })
    await until(() => trunk.connections.length === 1)
    const [socket] = trunk.connections
    socket!.setNoDelay(true)
    for (const byte of `${options(1)}\r\n\r\n${options(2)}`) socket!.write(byte)
    await until(() => /CSeq: 2 OPTIONS/.test(trunk.got()))
    expect(trunk.got()).toContain('CSeq: 1 OPTIONS')
    await until(() => trunk.got().includes('Content-Length: 0\r\n\r\n\r\n'))
  })

  test('the trunk may connect to us, others are cut off at once', async () => {
    const trunk = await trunkServer()
    const { telephone } = await startTelephone({ port: trunk.port, transport: 'tcp' })
    const { port } = telephone.local
    const dial = (localAddress: string) => {
      const socket = connect({ port, host: '127.0.0.1', localAddress })
      let got = ''
      let closed = false
      socket.on('data', (data) => {
        got += data
      })
      socket.on('error', () => {})
      socket.on('close', () => {
        closed = true
      })
      closers.push(() => socket.destroy())
      return { socket, got: () => got, closed: () => closed }
    }
    const stranger = dial('127.0.0.2')
    stranger.socket.write(options(1))
    const mine = dial('127.0.0.1')
    mine.socket.write(options(2))
    await until(() => mine.got().includes('200 OK') && stranger.closed())
    expect(stranger.got()).toBe('')
    mine.socket.write('GET / HTTP/1.1\r\n\r\n')
    await until(mine.closed)
  })

  test('a connection that breaks is made again for the next call', async () => {
    const trunk = await trunkServer()
    const { telephone } = await startTelephone({ port: trunk.port, transport: 'tcp' })
    await until(() => trunk.connections.length === 1)
    trunk.connections[0]!.destroy()
    await pause(50)
    telephone.dial('1')
    await until(() => trunk.got().includes('INVITE sip:1@127.0.0.1'))
    expect(trunk.connections).toHaveLength(2)
  })

  test('a call whose connection breaks before any answer is unreachable; so is a closed port', async () => {
    const trunk = await trunkServer()
    const { telephone } = await startTelephone({ port: trunk.port, transport: 'tcp' })
    const call = story(telephone.dial('1'))
    await until(() => trunk.got().includes('INVITE'))
    trunk.connections[0]!.destroy()
    await call.until('ended unreachable')
    const nobody = await startTelephone({ port: await freePort(), transport: 'tcp' })
    await story(nobody.telephone.dial('1')).until('ended unreachable')
  })
})
