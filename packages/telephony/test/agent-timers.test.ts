import { describe, expect, test } from 'vitest'
import type { Call } from '../src/index.ts'
import { settled } from './support/clock.ts'
import { Peer, type PeerOptions } from './support/peer.ts'
import { sound } from './support/scenario.ts'

const heard = (call: Call): string[] => {
  const told: string[] = []
  call.on('ringing', () => told.push('ringing'))
  call.on('answered', () => told.push('answered'))
  call.on('ended', (why, status) => told.push(`ended ${why} ${status}`))
  return told
}

const dialled = async (options: PeerOptions = {}) => {
  const peer = await Peer.start(options)
  const call = peer.telephone.dial('4930')
  const told = heard(call)
  await settled()
  return { peer, call, told }
}

/** A call that the trunk answered, with these headers in its 200. */
const answered = async (headers: Record<string, string>, options: PeerOptions = {}) => {
  const all = await dialled(options)
  await all.peer.answer(all.peer.last('INVITE'), 200, { headers })
  expect(all.told).toEqual(['answered'])
  return all
}

/** After everything has run out nothing is kept. */
const nothingLeft = async (peer: Peer) => {
  await peer.clock.advance(200_000)
  expect(peer.layer.size).toBe(0)
  expect(peer.media.lines.every((line) => line.closed)).toBe(true)
}

describe('a trunk that does not answer', () => {
  test('timers A and B: the INVITE goes 7 times in 32 s, then it is unreachable (§17.1.1.2)', async () => {
    const { peer, told } = await dialled()
    await peer.clock.advance(32_000)
    expect(peer.times('INVITE')).toEqual([0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5])
    expect(told).toEqual(['ended unreachable 0'])
    await nothingLeft(peer)
  })

  test('over a reliable transport it goes once', async () => {
    const { peer, told } = await dialled({ reliable: true })
    await peer.clock.advance(32_000)
    expect(peer.times('INVITE')).toEqual([0])
    expect(told).toEqual(['ended unreachable 0'])
  })

  test('the next address of the trunk is tried (RFC 3263 §4.3)', async () => {
    const { peer, told } = await dialled({
      addresses: ['192.0.2.11', '192.0.2.10'],
      broken: ['192.0.2.11'],
    })
    expect(peer.sent.map((s) => s.to.address)).toEqual(['192.0.2.10'])
    await peer.answer(peer.last('INVITE'), 200)
    expect(told).toEqual(['answered'])
  })

  test('no address at all is unreachable at once', async () => {
    const { told } = await dialled({ addresses: [] })
    expect(told).toEqual(['ended unreachable 0'])
  })

  test('a CANCEL that changes nothing: the INVITE is given up after 32 s (§9.1)', async () => {
    const { peer, call, told } = await dialled()
    await peer.answer(peer.last('INVITE'), 180)
    call.hangUp()
    await settled()
    await peer.answer(peer.last('CANCEL'), 200)
    expect(told).toEqual(['ringing', 'ended cancelled 0'])
    await nothingLeft(peer)
  })

  test('it rings for as long as it may, then it is cancelled', async () => {
    const { peer, told } = await dialled({ ringFor: 45_000 })
    await peer.answer(peer.last('INVITE'), 180)
    await peer.clock.advance(44_000)
    expect(peer.requests('CANCEL')).toEqual([])
    await peer.clock.advance(1000)
    expect(peer.requests('CANCEL')).toHaveLength(1)
    expect(told).toEqual(['ringing', 'ended noAnswer 0'])
  })
})

describe('our 200', () => {
  const calledBy = async (headers: Record<string, string> = {}) => {
    const peer = await Peer.start()
    const told: string[][] = []
    peer.telephone.on('incoming', (call) => {
      told.push(heard(call))
      call.answer()
    })
    const invite = await peer.ask('INVITE', { body: sound(), headers })
    return { peer, told, ok: peer.responses().at(-1)!, invite }
  }

  test('is repeated until the ACK (§13.3.1.4)', async () => {
    const { peer, told, ok, invite } = await calledBy()
    await peer.clock.advance(1600)
    expect(peer.responses().filter((r) => r.status === 200)).toHaveLength(3)
    await peer.ask('ACK', { within: ok, cseq: invite.cseq })
    await peer.clock.advance(20_000)
    expect(peer.responses().filter((r) => r.status === 200)).toHaveLength(3)
    expect(told).toEqual([['answered']])
  })

  test('without an ACK the call ends with BYE after 32 s', async () => {
    const { peer, told } = await calledBy()
    await peer.clock.advance(32_000)
    expect(told).toEqual([['ended failed 0']])
    expect(peer.requests('BYE')).toHaveLength(1)
    await nothingLeft(peer)
  })

  test('an INVITE that comes again gets no second call', async () => {
    const { peer, told, invite } = await calledBy()
    await peer.ask('INVITE', { ...invite, body: sound() })
    expect(told).toHaveLength(1)
  })

  test('answers the session timer that is asked for, and we refresh it (RFC 4028 §9)', async () => {
    const { peer, ok, invite } = await calledBy({
      'Session-Expires': '600;refresher=uas',
      Supported: 'timer',
    })
    expect(ok.headers.get('Session-Expires')).toBe('600;refresher=uas')
    await peer.ask('ACK', { within: ok, cseq: invite.cseq })
    await peer.clock.advance(300_000)
    expect(peer.requests('INVITE')).toHaveLength(1)
    expect(peer.last('INVITE').body.toString()).toContain('m=audio 40000 RTP/AVP 8 101')
  })
})

describe('session timers of calls that we make (RFC 4028)', () => {
  const TIMER = { 'Session-Expires': '1800;refresher=uac' }

  test('we refresh at half by UPDATE where the other side takes it', async () => {
    const { peer, told } = await answered({ ...TIMER, Allow: 'INVITE, UPDATE' })
    for (const seconds of [900, 1800]) {
      await peer.clock.advance(900_000)
      expect(Math.floor(peer.times('UPDATE').at(-1)!)).toBe(seconds)
      await peer.answer(peer.last('UPDATE'), 200, { headers: TIMER })
    }
    expect(told).toEqual(['answered'])
  })

  test('else by the same offer again, whose answer is acknowledged', async () => {
    const { peer, told } = await answered(TIMER)
    await peer.clock.advance(900_000)
    const [first, again] = peer.requests('INVITE')
    expect(again!.body.toString()).toBe(first!.body.toString())
    await peer.answer(again!, 200, { headers: TIMER })
    expect(peer.last('ACK').headers.get('CSeq')).toBe('2 ACK')
    expect(told).toEqual(['answered'])
    expect(peer.media.lines[0]?.targets).toHaveLength(1)
  })

  test('481 to a refresh, and no refresh from the other side, end the call with BYE', async () => {
    const refused = await answered(TIMER)
    await refused.peer.clock.advance(900_000)
    await refused.peer.answer(refused.peer.last('INVITE'), 481)
    expect(refused.told).toEqual(['answered', 'ended failed 0'])
    expect(refused.peer.requests('BYE')).toHaveLength(1)
    const silent = await answered({ 'Session-Expires': '1800;refresher=uas' })
    await silent.peer.clock.advance(1_767_000)
    expect(silent.told).toEqual(['answered'])
    await silent.peer.clock.advance(1000)
    expect(silent.told).toEqual(['answered', 'ended failed 0'])
    expect(silent.peer.requests('BYE')).toHaveLength(1)
    await nothingLeft(silent.peer)
  })

  test('405 to UPDATE: INVITE from then on; 422: a longer interval; 491: later again', async () => {
    const { peer } = await answered({ ...TIMER, Allow: 'UPDATE' })
    await peer.clock.advance(900_000)
    await peer.answer(peer.last('UPDATE'), 405)
    await peer.clock.advance(0)
    await peer.answer(peer.last('INVITE'), 422, { headers: { 'Min-SE': '4000' } })
    await peer.clock.advance(0)
    expect(peer.last('INVITE').headers.get('Session-Expires')).toBe('4000;refresher=uac')
    await peer.answer(peer.last('INVITE'), 491)
    await peer.clock.advance(2000)
    expect(peer.count('INVITE')).toBe(3)
    await peer.clock.advance(2000)
    expect(peer.count('INVITE')).toBe(4)
  })

  test('an offer that crosses our refresh gets 491 (RFC 3261 §14.2)', async () => {
    const { peer, told } = await answered(TIMER)
    await peer.clock.advance(900_000)
    await peer.ask('INVITE', {
      within: peer.last('INVITE'),
      body: sound({ port: 9000 }),
    })
    expect(peer.responses().at(-1)?.status).toBe(491)
    await peer.answer(peer.last('INVITE'), 200, { headers: TIMER })
    expect(told).toEqual(['answered'])
  })
})

describe('registration (§10)', () => {
  const registered = async () => {
    const peer = await Peer.start({ register: true })
    const states: string[] = []
    peer.telephone.on('registration', (state) => states.push(state))
    return { peer, states }
  }

  test('answers the challenge, refreshes before it is over, and goes at the end', async () => {
    const { peer, states } = await registered()
    expect(peer.last('REGISTER')).toMatchObject({ uri: 'sip:trunk.example' })
    await peer.answer(peer.last('REGISTER'), 401, {
      headers: { 'WWW-Authenticate': 'Digest realm="r", nonce="n", algorithm=SHA-256, qop="auth"' },
    })
    expect(peer.last('REGISTER').headers.get('Authorization')).toMatch(
      /algorithm=SHA-256.*nc=00000001/,
    )
    await peer.answer(peer.last('REGISTER'), 200, {
      headers: { Contact: '<sip:yun@192.0.2.1:5060>;expires=600' },
    })
    expect(states).toEqual(['registered'])
    await peer.clock.advance(539_000)
    expect(peer.requests('REGISTER')).toHaveLength(2)
    await peer.clock.advance(1000)
    expect(peer.requests('REGISTER')).toHaveLength(3)
    expect(peer.last('REGISTER').headers.get('Authorization')).toContain('nc=00000002')
    await peer.answer(peer.last('REGISTER'), 200, { headers: { Expires: '600' } })
    const closed = peer.telephone.close()
    await settled()
    expect(peer.last('REGISTER').headers.get('Expires')).toBe('0')
    await peer.answer(peer.last('REGISTER'), 200)
    await peer.clock.advance(20)
    await closed
  })

  test('423 asks for longer; failures are tried again, each time later', async () => {
    const { peer, states } = await registered()
    await peer.answer(peer.last('REGISTER'), 423, { headers: { 'Min-Expires': '7200' } })
    expect(peer.last('REGISTER').headers.get('Expires')).toBe('7200')
    await peer.answer(peer.last('REGISTER'), 403)
    expect(states).toEqual(['unauthorised'])
    for (const [least, most] of [
      [5, 10],
      [10, 20],
      [20, 40],
    ]) {
      const count = peer.count('REGISTER')
      await peer.clock.advance(least! * 1000 - 1)
      expect(peer.count('REGISTER')).toBe(count)
      await peer.clock.advance((most! - least!) * 1000 + 1)
      expect(peer.count('REGISTER')).toBe(count + 1)
      await peer.answer(peer.last('REGISTER'), 500)
      // What is left of the wait begins with the answer.
      await peer.clock.advance(0)
    }
    expect(states).toEqual(['unauthorised', 'failed'])
  })

  test('nobody there: unreachable', async () => {
    const { peer, states } = await registered()
    await peer.clock.advance(33_000)
    expect(states).toEqual(['unreachable'])
  })
})

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
    expect(told).toEqual(['ended failed 0'])
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
