import { describe, expect, it } from 'vitest'
import { searchMeetings, spacedNumber } from '../src/lobby/meeting-search.ts'

const meeting = (id: number, subject: string) => ({
  id,
  subject,
  password: '',
  url: `https://x/m/${id}`,
  creator: 'ann',
  memberCount: 0,
  createdAt: 0,
})
const all = [
  meeting(12345678, 'Weekly round'),
  meeting(87654321, '产品评审 2026'),
  meeting(11112222, 'Customer  Demo'),
]
const found = (words: string) => searchMeetings(all, words).map(({ id }) => id)

describe('searching the list of meetings', () => {
  it.each([
    ['', [12345678, 87654321, 11112222]],
    ['  ', [12345678, 87654321, 11112222]],
    ['ROUND weekly', [12345678]],
    ['评审', [87654321]],
    ['1234 5678', [12345678]],
    ['1234-56', [12345678]],
    ['１１１１', [11112222]],
    ['2026', [87654321]],
    ['customer demo', [11112222]],
    ['nothing', []],
  ])('%j', (words, ids) => {
    expect(found(words)).toEqual(ids)
  })
})

describe('a meeting number is read out in groups of four', () => {
  it.each([
    [12345678, '1234 5678'],
    [123456, '123456'],
  ])('%j → %j', (id, text) => {
    expect(spacedNumber(id)).toBe(text)
  })
})
