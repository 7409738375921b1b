import { describe, expect, it } from 'vitest'
import { parseMeetingReference } from '../src/lobby/meeting-reference.ts'
import { safeNext } from '../src/login/safe-next.ts'
import { initials } from '../src/meeting/initials.ts'

describe('03 §2: a meeting is named by its number or its link', () => {
  it.each(['12345678', ' 1234 5678 ', '1234-5678', '１２３４５６７８'])('number %j', (text) => {
    expect(parseMeetingReference(text)).toEqual({ kind: 'number', id: 12345678 })
  })

  it.each([
    'https://meet.example.com/m/AbcDef',
    'meet.example.com/m/AbcDef?from=mail',
    'http://10.0.0.1:2727/m/AbcDef/',
    'AbcDef',
  ])('link %j', (text) => {
    expect(parseMeetingReference(text)).toEqual({ kind: 'link', slug: 'AbcDef' })
  })

  it('a meeting page address names its number', () => {
    const text = 'https://meet.example.com/meeting/12345678'
    expect(parseMeetingReference(text)).toEqual({ kind: 'number', id: 12345678 })
  })

  it.each(['', '0', '-', 'hello', '12a', 'https://', 'https://x.org/m/abc', '/meeting/x'])(
    'refuses %j',
    (text) => {
      expect(parseMeetingReference(text)).toBeNull()
    },
  )
})

describe('sign-in returns only to pages of this app', () => {
  it.each(['/', '/m/AbcDef', '/meeting/1?x=2'])('keeps %j', (path) => {
    expect(safeNext(path)).toBe(path)
  })
  it.each(['//evil.example', '/\\evil.example', 'https://evil.example', undefined, ['/a']])(
    'turns %j into the lobby',
    (path) => {
      expect(safeNext(path)).toBe('/')
    },
  )
})

describe('initials', () => {
  it.each([
    ['Ada Lovelace', 'AL'],
    ['bob', 'B'],
    ['王小明', '小明'],
    ['', '?'],
    ['😀 x', '😀X'],
  ])('%j → %j', (name, expected) => {
    expect(initials(name)).toBe(expected)
  })
})
