import fc from 'fast-check'
import { expect, test } from 'vitest'
import { settled } from '../support/clock.ts'
import { Peer } from '../support/peer.ts'
import { sound } from '../support/scenario.ts'
import '../support/seed.ts'

const METHODS = ['INVITE', 'ACK', 'BYE', 'CANCEL', 'INFO', 'UPDATE', 'PRACK', 'OPTIONS', 'JUMP']
const BODIES = ['', sound(), sound({ formats: '18' }), sound({ direction: 'inactive' }), 'Signal=5']

const HEADERS: Record<string, string>[] = [
  {},
  { Require: '100rel' },
  { Require: 'timer, x' },
  { 'Session-Expires': '90;refresher=uas', Supported: 'timer' },
  { 'Session-Expires': '1' },
  { 'Content-Type': 'application/dtmf-relay' },
  { Contact: 'none' },
  { 'Record-Route': '<sip:192.0.2.10;lr>, <sip:10.0.0.1>' },
  { RSeq: '1', Require: '100rel' },
  { 'WWW-Authenticate': 'Digest realm="r", nonce="n", qop="auth"' },
  { 'Min-SE': '99999' },
]

const step = fc.oneof(
  fc.record({
    do: fc.constant('ask' as const),
    method: fc.constantFrom(...METHODS),
    call: fc.nat(2),
    cseq: fc.nat(4),
    branch: fc.nat(3),
    inside: fc.boolean(),
    body: fc.constantFrom(...BODIES),
    headers: fc.constantFrom(...HEADERS),
  }),
  fc.record({
    do: fc.constant('answer' as const),
    at: fc.nat(30),
    status: fc.constantFrom(
      100,
      180,
      183,
      200,
      202,
      302,
      401,
      407,
      408,
      422,
      481,
      486,
      491,
      503,
      603,
    ),
    tag: fc.constantFrom('one', 'two'),
    body: fc.constantFrom(...BODIES),
    headers: fc.constantFrom(...HEADERS),
  }),
  fc.record({ do: fc.constant('dial' as const), to: fc.constantFrom('1', '22', 'x') }),
  fc.record({
    do: fc.constant('wait' as const),
    ms: fc.constantFrom(1, 600, 5000, 33_000, 900_000),
  }),
  fc.record({
    do: fc.constant('act' as const),
    at: fc.nat(5),
    what: fc.constantFrom('answer', 'hangUp'),
  }),
)

test('whatever the trunk says in whatever order, a call beside it goes on and nothing is kept', {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const errors: unknown[] = []
      const peer = await Peer.start({
        log: (level, text, data) => {
          if (level === 'error') errors.push(text, data)
        },
      })
      const calls: { answer?(): void; hangUp(): void }[] = []
      peer.telephone.on('incoming', (call) => calls.push(call))
      const beside = peer.telephone.dial('4930')
      const told: string[] = []
      beside.on('answered', () => told.push('answered'))
      beside.on('ended', () => told.push('ended'))
      await settled()
      const first = peer.sent.length
      await peer.answer(peer.last('INVITE'), 200)
      for (const s of steps) {
        if (s.do === 'dial') calls.push(peer.telephone.dial(s.to))
        else if (s.do === 'wait') await peer.clock.advance(s.ms)
        else if (s.do === 'act') {
          const call = calls[s.at % Math.max(1, calls.length)]
          if (s.what === 'answer') call?.answer?.()
          else call?.hangUp()
        } else if (s.do === 'answer') {
          // Not what belongs to the call beside: its INVITE, ACK and BYE come first.
          const requests = peer
            .requests()
            .filter((r) => r.headers.get('Call-ID') !== peer.requests()[0]?.headers.get('Call-ID'))
          const request = requests[s.at % Math.max(1, requests.length)]
          if (request) await peer.answer(request, s.status, s)
        } else {
          const said = peer
            .responses()
            .filter((r) => r.headers.get('Call-ID') === `fuzz${s.call}`)
            .at(-1)
          await peer.ask(s.method, {
            ...s,
            callId: `fuzz${s.call}`,
            branch: `z9hG4bKfuzz${s.call}-${s.branch}`,
            cseq: s.cseq + 1,
            within: s.inside ? said : undefined,
          })
        }
        await settled()
      }
      expect(first).toBeGreaterThan(0)
      expect(errors).toEqual([])
      expect(told).toEqual(['answered'])
      expect(beside.line).toMatchObject({ closed: false })
      for (const call of [beside, ...calls]) call.hangUp()
      await peer.clock.advance(200_000)
      expect(peer.layer.size).toBe(0)
      expect(peer.media.lines.filter((line) => !line.closed)).toEqual([])
      // Whoever calls after all that is heard.
      await peer.ask('INVITE', { callId: 'after', body: sound() })
      expect(peer.responses().at(-1)?.status).toBe(180)
    }),
    { numRuns: 400, endOnFailure: true },
  )
})
