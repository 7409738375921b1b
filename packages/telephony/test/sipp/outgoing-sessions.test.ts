import { describe, expect, test } from 'vitest'
import { BYE, calling, OK } from '../support/calling.ts'
import {
  answer,
  ask,
  expecting,
  invited,
  message,
  pause,
  receive,
  received,
  reply,
  sound,
} from '../support/scenario.ts'
import { SIPP } from '../support/sipp.ts'

describe.skipIf(!SIPP).each(['udp', 'tcp'] as const)('sipp answered over %s', (transport) => {
  test('hold, another address and another codec by re-INVITE are answered', async () => {
    const reinvite = (cseq: number, body: string, mirrored: string) => [
      ask('INVITE', { cseq, body }),
      received(100, 'optional="true"'),
      received(
        200,
        '',
        `<action><ereg regexp="a=${mirrored}" search_in="body" check_it="true" assign_to="seen"/></action>`,
      ),
      ask('ACK', { cseq }),
      pause(30),
    ]
    const { sipp, media } = await calling(transport, [
      invited(),
      answer('200 OK', OK),
      receive('ACK'),
      ...reinvite(1, sound({ version: 2, direction: 'sendonly' }), 'recvonly'),
      ...reinvite(2, sound({ version: 3, address: '127.0.0.9', port: 7000 }), 'sendrecv'),
      ...reinvite(3, sound({ version: 4, formats: '0' }), 'sendrecv'),
      ...reinvite(4, sound({ version: 5, address: '0.0.0.0' }), 'recvonly'),
      ask('BYE', { cseq: 5 }),
      received(200),
    ])
    await sipp.done
    expect(media.lines[0]?.targets).toMatchObject([
      { port: 6000, codec: 'PCMA' },
      { port: 6000, codec: 'PCMA' },
      { address: '127.0.0.9', port: 7000 },
      { codec: 'PCMU', payloadType: 0, digits: null },
      { address: '0.0.0.0' },
    ])
    expect(media.lines[0]?.held).toBe(true)
  })

  test('UPDATE is answered; what does not fit gets 488 and the call goes on', async () => {
    const { sipp, media, told } = await calling(transport, [
      invited(),
      answer('200 OK', OK),
      receive('ACK'),
      ask('UPDATE', { cseq: 1, body: sound({ port: 6100 }) }),
      received(200),
      ask('UPDATE', { cseq: 2 }),
      received(200),
      ask('INVITE', { cseq: 3, body: sound({ formats: '18' }) }),
      received(488),
      ask('ACK', { cseq: 3 }),
      ask('BYE', { cseq: 4 }),
      received(200),
    ])
    await sipp.done
    expect(media.lines[0]?.targets.map((t) => t.port)).toEqual([6000, 6100])
    expect(told).toEqual(['answered', 'ended hungUp 0'])
  })

  test('forks: the first answer counts, a later one gets ACK and BYE (§13.2.2.4)', async () => {
    const { sipp, call, media, told, until } = await calling(transport, [
      invited(),
      answer('180 Ringing', { tag: 'one' }),
      answer('183 Session Progress', { tag: 'two', body: sound({ port: 6200 }) }),
      answer('200 OK', { tag: 'one', body: sound({ port: 6100 }) }),
      receive('ACK', '', expecting('To', 'tag=one')),
      answer('200 OK', { tag: 'two', body: sound({ port: 6200 }) }),
      receive('ACK', '', expecting('To', 'tag=two')),
      receive('BYE', '', expecting('To', 'tag=two')),
      reply('200 OK'),
      receive('BYE', '', expecting('To', 'tag=one')),
      reply('200 OK'),
    ])
    await until('answered')
    setTimeout(() => call.hangUp(), 100)
    await sipp.done
    expect(media.lines[0]?.targets.at(-1)?.port).toBe(6100)
    expect(told).toEqual(['ringing', 'answered', 'ended hungUp 0'])
  })

  test('late, doubled and damaged responses disturb nothing', async () => {
    const { sipp, call, told, until } = await calling(transport, [
      invited(),
      message(['SIP/2.0 180 Ringing', 'Via:[$via]', 'Call-ID: [call_id]', 'CSeq: nonsense']),
      answer('180 Ringing'),
      answer('180 Ringing'),
      answer('200 OK', OK),
      receive('ACK'),
      answer('180 Ringing'),
      answer('200 OK', { body: sound() }),
      receive('ACK'),
      answer('486 Busy Here'),
      ...BYE,
    ])
    await until('answered')
    setTimeout(() => call.hangUp(), 100)
    await sipp.done
    expect(told).toEqual(['ringing', 'answered', 'ended hungUp 0'])
  })

  test('a 200 without a description that fits is acknowledged and ended', async () => {
    const { sipp, told } = await calling(transport, [
      invited(),
      answer('200 OK', { body: sound({ formats: '18' }) }),
      receive('ACK'),
      ...BYE,
    ])
    await sipp.done
    expect(told).toEqual(['ended failed 0'])
  })

  test('Opus is taken where the trunk takes it', async () => {
    const { sipp, call, media, until } = await calling(transport, [
      invited(),
      answer('200 OK', { body: sound({ formats: '111 8' }) }),
      receive('ACK'),
      ...BYE,
    ])
    await until('answered')
    expect(media.lines[0]?.targets[0]).toMatchObject({ codec: 'opus', payloadType: 111 })
    call.hangUp()
    await sipp.done
  })

  test('requests follow the Record-Route of the answer, by its way (§12.2.1.1)', async () => {
    const { sipp, call, until } = await calling(transport, [
      invited(),
      answer('200 OK', {
        ...OK,
        headers: ['Record-Route: <sip:near.example;lr>, <sip:far.example;lr>'],
      }),
      receive('ACK', '', expecting('Route', 'far.example')),
      receive('BYE', '', expecting('Route', 'far.example')),
      reply('200 OK'),
    ])
    await until('answered')
    call.hangUp()
    await sipp.done
  })

  test('keys come by INFO; strange requests in the call are refused and it goes on', async () => {
    const info = (cseq: number, type: string, body: string) =>
      message(
        [
          'INFO [$contact] SIP/2.0',
          'Via: SIP/2.0/[transport] [local_ip]:[local_port];rport;branch=[branch]',
          'From:[$to];tag=trunk',
          'To:[$from]',
          'Call-ID: [call_id]',
          `CSeq: ${cseq} INFO`,
          `Content-Type: ${type}\nContent-Length: [len]\n\n${body}`,
        ],
        '',
      ).replace(/\nContent-Length: \[len\]\n\n\n\]\]>/, '\n]]>')
    const { sipp, told } = await calling(transport, [
      invited(),
      answer('200 OK', OK),
      receive('ACK'),
      info(1, 'application/dtmf-relay', 'Signal=5\nDuration=160'),
      received(200),
      info(2, 'application/dtmf', '11'),
      received(200),
      info(3, 'text/plain', 'hello'),
      received(415),
      ask('OPTIONS', { cseq: 4 }),
      received(200),
      ask('MESSAGE', { cseq: 5 }),
      received(405),
      ask('JUMP', { cseq: 6 }),
      received(501),
      ask('BYE', { cseq: 7, tag: 'stranger' }),
      received(481),
      ask('OPTIONS', { cseq: 1 }),
      received(500),
      ask('BYE', { cseq: 8 }),
      received(200),
    ])
    await sipp.done
    expect(told).toEqual(['answered', 'digit 5', 'digit #', 'ended hungUp 0'])
  })

  const challenge = (extra = '') =>
    `WWW-Authenticate: Digest realm="trunk", nonce="47a3fe12", algorithm=MD5, qop="auth"${extra}`

  test('a challenge is answered with MD5, qop=auth', async () => {
    const { sipp, call, until } = await calling(transport, [
      invited(),
      answer('401 Unauthorized', { headers: [challenge()] }),
      receive('ACK'),
      invited().replace(
        '<action>',
        '<action><verifyauth assign_to="auth" username="yun" password="secret"/>',
      ),
      '<nop test="auth" next="good"/>',
      answer('403 Forbidden'),
      '<label id="good"/>',
      answer('200 OK', OK),
      receive('ACK', '', expecting('Authorization', 'nc=00000001')),
      receive('BYE', '', expecting('Authorization', 'nc=00000002')),
      reply('200 OK'),
    ])
    await until('answered')
    call.hangUp()
    await sipp.done
  })

  test('a stale nonce is answered again, a wrong password is unauthorised', async () => {
    const { sipp, told } = await calling(transport, [
      invited(),
      answer('401 Unauthorized', { headers: [challenge()] }),
      receive('ACK'),
      invited(),
      answer('401 Unauthorized', { headers: [challenge(', stale=TRUE')] }),
      receive('ACK'),
      invited(),
      answer('401 Unauthorized', { headers: [challenge()] }),
      receive('ACK'),
    ])
    await sipp.done
    expect(told).toEqual(['ended unauthorised 401'])
  })

  test('422 raises the session interval (RFC 4028 §7.3)', async () => {
    const { sipp, call, until } = await calling(transport, [
      invited(),
      answer('422 Too Small', { headers: ['Min-SE: 2400'] }),
      receive('ACK'),
      invited().replace(
        '<action>',
        '<action><ereg regexp="2400" search_in="hdr" header="Session-Expires:" check_it="true" assign_to="seen"/>',
      ),
      answer('200 OK', OK),
      receive('ACK'),
      ...BYE,
    ])
    await until('answered')
    call.hangUp()
    await sipp.done
  })
})
