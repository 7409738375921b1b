import { describe, expect, it } from 'vitest'
import { flag, number, numericFields, positive, record, text } from '../../src/crvideo/convert.ts'
import { serverList } from '../../src/crvideo/server-list.ts'

describe('00 §4: function arguments', () => {
  it.each([
    [undefined, ''],
    [null, ''],
    [42, '42'],
    [{ a: 1 }, '{"a":1}'],
  ])('text of %j is %j', (given, expected) => expect(text(given)).toBe(expected))

  it.each([
    [' 12 ', 12],
    ['-1', -1],
    [undefined, 0],
    ['x', Number.NaN],
    ['', Number.NaN],
    [Number.POSITIVE_INFINITY, Number.NaN],
  ])('number of %j is %d', (given, expected) => expect(number(given)).toBe(expected))

  it.each([
    ['0', false],
    ['1', true],
    [0, false],
    [1, true],
    ['false', false],
    [undefined, false],
  ])('flag of %j is %s', (given, expected) => expect(flag(given)).toBe(expected))

  it('a meeting number is a positive integer, also as typed text', () => {
    expect([' 10000001', 5, '0', 1.5, 'abc', undefined].map(positive)).toEqual([
      10000001,
      5,
      null,
      null,
      null,
      null,
    ])
  })

  it('structured arguments are copied, as object or as JSON text', () => {
    const given = { a: 1 }
    const read = record(given)
    given.a = 2
    expect(read).toEqual({ a: 1 })
    expect(record('{"a":1}')).toEqual({ a: 1 })
    expect([record('{'), record('[1]'), record(null), record(7)]).toEqual([null, null, null, null])
  })

  it('07 §1.2: NaN, null and missing fields keep the present value', () => {
    const given = { fps: '24', maxbps: Number.NaN, qp_min: null, wh_rate: 1 }
    expect(numericFields(given, ['fps', 'maxbps', 'qp_min', 'qp_max', 'wh_rate'])).toEqual({
      fps: 24,
      wh_rate: 1,
    })
  })
})

describe('02 SetServerAddr', () => {
  it('takes semicolons, full-width ones, commas and line breaks', () => {
    expect(serverList('a:1; b；c,d\ne;', '')).toEqual(['a:1', 'b', 'c', 'd', 'e'])
  })
  it('without an address uses the page origin, and none without an http origin', () => {
    expect(serverList(' ; ', 'https://x.example')).toEqual(['https://x.example'])
    expect(serverList('', 'null')).toEqual([])
  })
})
