import { describe, expect, it } from 'vitest'
import { lastPart, recordPath, savedName } from '../src/recording/file-name.ts'
import { type LayoutName, regionsOf, type Scene } from '../src/recording/layouts.ts'
import { isShort, secondsLeft } from '../src/recording/qualities.ts'
import { clockOf } from '../src/ui/clock.ts'

const SIZE = { width: 640, height: 360 }
const scene = (count: number, change: Partial<Scene> = {}): Scene => ({
  cameras: Array.from({ length: count }, (_, i) => ({ userID: `u${i}`, videoID: i })),
  main: '',
  sharer: '',
  film: false,
  ...change,
})
const shown = (layout: LayoutName, of: Scene) =>
  regionsOf(layout, of, SIZE)?.map(({ content }) =>
    content.kind === 'camera' ? content.userID : content.kind,
  ) ?? null

describe('10 §2.1: what a recording shows', () => {
  it('a grid is the recorder’s own, and stands in for one camera or none', () => {
    expect(shown('grid', scene(3))).toBeNull()
    expect(shown('main', scene(0))).toBeNull()
    expect(shown('main', scene(1))).toBeNull()
  })

  it('one is large, five are small beside', () => {
    expect(shown('main', scene(8, { main: 'u3' }))).toEqual(['u3', 'u0', 'u1', 'u2', 'u4', 'u5'])
    expect(shown('main', scene(2, { main: 'not here' }))).toEqual(['u0', 'u1'])
  })

  it('a share fills the picture under the face of who shares, else of who is large', () => {
    expect(shown('screen', scene(3, { sharer: 'u2' }))).toEqual(['screen', 'u2'])
    expect(shown('screen', scene(3, { sharer: 'no camera', main: 'u1' }))).toEqual(['screen', 'u1'])
    expect(shown('screen', scene(0, { sharer: 'u9' }))).toEqual(['screen'])
    expect(shown('screen', scene(2))).toEqual(['u0', 'u1'])
    expect(shown('screen', scene(2, { film: true, main: 'u1' }))).toEqual(['media', 'u1'])
  })

  it.each([1, 2, 3, 6, 20])('with %i cameras everything lies inside the picture', (count) => {
    for (const layout of ['main', 'screen'] as const)
      for (const sharer of ['', 'u0'])
        for (const region of regionsOf(layout, scene(count, { sharer }), SIZE) ?? []) {
          expect(Math.min(region.left, region.top)).toBeGreaterThanOrEqual(0)
          expect(region.left + region.width).toBeLessThanOrEqual(SIZE.width)
          expect(region.top + region.height).toBeLessThanOrEqual(SIZE.height)
        }
  })
})

describe('names, lengths and room', () => {
  it('a path holds when and what, and nothing that a file name may not hold', () => {
    const at = new Date(2026, 10, 29, 4, 5, 9)
    expect(recordPath('recordings', ' a/b\\c: "d"\n* ', at)).toBe(
      'recordings/2026-11-29 04.05.09 a b c d.mp4',
    )
    expect(recordPath('recordings', '///', at)).toBe('recordings/2026-11-29 04.05.09.mp4')
    expect(lastPart('recordings\\a.mp4')).toBe('a.mp4')
    expect(savedName('recordings/a.mp4', 'video/webm')).toBe('a.webm')
    expect(savedName('recordings/a.mp4', 'video/mp4')).toBe('a.mp4')
  })

  it('the room is told as time at the chosen rate', () => {
    expect(secondsLeft(564_000 / 8, 'standard')).toBe(1)
    expect(secondsLeft(-1, 'full')).toBe(0)
    expect([10_000_000_000, 60_000_000].map((free) => isShort(free, 'standard'))).toEqual([
      false,
      true,
    ])
  })

  it('lengths read as on a clock', () => {
    expect([0, 65.9, 3725, -3].map(clockOf)).toEqual(['0:00', '1:05', '1:02:05', '0:00'])
  })
})
