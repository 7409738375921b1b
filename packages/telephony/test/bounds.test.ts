import { describe, expect, test } from 'vitest'
import { settled } from './support/clock.ts'
import { answered, dialled, heard, nothingLeft } from './support/dialled.ts'
import { Peer } from './support/peer.ts'
import { sound } from './support/scenario.ts'

describe('bounds', () => {
  test('a call without a port for its sound: failed, and 480 to callers', async () => {
    const peer = await Peer.start()
    peer.media.full = true
    const told = heard(peer.telephone.dial('4930'))
    await settled()
    expect(told).toEqual(['ended failed 0'])
    await peer.ask('INVITE', { body: sound() })
    expect(peer.responses().at(-1)?.status).toBe(480)
    await nothingLeft(peer)
  })

  test.each([
    '',
    'abc',
    'sips:bob@example.com',
    'sip:example.com',
    '12\r\nX: y',
    `sip:${'a'.repeat(2000)}@x`,
  ])('%j cannot be called', async (to) => {
    const peer = await Peer.start()
    const told = heard(peer.telephone.dial(to))
    await settled()
    expect(told).toEqual(['ended failed 0'])
    expect(peer.sent).toEqual([])
  })

  test('numbers are rewritten; sip: and tel: are taken as they are', async () => {
    const peer = await Peer.start({ rewrite: (number) => `00${number.replace('+', '')}` })
    for (const to of ['+49 (30) 1-2', 'tel:+49-30;ext=1', 'sip:bob@host.example;x=y'])
      peer.telephone.dial(to)
    await settled()
    expect(peer.requests('INVITE').map((r) => r.uri)).toEqual([
      'sip:00493012@trunk.example',
      'sip:004930@trunk.example',
      'sip:bob@host.example',
    ])
  })

  test('more calls than allowed are busy, both ways', async () => {
    const peer = await Peer.start({ maxCalls: 1 })
    peer.telephone.dial('1')
    const told = heard(peer.telephone.dial('2'))
    await settled()
    expect(told).toEqual(['ended busy 0'])
    await peer.ask('INVITE', { body: sound() })
    expect(peer.responses().at(-1)?.status).toBe(486)
  })

  test('more transactions than allowed get 503 and leave nothing', async () => {
    const peer = await Peer.start()
    for (let i = 0; i < 2000; i++) await peer.ask('OPTIONS')
    expect(peer.layer.size).toBe(2000)
    await peer.ask('OPTIONS')
    expect(peer.responses().at(-1)?.status).toBe(503)
    expect(peer.layer.size).toBe(2000)
    await nothingLeft(peer)
  })

  test('a challenge after the caller gave up is not answered', async () => {
    const { peer, call, told } = await dialled()
    call.hangUp()
    await peer.answer(peer.last('INVITE'), 401, {
      headers: { 'WWW-Authenticate': 'Digest realm="r", nonce="n"' },
    })
    expect(peer.count('INVITE')).toBe(1)
    expect(told).toEqual(['ended cancelled 0'])
    await nothingLeft(peer)
  })

  test('closing hangs up everything', async () => {
    const { peer, told } = await answered({})
    peer.telephone.dial('2')
    await settled()
    const closed = peer.telephone.close()
    await settled()
    expect(told).toEqual(['answered', 'ended hungUp 0'])
    await peer.answer(peer.last('BYE'), 200)
    await peer.clock.advance(2020)
    await closed
    expect(peer.layer.size).toBe(0)
  })
})
