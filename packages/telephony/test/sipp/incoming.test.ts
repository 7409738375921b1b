import { describe, expect, test } from 'vitest'
import type { IncomingCall, TelephoneOptions } from '../../src/index.ts'
import { call, pause, receive, received, reply, scenario, sound } from '../support/scenario.ts'
import { freePort, SIPP, startSipp } from '../support/sipp.ts'
import { startTelephone, story } from '../support/telephones.ts'

const TRYING = received(100, 'optional="true"')
const RINGING = received(180, 'optional="true"')
const SDP = sound()

describe.skipIf(!SIPP).each(['udp', 'tcp'] as const)('sipp calls over %s', (transport) => {
  /** Calls as the steps say; `taken` is what happens to each call. */
  const called = async (
    steps: string[],
    taken: (call: IncomingCall) => void,
    options: Partial<TelephoneOptions> = {},
    many: { calls?: number; args?: string[] } = {},
  ) => {
    const { telephone, media, log } = await startTelephone(
      { port: await freePort(), transport },
      options,
    )
    const stories: ReturnType<typeof story>[] = []
    const calls: IncomingCall[] = []
    telephone.on('incoming', (incoming) => {
      calls.push(incoming)
      stories.push(story(incoming))
      taken(incoming)
    })
    const sipp = await startSipp({
      transport,
      scenario: scenario(...steps),
      call: { port: telephone.local.port, number: '4930555' },
      ...many,
    })
    await sipp.done
    return { media, log, calls, told: stories.map((s) => s.told), stories }
  }

  test('180, 200 with the answer, ACK; BYE of the caller ends', async () => {
    const { calls, media, stories } = await called(
      [
        call('INVITE', {
          body: SDP,
          headers: ['P-Asserted-Identity: <sip:+4917655@trunk.example>'],
        }),
        TRYING,
        received(180),
        received(200),
        call('ACK', { within: true }),
        pause(50),
        call('BYE', { cseq: 2, within: true }),
        received(200),
      ],
      (incoming) => setTimeout(() => incoming.answer(), 30),
    )
    expect(calls[0]).toMatchObject({ dialled: '4930555', peer: '+4917655' })
    await stories[0]!.until('ended')
    expect(stories[0]!.told).toEqual(['answered', 'ended hungUp 0'])
    expect(media.lines[0]?.targets).toMatchObject([{ port: 6000, codec: 'PCMA', digits: 101 }])
    expect(media.lines[0]?.closed).toBe(true)
  })

  test('80 calls at a time, each with its own', async () => {
    const { told, media } = await called(
      [
        call('INVITE', { body: SDP }),
        TRYING,
        received(200),
        call('ACK', { within: true }),
        pause(300),
        call('BYE', { cseq: 2, within: true }),
        received(200),
      ],
      (incoming) => incoming.answer(),
      {},
      { calls: 80, args: ['-r', '400', '-l', '80'] },
    )
    expect(told).toHaveLength(80)
    expect(new Set(told.map(String))).toEqual(new Set(['answered,ended hungUp 0']))
    expect(media.lines.filter((line) => !line.closed)).toEqual([])
  })

  test('answered at once, and we hang up: BYE after the ACK', async () => {
    const { told } = await called(
      [
        call('INVITE', { body: SDP }),
        TRYING,
        received(200),
        call('ACK', { within: true }),
        receive('BYE'),
        reply('200 OK'),
      ],
      (incoming) => {
        incoming.on('answered', () => incoming.hangUp())
        incoming.answer()
      },
    )
    expect(told).toEqual([['answered', 'ended hungUp 0']])
  })

  test('hanging up between answer and ACK waits for the ACK (§15)', async () => {
    const { told } = await called(
      [
        call('INVITE', { body: SDP }),
        TRYING,
        received(200),
        pause(50),
        call('ACK', { within: true }),
        receive('BYE'),
        reply('200 OK'),
      ],
      (incoming) => {
        incoming.answer()
        incoming.hangUp()
      },
    )
    expect(told).toEqual([['ended hungUp 0']])
  })

  test('an INVITE without a description gets our offer, the ACK has the answer', async () => {
    const { media, told } = await called(
      [
        call('INVITE'),
        TRYING,
        received(
          200,
          '',
          '<action><ereg regexp="opus/48000/2" search_in="body" check_it="true" assign_to="seen"/></action>',
        ),
        call('ACK', { within: true, body: sound({ formats: '0', port: 6400 }) }),
        receive('BYE'),
        reply('200 OK'),
      ],
      (incoming) => {
        incoming.on('answered', () => setTimeout(() => incoming.hangUp(), 20))
        incoming.answer()
      },
    )
    expect(media.lines[0]?.targets).toMatchObject([{ port: 6400, codec: 'PCMU' }])
    expect(told).toEqual([['answered', 'ended hungUp 0']])
  })

  test('hanging up before the answer refuses with 603', async () => {
    const { told } = await called(
      [call('INVITE', { body: SDP }), TRYING, received(603), call('ACK', { within: true })],
      (incoming) => incoming.hangUp(),
    )
    expect(told).toEqual([['ended refused 603']])
  })

  test('CANCEL of the caller: 200 to it, 487 to the INVITE (§9.2)', async () => {
    const { told } = await called(
      [
        call('INVITE', { body: SDP, branch: 'z9hG4bK-one-[call_number]-[pid]' }),
        TRYING,
        received(180),
        call('CANCEL', { branch: 'z9hG4bK-one-[call_number]-[pid]' }),
        received(200),
        received(487),
        call('ACK', { within: true, branch: 'z9hG4bK-one-[call_number]-[pid]' }),
      ],
      () => {},
    )
    expect(told).toEqual([['ended cancelled 487']])
  })

  test('nobody answers in time: 480', async () => {
    const { told } = await called(
      [
        call('INVITE', { body: SDP }),
        TRYING,
        RINGING,
        received(480),
        call('ACK', { within: true }),
      ],
      () => {},
      { ringFor: 100 },
    )
    expect(told).toEqual([['ended noAnswer 480']])
  })

  test.each([
    ['no codec of ours: 488', call('INVITE', { body: sound({ formats: '18' }) }), 488],
    [
      'an extension that nobody knows: 420',
      call('INVITE', { body: SDP, headers: ['Require: teleport'] }),
      420,
    ],
    [
      'another kind of address: 416',
      call('INVITE', { body: SDP }).replace(/INVITE sip:\S+/, 'INVITE http://example.com/'),
      416,
    ],
    [
      'a body of another type: 415',
      call('INVITE', { body: 'hello' }).replace('application/sdp', 'text/plain'),
      415,
    ],
    [
      'a small session interval: 422',
      call('INVITE', {
        body: SDP,
        headers: ['Session-Expires: 30', 'Supported: timer'],
      }),
      422,
    ],
    [
      'a Contact that is none: 400',
      call('INVITE', { body: SDP }).replace(/Contact: .*/, 'Contact: x'),
      400,
    ],
  ])('%s', async (_, invite, status) => {
    const { calls } = await called(
      [invite, TRYING, received(status), call('ACK', { within: true })],
      () => {},
    )
    expect(calls).toEqual([])
  })

  test('more calls than allowed: 486', async () => {
    const { calls } = await called(
      [call('INVITE', { body: SDP }), TRYING, received(486), call('ACK', { within: true })],
      () => {},
      { maxCalls: 0 },
    )
    expect(calls).toEqual([])
  })

  test('outside a call: OPTIONS is answered, the rest refused by its kind', async () => {
    const { calls } = await called(
      [
        call('OPTIONS', { cseq: 1 }),
        received(200),
        call('MESSAGE', { cseq: 2 }),
        received(405),
        call('JUMP', { cseq: 3 }),
        received(501),
        call('BYE', { cseq: 4 }),
        received(481),
        call('CANCEL', { cseq: 5 }),
        received(481),
        call('OPTIONS', { cseq: 8 }).replace('Max-Forwards: 70', 'Max-Forwards: many'),
        received(400),
        call('OPTIONS', { cseq: 9 }).replace('SIP/2.0\n', 'SIP/3.0\n'),
        received(505),
      ],
      () => {},
    )
    expect(calls).toEqual([])
  })

  test('the same INVITE by another way is a loop: 482 (§8.2.2.2)', async () => {
    const once = 'attributes' as const
    const { told } = await called(
      [
        call('INVITE', { body: SDP, branch: 'z9hG4bK-way1', [once]: '' }),
        TRYING,
        received(180),
        call('INVITE', { body: SDP, branch: 'z9hG4bK-way2', [once]: '' }),
        received(482),
        call('ACK', { within: true, branch: 'z9hG4bK-way2' }),
        call('CANCEL', { branch: 'z9hG4bK-way1' }),
        received(200),
        received(487),
        call('ACK', { within: true, branch: 'z9hG4bK-way1' }),
      ],
      () => {},
    )
    expect(told).toEqual([['ended cancelled 487']])
  })

  test('the caller changes the session: UPDATE, re-INVITE, keys by INFO', async () => {
    const { media, told } = await called(
      [
        call('INVITE', { body: SDP }),
        TRYING,
        received(200),
        call('ACK', { within: true }),
        call('INVITE', {
          cseq: 2,
          within: true,
          body: sound({ direction: 'inactive', version: 2 }),
        }),
        TRYING,
        received(200),
        call('ACK', { cseq: 2, within: true }),
        call('UPDATE', { cseq: 3, within: true, body: sound({ port: 6600, version: 3 }) }),
        received(200),
        call('BYE', { cseq: 4, within: true }),
        received(200),
      ],
      (incoming) => incoming.answer(),
    )
    expect(media.lines[0]?.targets.map((t) => t.port)).toEqual([6000, 6000, 6600])
    expect(media.lines[0]?.held).toBe(false)
    expect(told).toEqual([['answered', 'ended hungUp 0']])
  })

  test('whoever requires reliable provisional responses gets none (RFC 3262 §3)', async () => {
    const { told } = await called(
      [
        call('INVITE', { body: SDP, headers: ['Require: 100rel'] }),
        TRYING,
        received(200),
        call('ACK', { within: true }),
        call('BYE', { cseq: 2, within: true }),
        received(200),
      ],
      (incoming) => setTimeout(() => incoming.answer(), 30),
    )
    expect(told).toEqual([['answered', 'ended hungUp 0']])
  })
})
