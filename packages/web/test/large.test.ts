import { expect, it } from 'vitest'
import { largeOf, type Views } from '../src/wall/large.ts'

const views = (over: Partial<Views>): Views => ({
  main: 0,
  hasShare: false,
  hasFilm: false,
  hasBoard: false,
  later: 'share',
  isNewer: false,
  ...over,
})

it.each<[string, Partial<Views>, ReturnType<typeof largeOf>]>([
  ['nothing but people', {}, null],
  ['nothing is shared on the page for sharing', { main: 1 }, null],
  ['no board on the page for boards', { main: 2 }, null],
  ['a share on its page', { main: 1, hasShare: true }, 'share'],
  ['a share that began on the pictures’ page', { hasShare: true, isNewer: true }, 'share'],
  ['all were switched to the pictures after it', { hasShare: true }, null],
  ['the board', { main: 2, hasBoard: true }, 'board'],
  [
    'all were switched to the board during a share',
    { main: 2, hasBoard: true, hasShare: true },
    'board',
  ],
  [
    'a share that began during the board',
    { main: 2, hasBoard: true, hasShare: true, isNewer: true },
    'share',
  ],
  ['it is over: the board again', { main: 2, hasBoard: true, isNewer: true }, 'board'],
  ['a share, the board is gone', { main: 2, hasShare: true }, 'share'],
  ['a film after the share', { main: 1, hasShare: true, hasFilm: true, later: 'media' }, 'media'],
  ['the film is over', { main: 1, hasShare: true, later: 'media' }, 'share'],
])('11 §2: what is large: %s', (_, over, large) => {
  expect(largeOf(views(over))).toBe(large)
})
