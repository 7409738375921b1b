import { expect, test } from 'vitest'
import { TrunkAddresses } from '../../src/sip/transport/resolver.ts'
import { fakeClock, settled } from '../support/clock.ts'

const HOUR = 3_600_000

test('a name that gives other addresses each time: all of the last hour are the trunk', async () => {
  const clock = fakeClock()
  let asked = 0
  const trunk = new TrunkAddresses({ host: 't', port: 1 }, clock, async () => [
    `192.0.2.${++asked}`,
  ])
  expect(await trunk.get(4)).toEqual(['192.0.2.1'])
  await clock.advance(59_000)
  await trunk.get(4)
  expect(asked).toBe(1)
  await clock.advance(1000)
  // Old, but good until the new one is there.
  expect(await trunk.get(4)).toEqual(['192.0.2.1'])
  await settled()
  expect(await trunk.get(4)).toEqual(['192.0.2.2'])
  expect(trunk.allows('192.0.2.1') && trunk.allows('::ffff:192.0.2.2')).toBe(true)
  expect(trunk.allows('192.0.2.3')).toBe(false)
  await clock.advance(HOUR - 60_000)
  expect(trunk.allows('192.0.2.1')).toBe(false)
  expect(trunk.allows('192.0.2.2')).toBe(true)
})

test('when the name fails, what was known goes on; so many addresses and no more are kept', async () => {
  const clock = fakeClock()
  let serial = 0
  let fails = false
  const trunk = new TrunkAddresses({ host: 't', port: 1 }, clock, async () => {
    if (fails) throw new Error('ENOTFOUND')
    return Array.from({ length: 40 }, () => `192.0.2.${++serial}`)
  })
  await trunk.get(null)
  await clock.advance(60_000)
  await trunk.get(null)
  await settled()
  expect(trunk.allows('192.0.2.1')).toBe(false)
  expect(trunk.allows('192.0.2.80')).toBe(true)
  fails = true
  await clock.advance(60_000)
  await trunk.get(null)
  await settled()
  expect(await trunk.get(4)).toContain('192.0.2.80')
  expect(await trunk.get(6)).toEqual([])
})

test('an address needs no name and is the trunk for good', async () => {
  const clock = fakeClock()
  const trunk = new TrunkAddresses({ host: '2001:db8::1', port: 1 }, clock, () => {
    throw new Error('not asked')
  })
  expect(await trunk.get(6)).toEqual(['2001:db8::1'])
  await clock.advance(3 * HOUR)
  expect(trunk.allows('2001:db8::1')).toBe(true)
})
