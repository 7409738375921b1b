import { LIMITS, type ScreenShare } from '@yuntang/protocol'
import { describe, expect, it } from 'vitest'
import { Marks } from '../../src/domains/screen/marks.ts'
import { mayGive, mayInput, mayRelease } from '../../src/domains/screen/policy.ts'
import {
  apply,
  decide,
  type ScreenCommand,
  type ScreenState,
} from '../../src/domains/screen/state.ts'

const rect = { x: 0, y: 0, w: 1280, h: 720 }
const other = { x: 10, y: 20, w: 640, h: 360 }
const share = (over: Partial<ScreenShare> = {}): ScreenShare => ({
  userID: 'a',
  rect,
  holder: '',
  since: 7,
  ...over,
})
const told = (state: ScreenState, command: ScreenCommand) => {
  const decision = decide(state, command)
  return 'error' in decision ? decision.error : decision.facts.map((f) => [f.event, f.data])
}

describe('07 §1.4: who may do what with the control right', () => {
  it.each([
    ['a', true, true, false],
    ['b', false, true, true],
    ['c', false, false, false],
  ])('%s: gives %s, releases %s, moves the mouse %s', (actor, gives, releases, inputs) => {
    const state = share({ holder: 'b' })
    expect([mayGive, mayRelease, mayInput].map((may) => may(state, actor))).toEqual([
      gives,
      releases,
      inputs,
    ])
    expect([mayGive, mayRelease, mayInput].map((may) => may(null, actor))).toEqual([
      false,
      false,
      false,
    ])
  })

  it('nobody holds it: nobody moves the mouse, not even a user without a name', () => {
    for (const actor of ['a', 'b', '']) expect(mayInput(share(), actor)).toBe(false)
  })
})

describe('09 §6: strokes', () => {
  const part = (id: string, count: number, userID = 'a', from = 0) => ({
    userID,
    id,
    color: 255,
    width: 3,
    from,
    points: Array.from({ length: 2 * count }, (_, i) => i),
  })

  it('grow, and take no more than a stroke holds', () => {
    const marks = new Marks()
    expect(marks.add(part('s', 600))).toMatchObject({ n: 1, from: 0 })
    expect(marks.add(part('s', 600, 'a', 600))).toMatchObject({
      from: 600,
      points: { length: 800 },
    })
    expect(marks.add(part('s', 1, 'a', 1000))).toBeNull()
    expect(marks.part(0).marks[0]?.points).toHaveLength(2 * LIMITS.markPoints)
  })

  it('points told again count once; where some are missing nothing is taken', () => {
    const marks = new Marks()
    marks.add(part('s', 5))
    expect(marks.add(part('s', 5))).toBeNull()
    expect(marks.add(part('s', 4, 'a', 3))).toMatchObject({ from: 5, points: [4, 5, 6, 7] })
    expect(marks.add(part('s', 1, 'a', 8))).toBe('missing')
    expect(marks.add(part('new', 1, 'a', 1))).toBe('missing')
    expect(marks.part(0).marks.map((m) => m.points.length)).toEqual([14])
  })

  it('of an earlier run are continued', () => {
    const changed: number[] = []
    const marks = new Marks((n) => changed.push(n))
    marks.restore([{ ...part('s', 2), n: 9 }].map(({ from: _, ...mark }) => mark))
    expect(marks.add(part('t', 1))).toMatchObject({ n: 10 })
    marks.add(part('s', 1, 'a', 2))
    marks.remove('a')
    expect(changed).toEqual([10, 9, 9, 10])
  })

  it('of two users may have one name; each removes its own', () => {
    const marks = new Marks()
    marks.add(part('s', 1))
    marks.add(part('s', 1, 'b'))
    expect(marks.remove('a')).toBe(true)
    expect(marks.remove('a')).toBe(false)
    expect(marks.part(0).marks.map((m) => m.userID)).toEqual(['b'])
  })

  it('too many: the oldest goes', () => {
    const marks = new Marks()
    for (let i = 0; i <= LIMITS.marks; i++) marks.add(part(`s${i}`, 1))
    expect(marks.part(0).marks[0]?.id).toBe('s1')
  })

  it('all together are read in frames that fit', () => {
    const marks = new Marks()
    for (let i = 0; i < 300; i++) marks.add(part(`s${i}`, 200, 'ü'.repeat(128)))
    const read: number[] = []
    for (let after = 0, more = true; more; ) {
      const { marks: some, more: rest } = marks.part(after)
      expect(JSON.stringify(some).length).toBeLessThan(LIMITS.frameBytes)
      read.push(...some.map(({ n }) => n))
      after = read.at(-1) ?? 0
      more = rest === 1
    }
    expect(read).toEqual(Array.from({ length: 300 }, (_, i) => i + 1))
  })
})

describe('09 §3: what follows from a command', () => {
  it.each<[string, ScreenState, ScreenCommand, unknown]>([
    [
      'nobody shares: I do',
      null,
      { type: 'start', userID: 'a', rect, now: 7 },
      [['screen.started', { userID: 'a', rect, since: 7 }]],
    ],
    ['my own share goes on', share(), { type: 'start', userID: 'a', rect, now: 7 }, []],
    [
      'my own share with another region',
      share(),
      { type: 'start', userID: 'a', rect: other, now: 7 },
      [['screen.resized', { rect: other }]],
    ],
    ['somebody else shares', share(), { type: 'start', userID: 'b', rect, now: 7 }, 'screen.taken'],
    [
      'the sharer changes the region',
      share(),
      { type: 'resize', userID: 'a', rect: other },
      [['screen.resized', { rect: other }]],
    ],
    [
      'nobody else changes it',
      share(),
      { type: 'resize', userID: 'b', rect: other },
      'screen.none',
    ],
    [
      'the sharer stops',
      share(),
      { type: 'stop', userID: 'a' },
      [['screen.stopped', { userID: 'a' }]],
    ],
    ['nobody else stops it', share(), { type: 'stop', userID: 'b' }, 'screen.none'],
    ['nothing to stop', null, { type: 'stop', userID: 'a' }, 'screen.none'],
    [
      'the sharer leaves',
      share(),
      { type: 'leave', userID: 'a' },
      [['screen.stopped', { userID: 'a' }]],
    ],
    [
      'the right is given',
      share(),
      { type: 'give', by: 'a', userID: 'b' },
      [['screen.given', { by: 'a', userID: 'b' }]],
    ],
    [
      'given to another, who held it loses it first',
      share({ holder: 'b' }),
      { type: 'give', by: 'a', userID: 'c' },
      [
        ['screen.released', { by: 'a', userID: 'b' }],
        ['screen.given', { by: 'a', userID: 'c' }],
      ],
    ],
    [
      'the holder has it already',
      share({ holder: 'b' }),
      { type: 'give', by: 'a', userID: 'b' },
      [],
    ],
    ['not to myself', share(), { type: 'give', by: 'a', userID: 'a' }, 'param.invalid'],
    ['only the sharer gives', share(), { type: 'give', by: 'b', userID: 'b' }, 'screen.none'],
    [
      'the holder gives it up',
      share({ holder: 'b' }),
      { type: 'release', by: 'b' },
      [['screen.released', { by: 'b', userID: 'b' }]],
    ],
    ['nobody holds it', share(), { type: 'release', by: 'a' }, []],
    [
      'a share that stops releases first',
      share({ holder: 'b' }),
      { type: 'stop', userID: 'a' },
      [
        ['screen.released', { by: 'a', userID: 'b' }],
        ['screen.stopped', { userID: 'a' }],
      ],
    ],
    [
      'the holder leaves',
      share({ holder: 'b' }),
      { type: 'leave', userID: 'b' },
      [['screen.released', { by: 'b', userID: 'b' }]],
    ],
    ['somebody else leaves', share(), { type: 'leave', userID: 'b' }, []],
    ['somebody leaves where nobody shares', null, { type: 'leave', userID: 'b' }, []],
  ])('%s', (_, state, command, expected) => {
    expect(told(state, command)).toEqual(expected)
  })

  it('what was told leads to the next state', () => {
    const after = (state: ScreenState, command: ScreenCommand) => {
      const decision = decide(state, command)
      return 'error' in decision ? state : decision.facts.reduce(apply, state)
    }
    expect(after(null, { type: 'start', userID: 'a', rect, now: 7 })).toEqual(share())
    expect(after(share(), { type: 'resize', userID: 'a', rect: other })).toEqual(
      share({ rect: other }),
    )
    expect(after(share(), { type: 'stop', userID: 'a' })).toBeNull()
  })
})
