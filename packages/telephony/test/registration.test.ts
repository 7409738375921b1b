import { describe, expect, test } from 'vitest'
import { settled } from './support/clock.ts'
import { Peer } from './support/peer.ts'

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
