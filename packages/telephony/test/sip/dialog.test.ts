import { describe, expect, test } from 'vitest'
import { hopOf } from '../../src/agent/stack.ts'
import {
  advance,
  type Dialog,
  dialogOfRequest,
  dialogOfResponse,
  requestIn,
} from '../../src/sip/dialog/dialog.ts'
import { answerTimer, timerDelay, timerOfResponse } from '../../src/sip/dialog/session-timer.ts'
import { envelopeOf } from '../../src/sip/message/envelope.ts'
import { Headers } from '../../src/sip/message/headers.ts'
import { request, type SipResponse } from '../../src/sip/message/message.ts'
import type { ServerTransaction } from '../../src/sip/transaction/server.ts'
import { TrunkAddresses } from '../../src/sip/transport/resolver.ts'
import { fakeClock } from '../support/clock.ts'

const INVITE = request(
  'INVITE',
  'sip:callee@trunk.example',
  Headers.of({
    Via: 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1',
    From: '<sip:caller@a.example>;tag=ours',
    To: '<sip:callee@trunk.example>',
    'Call-ID': 'call',
    CSeq: '5 INVITE',
    Contact: '<sip:caller@192.0.2.1>',
    'Record-Route': ['<sip:one.example;lr>, <sip:two.example;lr>', '<sip:three.example;lr>'],
  }),
)

const responding = (headers: Record<string, string | string[]>): SipResponse => ({
  status: 200,
  reason: 'OK',
  headers: Headers.of({ To: '<sip:callee@trunk.example>;tag=theirs', ...headers }),
  body: Buffer.alloc(0),
})

const ROUTES = ['<sip:one.example;lr>', '<sip:two.example;lr>', '<sip:three.example;lr>']

describe('a dialog', () => {
  test('of the caller: routes reversed, target from Contact, our CSeq (§12.1.2)', () => {
    const dialog = dialogOfResponse(
      INVITE,
      responding({ Contact: '"C" <sip:callee@10.0.0.9:5070>', 'Record-Route': ROUTES }),
    )
    expect(dialog).toEqual({
      callId: 'call',
      localTag: 'ours',
      remoteTag: 'theirs',
      from: '<sip:caller@a.example>;tag=ours',
      to: '<sip:callee@trunk.example>;tag=theirs',
      target: 'sip:callee@10.0.0.9:5070',
      routes: [...ROUTES].reverse(),
      localSeq: 5,
      remoteSeq: -1,
    })
  })

  test('of the called side: routes in order, the caller’s CSeq (§12.1.1)', () => {
    const tx = { request: INVITE, envelope: envelopeOf(INVITE), tag: 'mine' } as ServerTransaction
    expect(dialogOfRequest(tx)).toMatchObject({
      localTag: 'mine',
      remoteTag: 'ours',
      from: '<sip:callee@trunk.example>;tag=mine',
      to: '<sip:caller@a.example>;tag=ours',
      target: 'sip:caller@192.0.2.1',
      routes: ROUTES,
      remoteSeq: 5,
    })
  })

  const dialog: Dialog = dialogOfResponse(
    INVITE,
    responding({ Contact: '<sip:callee@10.0.0.9>', 'Record-Route': ROUTES }),
  )

  test('requests in it count on; ACK has the CSeq of what it accepts (§12.2.1.1)', () => {
    const { request: bye, dialog: next } = requestIn(dialog, 'BYE')
    expect(bye.uri).toBe('sip:callee@10.0.0.9')
    expect(bye.headers.all('Route')).toEqual([...ROUTES].reverse())
    expect(bye.headers.get('CSeq')).toBe('6 BYE')
    expect(next.localSeq).toBe(6)
    const ack = requestIn(next, 'ACK', { seq: 5 })
    expect(ack.request.headers.get('CSeq')).toBe('5 ACK')
    expect(ack.dialog.localSeq).toBe(6)
  })

  test('a strict router gets its address in the Request-URI, the target comes last', () => {
    const strict = { ...dialog, routes: ['<sip:old.example>', '<sip:two.example;lr>'] }
    const { request: bye } = requestIn(strict, 'BYE')
    expect(bye.uri).toBe('sip:old.example')
    expect(bye.headers.all('Route')).toEqual(['<sip:two.example;lr>', '<sip:callee@10.0.0.9>'])
  })

  test('what is not newer is refused; INVITE and UPDATE move the target, others do not (§12.2.2)', () => {
    const moving = (method: string) =>
      request(method, 'sip:us', Headers.of({ Contact: '<sip:moved@10.0.0.8>' }))
    expect(advance({ ...dialog, remoteSeq: 7 }, moving('INFO'), 7)).toBe(null)
    expect(advance({ ...dialog, remoteSeq: 7 }, moving('INFO'), 6)).toBe(null)
    expect(advance(dialog, moving('INFO'), 0)?.target).toBe('sip:callee@10.0.0.9')
    expect(advance(dialog, moving('UPDATE'), 8)).toMatchObject({
      target: 'sip:moved@10.0.0.8',
      remoteSeq: 8,
    })
  })

  test('requests go to an address of the trunk, else where the call came from', async () => {
    const trunk = new TrunkAddresses({ host: 't', port: 5062 }, fakeClock(), async () => [
      '192.0.2.10',
      '192.0.2.11',
    ])
    await trunk.get(null)
    const came = { address: '192.0.2.10', port: 5062, connection: 0 }
    const to = (target: string, routes: string[] = []) =>
      hopOf({ ...dialog, target, routes }, came, trunk)
    expect(to('sip:x@192.0.2.11:5070')).toMatchObject({ address: '192.0.2.11', port: 5070 })
    expect(to('sip:x@192.0.2.11')).toMatchObject({ address: '192.0.2.11', port: 5060 })
    expect(to('sip:x@127.0.0.1:22')).toBe(came)
    expect(to('sip:x@elsewhere.example')).toBe(came)
    expect(to('sip:x@127.0.0.1', ['<sip:192.0.2.11:5071;lr>'])).toMatchObject({ port: 5071 })
  })
})

describe('session timers (RFC 4028)', () => {
  const asking = (headers: Record<string, string>) =>
    answerTimer(request('INVITE', 'sip:us', Headers.of(headers)))

  test.each([
    ['no timer asked for', {}, null, undefined],
    [
      'the caller refreshes when nobody says',
      { 'Session-Expires': '1800', Supported: 'timer' },
      false,
      '1800;refresher=uac',
    ],
    ['as the caller says', { x: '100 ; Refresher = UAS', k: 'timer' }, true, '100;refresher=uas'],
    ['we, when the caller cannot', { 'Session-Expires': '1800' }, true, '1800;refresher=uas'],
    ['never under 90 s', { 'Session-Expires': '10' }, true, '90;refresher=uas'],
    ['what is no number is none', { 'Session-Expires': 'soon' }, null, undefined],
  ])('%s', (_, headers, weRefresh, written) => {
    const answer = asking(headers as Record<string, string>)
    if (answer.tooSmall) throw new Error('refused')
    expect(answer.timer?.weRefresh ?? null).toBe(weRefresh)
    expect(answer.headers['Session-Expires']).toBe(written)
  })

  test('under 90 s from who knows timers: 422', () => {
    expect(asking({ 'Session-Expires': '89', Supported: 'timer' })).toEqual({ tooSmall: true })
  })

  test('the answer to us says who refreshes, at half; else it is dead a third or 32 s before', () => {
    const of = (value: string) => timerOfResponse(responding({ 'Session-Expires': value }))
    expect(of('1800;refresher=uas')).toEqual({ interval: 1800, weRefresh: false })
    expect(of('1800')).toEqual({ interval: 1800, weRefresh: true })
    expect(of('0')).toBe(null)
    expect(timerDelay({ interval: 1800, weRefresh: true })).toBe(900_000)
    expect(timerDelay({ interval: 1800, weRefresh: false })).toBe(1_768_000)
    expect(timerDelay({ interval: 90, weRefresh: false })).toBe(60_000)
  })
})
