import { describe, expect, test } from 'vitest'
import { settled } from './support/clock.ts'
import { answered, dialled, heard, nothingLeft } from './support/dialled.ts'
import { Peer } from './support/peer.ts'
import { sound } from './support/scenario.ts'

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
