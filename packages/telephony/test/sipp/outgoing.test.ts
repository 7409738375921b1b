import { describe, expect, test } from 'vitest'
import { BYE, calling, OK } from '../support/calling.ts'
import {
  answer,
  ask,
  expecting,
  invited,
  pause,
  receive,
  received,
  reply,
  sound,
} from '../support/scenario.ts'
import { SIPP } from '../support/sipp.ts'

describe.skipIf(!SIPP).each(['udp', 'tcp'] as const)('sipp is called over %s', (transport) => {
  test('180 rings, 200 connects with ACK, BYE from us ends', async () => {
    const { sipp, call, media, told, until } = await calling(transport, [
      invited(),
      answer('100 Trying'),
      answer('180 Ringing'),
      answer('200 OK', OK),
      receive('ACK'),
      ...BYE,
    ])
    await until('answered')
    expect(media.lines[0]?.targets).toEqual([
      { address: '127.0.0.1', port: 6000, codec: 'PCMA', payloadType: 8, digits: 101 },
    ])
    call.hangUp()
    await sipp.done
    expect(told).toEqual(['ringing', 'answered', 'ended hungUp 0'])
    expect(media.lines[0]?.closed).toBe(true)
  })

  test('BYE from the other side ends', async () => {
    const { sipp, told } = await calling(transport, [
      invited(),
      answer('200 OK', OK),
      receive('ACK'),
      ask('BYE'),
      received(200),
    ])
    await sipp.done
    expect(told).toEqual(['answered', 'ended hungUp 0'])
  })

  test.each([
    ['486 Busy Here', 'busy'],
    ['600 Busy Everywhere', 'busy'],
    ['603 Decline', 'refused'],
    ['403 Forbidden', 'refused'],
    ['480 Temporarily Unavailable', 'noAnswer'],
    ['408 Request Timeout', 'noAnswer'],
    ['404 Not Found', 'failed'],
    ['302 Moved Temporarily', 'failed'],
    ['488 Not Acceptable Here', 'failed'],
    ['500 Server Internal Error', 'failed'],
    ['503 Service Unavailable', 'failed'],
  ])('%s means %s, and is acknowledged', async (status, why) => {
    const { sipp, told } = await calling(transport, [invited(), answer(status), receive('ACK')])
    await sipp.done
    expect(told).toEqual([`ended ${why} ${status.slice(0, 3)}`])
  })

  test('183 with a description is early media, and the 200 needs none then', async () => {
    const { sipp, call, media, told, until } = await calling(transport, [
      invited(),
      answer('183 Session Progress', { body: sound({ port: 6002 }) }),
      pause(50),
      answer('200 OK', { attributes: 'retrans="500"' }),
      receive('ACK'),
      ...BYE,
    ])
    await until('ringing')
    expect(media.lines[0]?.targets).toMatchObject([{ port: 6002 }])
    await until('answered')
    call.hangUp()
    await sipp.done
    expect(told).toEqual(['ringing', 'answered', 'ended hungUp 0'])
    expect(media.lines[0]?.targets).toHaveLength(1)
  })

  test('a reliable provisional response gets its PRACK (RFC 3262)', async () => {
    const { sipp, call, until } = await calling(transport, [
      invited(),
      answer('183 Session Progress', {
        body: sound(),
        headers: ['Require: 100rel', 'RSeq: 17'],
      }),
      receive('PRACK', '', expecting('RAck', '17 1 INVITE')),
      reply('200 OK'),
      answer('200 OK', { attributes: 'retrans="500"' }),
      receive('ACK'),
      ...BYE,
    ])
    await until('answered')
    call.hangUp()
    await sipp.done
  })

  const cancelled = [receive('CANCEL'), reply('200 OK'), answer('487 Terminated'), receive('ACK')]

  test('hanging up while it rings cancels', async () => {
    const { sipp, call, told, until } = await calling(transport, [
      invited(),
      answer('180 Ringing'),
      ...cancelled,
    ])
    await until('ringing')
    call.hangUp()
    await sipp.done
    expect(told).toEqual(['ringing', 'ended cancelled 0'])
  })

  test('CANCEL waits for the first provisional response (RFC 3261 §9.1)', async () => {
    const { sipp, call, told } = await calling(transport, [
      invited(),
      pause(100),
      answer('100 Trying'),
      ...cancelled,
    ])
    await new Promise((resolve) => setTimeout(resolve, 30))
    call.hangUp()
    expect(told).toEqual(['ended cancelled 0'])
    await sipp.done
  })

  test('nobody answers: it is cancelled in time', async () => {
    const steps = [invited(), answer('180 Ringing'), ...cancelled]
    const { sipp, told } = await calling(transport, steps, { ringFor: 300 })
    await sipp.done
    expect(told.at(-1)).toBe('ended noAnswer 0')
  })

  test('CANCEL crosses the 200: ACK, then BYE', async () => {
    const { sipp, call, told, until } = await calling(transport, [
      invited(),
      answer('180 Ringing'),
      receive('CANCEL'),
      reply('200 OK'),
      answer('200 OK', OK),
      receive('ACK'),
      ...BYE,
    ])
    await until('ringing')
    call.hangUp()
    await sipp.done
    expect(told).toEqual(['ringing', 'ended cancelled 0'])
  })
})
