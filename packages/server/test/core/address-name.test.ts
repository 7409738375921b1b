import { isIPv6 } from 'node:net'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { addressName } from '../../src/core/address-name.ts'

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::FFFF:c000:0207', '192.0.2.7'],
  ['0:0:0:0:0:ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:0DB8:0001:2::6', '2001:db8:1:2'],
  ['2001:db8::6', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['', ''],
])('address %s is counted as %s', (address, name) => {
  expect(addressName(address)).toBe(name)
})

it('all addresses of one IPv6 network of 64 bits share a name, those of two networks never', () => {
  const group = fc.integer({ min: 0, max: 0xffff })
  const half = fc.tuple(group, group, group, group)
  fc.assert(
    fc.property(half, half, half, half, (net, a, b, other) => {
      fc.pre(net[0] !== 0 && other[0] !== 0)
      const write = (...parts: number[]) => parts.map((n) => n.toString(16)).join(':')
      const [one, two] = [write(...net, ...a), write(...net, ...b)]
      expect(isIPv6(one)).toBe(true)
      expect(addressName(one)).toBe(addressName(two))
      const same = net.join() === other.join()
      expect(addressName(one) === addressName(write(...other, ...a))).toBe(same)
    }),
    { seed: 20261125, numRuns: 300 },
  )
})
