import { createSocket } from 'node:dgram'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import './support/seed.ts'
import {
  isGenuine,
  lacksTieBreaker,
  readIceCheck,
  withTieBreaker,
} from '../src/transport/ice-check.ts'
import { createNativeFactory } from '../src/transport/native.ts'
import { openRelayedPort } from '../src/transport/relayed-port.ts'
import { corpus } from './support/corpus.ts'
import { iceCheck } from './support/ice-check.ts'
import { nativePage } from './support/native-page.ts'
import { freePort, until } from './support/wait.ts'

const PASSWORD = 'the password of this side'
const ZERO = iceCheck({ user: 'abcd:wxyz', password: PASSWORD, tieBreaker: 0n })

describe('RFC 8445 §16.1: the tie-breaker of a check', () => {
  test('one of zero is seen, replaced and signed anew: integrity and fingerprint hold', () => {
    const check = readIceCheck(ZERO)
    if (!check) throw new Error('not read')
    expect(check.ufrag).toBe('abcd')
    expect(lacksTieBreaker(ZERO, check)).toBe(true)
    expect(isGenuine(ZERO, check, PASSWORD)).toBe(true)
    const mended = withTieBreaker(ZERO, check, PASSWORD)
    expect(mended).toEqual(iceCheck({ user: 'abcd:wxyz', password: PASSWORD, tieBreaker: 1n }))
    expect(lacksTieBreaker(mended, check)).toBe(false)
  })
  test('any other is left alone', () => {
    const packet = iceCheck({ user: 'abcd:wxyz', password: PASSWORD, tieBreaker: 1n << 63n })
    const check = readIceCheck(packet)
    expect(check && lacksTieBreaker(packet, check)).toBe(false)
  })
  test('a check under another password is not genuine', () => {
    const check = readIceCheck(ZERO)
    expect(check && isGenuine(ZERO, check, 'another')).toBe(false)
  })
  test('any bytes, and any damaged check, are read or refused, never thrown at', () => {
    const damaged = fc
      .tuple(fc.nat(ZERO.length - 1), fc.nat(255), fc.nat(ZERO.length))
      .map(([at, value, length]) => {
        const bytes = Buffer.from(ZERO)
        bytes[at] = value
        return bytes.subarray(0, length)
      })
    const any = fc.oneof(
      damaged,
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    )
    fc.assert(
      fc.property(any, (packet) => {
        const check = readIceCheck(packet)
        if (!check) return
        isGenuine(packet, check, PASSWORD)
        lacksTieBreaker(packet, check)
        expect(withTieBreaker(packet, check, PASSWORD)).toHaveLength(packet.length)
      }),
      { numRuns: 5_000, examples: corpus('stun').map((b): [Buffer] => [b]) },
    )
  })
})

describe('the second port, for pages behind relays over TCP', async () => {
  const [target, port] = [await freePort(), await freePort()]
  const relayed = await openRelayedPort({ port, target })
  const factory = createNativeFactory({ port: target, announce: ['127.0.0.1', '::1'], relayed })
  const stranger = createSocket('udp4')
  afterAll(() => {
    factory.close()
    stranger.close()
  })

  test('is announced last, and only in addresses that it listens on', () => {
    expect(factory.candidates).toEqual([
      `candidate:1 1 udp 2130706431 127.0.0.1 ${target} typ host`,
      `candidate:2 1 udp 2130706175 ::1 ${target} typ host`,
      `candidate:r1 1 udp 16777215 127.0.0.1 ${port} typ host`,
    ])
  })

  test('media goes through it, both ways', async () => {
    const page = await nativePage()
    const transport = factory.create(page.parameters)
    page.answer(transport.local, factory.candidates.at(-1) as string)
    await until(() => transport.state === 'connected' && page.track.isOpen(), 5000)
    transport.close()
    page.close()
  })

  test('a check whose tie-breaker is zero is answered with success, not with 400 (Chromium over a TCP relay)', async () => {
    const page = await nativePage()
    const transport = factory.create(page.parameters)
    const { ufrag, password } = transport.local
    const user = `${ufrag}:${page.parameters.ufrag}`
    const answers: number[] = []
    stranger.on('message', (packet) => {
      // The engine checks this address in turn: only answers count.
      if (packet.readUInt16BE(0) !== 0x0001) answers.push(packet.readUInt16BE(0))
    })
    const send = (packet: Buffer) =>
      new Promise<void>((resolve) => stranger.send(packet, port, '127.0.0.1', () => resolve()))
    await send(Buffer.from('no check'))
    await send(iceCheck({ user, password: 'guessed', tieBreaker: 0n }))
    await send(iceCheck({ user: 'nobody:x', password, tieBreaker: 0n }))
    await send(iceCheck({ user, password, tieBreaker: 0n }))
    await until(() => answers.length > 0)
    expect(answers).toEqual([0x0101])
    transport.close()
    page.close()
  })

  test('one page, from however many ports, keeps 16 of its senders and pushes out nobody else', async () => {
    const before = relayed.flows
    const one = async (senders: number) => {
      const page = await nativePage()
      const transport = factory.create(page.parameters)
      const { ufrag, password } = transport.local
      const user = `${ufrag}:${page.parameters.ufrag}`
      const check = iceCheck({ user, password, tieBreaker: 1n })
      const sockets = Array.from({ length: senders }, () => createSocket('udp4'))
      let answers = 0
      for (const socket of sockets) {
        socket.on('message', () => {
          answers += 1
        })
        await new Promise<void>((sent) => socket.send(check, port, '127.0.0.1', () => sent()))
      }
      return {
        answered: () => until(() => answers > 0),
        close() {
          for (const socket of sockets) socket.close()
          transport.close()
          page.close()
        },
      }
    }
    const first = await one(1)
    const greedy = await one(30)
    const last = await one(1)
    // Then all before it were read.
    await last.answered()
    expect(relayed.flows).toBe(before + 18)
    for (const each of [first, greedy, last]) each.close()
  })

  test('a taken port is told in one sentence', async () => {
    await expect(openRelayedPort({ port, target })).rejects.toThrow(/UDP port \d+ is taken/)
  })
})
