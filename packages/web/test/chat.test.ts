import { describe, expect, it } from 'vitest'
import { beginningOf, isContinued } from '../src/chat/shown.ts'
import { shortTime } from '../src/chat/times.ts'
import { isComposing } from '../src/ui/composing.ts'
import { titleText } from '../src/ui/title.ts'

describe('long messages', () => {
  const lines = (n: number) => Array.from({ length: n }, (_, i) => `line ${i}`).join('\n')
  it.each([
    ['short ones are whole', 'hello'],
    ['twenty lines', lines(20)],
    ['a little more than fits is not worth a button', 'x'.repeat(1_570)],
  ])('%s', (_, text) => expect(beginningOf(text)).toBe(text))

  it('are shown by their beginning, never by half a character', () => {
    expect(beginningOf('x'.repeat(5_000))).toHaveLength(1_500)
    expect(beginningOf(lines(40))).toBe(lines(20))
    expect(beginningOf(`x${'😀'.repeat(1_000)}`)).toBe(`x${'😀'.repeat(749)}`)
    expect(beginningOf('\n'.repeat(1_000)).length).toBeLessThan(30)
  })
})

it('messages of one person to the same ones stand together, for three minutes', () => {
  const said = (from: string, to: string, at: number) => ({ from, to, at })
  const first = said('a', '', 1_000)
  expect(isContinued(undefined, first)).toBe(false)
  expect(isContinued(first, said('a', '', 60_000))).toBe(true)
  expect(isContinued(first, said('a', 'b', 60_000))).toBe(false)
  expect(isContinued(first, said('b', '', 60_000))).toBe(false)
  expect(isContinued(first, said('a', '', 181_000))).toBe(false)
})

it('the time of a message has its date unless it was today', () => {
  const now = new Date(2026, 10, 29, 18, 0).getTime()
  expect(shortTime(new Date(2026, 10, 29, 9, 5).getTime(), now, 'en-GB')).toBe('09:05')
  expect(shortTime(new Date(2026, 10, 28, 9, 5).getTime(), now, 'en-GB')).toMatch(/28 Nov.* 09:05/)
})

it('the tab says how much is unread; a call stands alone', () => {
  const title = { subject: 'Weekly', unread: 0, call: '' }
  expect(titleText('App', { ...title, subject: '' })).toBe('App')
  expect(titleText('App', title)).toBe('Weekly – App')
  expect(titleText('App', { ...title, unread: 3 })).toBe('(3) Weekly – App')
  expect(titleText('App', { ...title, unread: 120 })).toBe('(99+) Weekly – App')
  expect(titleText('App', { ...title, unread: 3, call: 'Ann is calling' })).toBe('Ann is calling')
})

it('a key belongs to the input method while it composes, also where Safari says so by 229', () => {
  expect(isComposing({ isComposing: false, keyCode: 13 })).toBe(false)
  expect(isComposing({ isComposing: true, keyCode: 13 })).toBe(true)
  expect(isComposing({ isComposing: false, keyCode: 229 })).toBe(true)
})
