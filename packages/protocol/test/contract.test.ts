import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  type Events,
  type In,
  isErrorCode,
  type Method,
  type Out,
  parseClientFrame,
  parseServerFrame,
  type Requests,
} from '../src/index.ts'

describe('the contract types', () => {
  it('a request name leads to its input and answer', () => {
    expectTypeOf<In<Requests['meetings.destroy']>>().toEqualTypeOf<{ id: number }>()
    expectTypeOf<Out<Requests['rtc.publish']>>().toEqualTypeOf<{ sdp: string }>()
    expectTypeOf<'members.closeAllMics'>().toExtend<Method>()
    expectTypeOf<'members.nothing'>().not.toExtend<Method>()
  })

  it('an event name leads to its payload', () => {
    expectTypeOf<Events['meetings.left']>().toEqualTypeOf<{
      userID: string
      cause: 'left' | 'lost'
    }>()
  })
})

describe('frames', () => {
  it.each([
    ['{"id":1,"method":"a.b"}', { id: 1, method: 'a.b', params: {} }],
    ['{"ack":3}', { ack: 3 }],
    ['{"ping":0}', { ping: 0 }],
  ])('reads %s', (raw, frame) => expect(parseClientFrame(raw)).toEqual(frame))

  it.each([
    '',
    '[]',
    'null',
    '{"id":0,"method":"x"}',
    '{"id":1.5,"method":"x"}',
    '{"id":1}',
    '{"ack":-1}',
    '{',
  ])('refuses %j from a page', (raw) => expect(parseClientFrame(raw)).toBeNull())

  it.each(['', '7', '{}', '{"seq":1}', '{"hello":1}'])('refuses %j from a server', (raw) =>
    expect(parseServerFrame(raw)).toBeNull(),
  )
})

it('error codes come from the table only', () => {
  expect(isErrorCode('meeting.full')).toBe(true)
  expect(isErrorCode('toString')).toBe(false)
})
