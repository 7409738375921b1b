import { FIRST_PAGES, type PagesState } from '@yuntang/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mayDirect } from '../../src/domains/pages/policy.ts'
import { apply, decide, type PagesCommand } from '../../src/domains/pages/state.ts'

const state = (over: Partial<PagesState> = {}): PagesState => ({ ...FIRST_PAGES, ...over })
const events = (before: PagesState, command: PagesCommand) =>
  decide(before, command).map(({ event, data }) => [event, data])

describe('11 §2–4: what follows from a command', () => {
  it.each<[string, PagesState, PagesCommand, unknown[]]>([
    [
      'a switch is told with who did it',
      state(),
      { type: 'switch', by: 'a', main: 2, sub: 'b1' },
      [['pages.switched', { main: 2, sub: 'b1', by: 'a' }]],
    ],
    [
      'switching to the present page tells nothing',
      state({ main: 2, sub: 'b1', by: 'b' }),
      { type: 'switch', by: 'a', main: 2, sub: 'b1' },
      [],
    ],
    [
      'the board that is the sub page is closed',
      state({ main: 2, sub: 'b1' }),
      { type: 'closeBoard', boardID: 'b1' },
      [['pages.subClosed', {}]],
    ],
    [
      'another board is closed',
      state({ main: 2, sub: 'b1' }),
      { type: 'closeBoard', boardID: 'b2' },
      [],
    ],
    ['no board is shown', state({ main: 2 }), { type: 'closeBoard', boardID: '' }, []],
    [
      'the wall is told again when it is set to what it is',
      state({ wall: 3 }),
      { type: 'setWall', by: 'a', mode: 3 },
      [['pages.wall', { mode: 3, by: 'a' }]],
    ],
    [
      'a main video is told when it changed',
      state(),
      { type: 'setMainVideo', by: 'a', userID: 'b' },
      [['pages.mainVideo', { userID: 'b', by: 'a' }]],
    ],
    [
      'and only then',
      state({ mainVideo: 'b' }),
      { type: 'setMainVideo', by: 'a', userID: 'b' },
      [],
    ],
    [
      'it leaves: nobody is main video, by whom left',
      state({ mainVideo: 'b', mainVideoBy: 'a' }),
      { type: 'leave', userID: 'b' },
      [['pages.mainVideo', { userID: '', by: 'b' }]],
    ],
    ['somebody else leaves', state({ mainVideo: 'b' }), { type: 'leave', userID: 'a' }, []],
  ])('%s', (_, before, command, told) => {
    expect(events(before, command)).toEqual(told)
  })

  it('whatever is done: what was told leads from the first state to the last', () => {
    const who = fc.constantFrom('a', 'b')
    const command = fc.oneof(
      fc.record({
        type: fc.constant('switch' as const),
        by: who,
        main: fc.constantFrom(0 as const, 1 as const, 2 as const),
        sub: fc.constantFrom('', 'x', 'y'),
      }),
      fc.record({ type: fc.constant('closeBoard' as const), boardID: fc.constantFrom('x', 'y') }),
      fc.record({ type: fc.constant('setWall' as const), by: who, mode: fc.integer() }),
      fc.record({
        type: fc.constant('setMainVideo' as const),
        by: who,
        userID: fc.constantFrom('', 'a', 'b'),
      }),
      fc.record({ type: fc.constant('leave' as const), userID: who }),
    )
    fc.assert(
      fc.property(fc.array(command), (commands) => {
        let now = FIRST_PAGES
        for (const c of commands) {
          const before = now
          for (const fact of decide(now, c)) now = apply(now, fact)
          if (c.type === 'switch') expect(now).toMatchObject({ main: c.main, sub: c.sub })
          if (c.type === 'setWall') expect(now.wall).toBe(c.mode)
          if (c.type === 'setMainVideo') expect(now.mainVideo).toBe(c.userID)
          if (c.type === 'leave') expect(now.mainVideo).not.toBe(c.userID)
          if (c.type === 'closeBoard' && now.main === 2) expect(now.sub).not.toBe(c.boardID)
          if (c.type !== 'setWall' && decide(before, c).length === 0) expect(now).toBe(before)
        }
      }),
    )
  })
})

it.each([
  ['open', 'b', true],
  ['owner', 'a', true],
  ['owner', 'b', false],
] as const)('07 §1.4: policy %s, %s: %s', (policy, actor, may) => {
  expect(mayDirect(policy, 'a', actor)).toBe(may)
})
