import { describe, expect, it } from 'vitest'
import { parseRange } from '../../src/files/byte-range.ts'

describe('RFC 9110 §14.2: a range of a file of 10 bytes', () => {
  it.each([
    [undefined, null],
    ['bytes=0-3', { start: 0, end: 3 }],
    ['bytes=4-', { start: 4, end: 9 }],
    ['bytes=4-99', { start: 4, end: 9 }],
    ['bytes=-3', { start: 7, end: 9 }],
    ['bytes=-99', { start: 0, end: 9 }],
    ['bytes=10-', 'outside'],
    ['bytes=-0', 'outside'],
    ['bytes=3-1', null],
    ['bytes=-', null],
    ['bytes=0-1,4-5', null],
    ['items=0-1', null],
    ['bytes=1e1-', null],
  ])('%s', (header, expected) => {
    expect(parseRange(header, 10)).toEqual(expected)
  })

  it('nothing of an empty file can be asked for', () => {
    expect(parseRange('bytes=0-0', 0)).toBe('outside')
  })
})
