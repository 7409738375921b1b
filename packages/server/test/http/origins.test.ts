import { expect, it } from 'vitest'
import { isOriginAllowed } from '../../src/http/origins.ts'

const LIST = ['https://shop.example']

it.each<[readonly string[] | null, string | undefined, string | undefined, boolean]>([
  [null, 'https://anything.example', 'calls.example', true],
  [LIST, 'https://shop.example', 'calls.example', true],
  [LIST, 'https://SHOP.example', 'calls.example', true],
  [LIST, 'https://calls.example', 'calls.example', true],
  [LIST, 'http://calls.example:8080', 'Calls.example:8080', true],
  [LIST, undefined, 'calls.example', true],
  [LIST, 'https://evil.example', 'calls.example', false],
  [LIST, 'http://shop.example', 'calls.example', false],
  [LIST, 'https://shop.example.evil.example', 'calls.example', false],
  [LIST, 'null', 'calls.example', false],
  [LIST, 'https://evil.example', undefined, false],
])('00 §11: list %s, origin %s, host %s → %s', (list, origin, host, allowed) => {
  expect(isOriginAllowed(list, origin, host)).toBe(allowed)
})
