import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWithheld, readNumber, shownDuration } from '../src/phones/number.ts'

describe('03 §6.1: what is a telephone number', () => {
  it.each([
    ['+49 (30) 12-34', '+49301234'],
    ['０１０－８８８８ ００００', '01088880000'],
    [' 0049/30.1234 ', '0049301234'],
    ['*31#123', '*31#123'],
    ['110', '110'],
    ['1'.repeat(32), '1'.repeat(32)],
  ])('%s', (text, number) => expect(readNumber(text)).toBe(number))

  it.each(['', '12', '---', '+*#', 'call me', '12a34', '1'.repeat(33), '<b>123</b>'])(
    'not: %s',
    (text) => expect(readNumber(text)).toBe(null),
  )

  it('what was read is read as itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789+*#- ()') }), (text) => {
        const number = readNumber(text)
        if (number !== null) expect(readNumber(number)).toBe(number)
      }),
    )
  })
})

it.each([
  [-1, '0:00'],
  [999, '0:00'],
  [61_000, '1:01'],
  [3_599_999, '59:59'],
  [3_847_000, '1:04:07'],
])('a call of %i ms lasts %s', (ms, shown) => expect(shownDuration(ms)).toBe(shown))

it.each([
  ['tel_Ab3-_x9012Zz', true],
  ['tel_short', false],
  ['+49301234', false],
])('the number of %s is withheld: %s', (userID, is) => expect(isWithheld(userID)).toBe(is))
