import { expect, it } from 'vitest'
import { kindOf, mayBeOurs } from '../../src/board/drops.ts'

it.each([
  ['image/png', 'a.png', 'picture'],
  ['application/pdf', 'a', 'document'],
  ['', 'A.PDF', 'document'],
  ['', 'a.png.exe', 'other'],
  ['text/plain', 'a.pdf', 'other'],
])('a file of type "%s" named %s is a %s', (type, name, kind) => {
  expect(kindOf({ type, name })).toBe(kind)
})

it('films and sounds are not for the board, and text is no file', () => {
  expect(mayBeOurs([{ kind: 'file', type: 'video/mp4' }])).toBe(false)
  expect(mayBeOurs([{ kind: 'string', type: 'text/plain' }])).toBe(false)
  expect(mayBeOurs([{ kind: 'file', type: '' }])).toBe(true)
  expect(
    mayBeOurs([
      { kind: 'file', type: 'audio/mpeg' },
      { kind: 'file', type: 'image/png' },
    ]),
  ).toBe(true)
})
