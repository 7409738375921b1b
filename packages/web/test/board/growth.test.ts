import { expect, test } from 'vitest'
import type { StrokeItem } from '../../src/board/elements.ts'
import { isGrowth } from '../../src/board/growth.ts'

const stroke = (changes: object = {}): StrokeItem => ({
  id: 'a',
  kind: 'pencil',
  left: 0,
  top: 0,
  color: '#000000',
  opacity: 1,
  lineWidth: 3,
  fill: '',
  rotate: 0,
  points: [0, 0, 5, 5],
  pressures: [],
  ...changes,
})

test.each<[string, StrokeItem | null, StrokeItem, boolean]>([
  ['a new stroke', null, stroke(), true],
  ['one that goes on', stroke(), stroke({ points: [0, 0, 5, 5, 9, 9] }), true],
  ['one that was shortened', stroke(), stroke({ points: [0, 0] }), false],
  ['one whose way changed', stroke(), stroke({ points: [0, 0, 6, 5, 9, 9] }), false],
  ['one that was moved', stroke(), stroke({ left: 1 }), false],
  ['one of another colour', stroke(), stroke({ color: '#ff0000' }), false],
  ['one that is seen through', null, stroke({ opacity: 0.5 }), false],
  ['a marker, which is seen through', null, stroke({ kind: 'marker' }), false],
])('12 §6: %s is painted over what is there, or not', (_, before, now, is) => {
  expect(isGrowth(before, now)).toBe(is)
})
