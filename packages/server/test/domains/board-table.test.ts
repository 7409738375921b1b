import { type BoardAction, type BoardElement, LIMITS } from '@yuntang/protocol'
import { describe, expect, it } from 'vitest'
import { decide } from '../../src/domains/board/decide.ts'
import { apply, type BoardsState, bytesOf, emptyBoards } from '../../src/domains/board/state.ts'

type By = 'ann' | 'bob' | 'owner'
type Step = readonly [By, BoardAction]

const create = (boardID = 'b', pageCount = 2): BoardAction => ({
  do: 'create',
  board: { boardID, title: 't', width: 800, height: 600, pageCount },
})
const draft = (elementID: string, more: object = {}) => ({
  elementID,
  type: 100,
  left: 1,
  top: 2,
  ...more,
})
const on = { boardID: 'b', page: 0 }
const add = (id: string, more: object = {}): BoardAction => ({
  do: 'add',
  ...on,
  element: draft(id, more),
})
const modify = (id: string, more: object = {}): BoardAction => ({
  do: 'modify',
  ...on,
  element: draft(id, more),
})
const remove = (...ids: string[]): BoardAction => ({ do: 'delete', ...on, ids })
const page = (img: string, ...ids: string[]): BoardAction => ({
  do: 'page',
  ...on,
  img,
  elements: ids.map((id) => draft(id)),
  from: 0,
  more: false,
})
const close: BoardAction = { do: 'close', boardID: 'b' }

/** What becomes of each action: a fact's kind, nothing, or refused. */
const play = (
  steps: readonly Step[],
  { policy = 'open' as 'open' | 'owner', state = emptyBoards() as BoardsState } = {},
) => {
  const outcomes = steps.map(([by, action]) => {
    const decision = decide(state, action, { by, owner: 'owner', policy })
    if ('refused' in decision) return 'refused'
    if (decision.fact) apply(state, decision.fact)
    return decision.fact?.do ?? 'nothing'
  })
  return { outcomes, state }
}

const elements = (state: BoardsState, no = 0): BoardElement[] =>
  [...(state.boards.get('b')?.pages.get(no)?.elements.values() ?? [])].map(({ value }) => value)

const B: Step = ['ann', create()]

const TABLE: readonly (readonly [string, readonly Step[], readonly string[], string])[] = [
  [
    'add: an ID that exists is a modification by who added it',
    [B, ['bob', add('x')], ['bob', add('x', { left: 9 })]],
    ['create', 'add', 'modify'],
    'x@9',
  ],
  [
    'add: of an ID that another added is refused',
    [B, ['bob', add('x')], ['ann', add('x', { left: 9 })]],
    ['create', 'add', 'refused'],
    'x@1',
  ],
  [
    'add: who modified an element did not add it',
    [B, ['bob', add('x')], ['ann', modify('x')], ['ann', add('x', { left: 9 })]],
    ['create', 'add', 'modify', 'refused'],
    'x@1',
  ],
  [
    'modify: the later one in server order wins',
    [B, ['bob', add('x')], ['ann', modify('x', { left: 5 })], ['bob', modify('x', { left: 7 })]],
    ['create', 'add', 'modify', 'modify'],
    'x@7',
  ],
  [
    'delete wins over a modification ordered after it',
    [B, ['bob', add('x')], ['ann', remove('x')], ['bob', modify('x')]],
    ['create', 'add', 'delete', 'refused'],
    '',
  ],
  [
    'unknown IDs in a delete are skipped',
    [B, ['bob', add('x')], ['ann', remove('y', 'x', 'x')], ['bob', remove('x')]],
    ['create', 'add', 'delete', 'nothing'],
    '',
  ],
  [
    'init page replaces all elements',
    [B, ['bob', add('x')], ['ann', page('i', 'y', 'z')]],
    ['create', 'add', 'page'],
    'y@1 z@1',
  ],
  [
    'modifications of vanished elements after an init page are dropped',
    [B, ['bob', add('x')], ['ann', page('')], ['bob', modify('x')]],
    ['create', 'add', 'page', 'refused'],
    '',
  ],
  [
    'close board wins over everything ordered after it',
    [B, ['ann', close], ['bob', add('x')], ['bob', page('')], ['bob', remove('x')], ['bob', close]],
    ['create', 'close', 'refused', 'refused', 'refused', 'nothing'],
    '',
  ],
  [
    'a board ID of another is refused, the own again is nothing new',
    [B, ['ann', create()], ['bob', create()]],
    ['create', 'nothing', 'refused'],
    '',
  ],
  [
    'a page that the board does not have is refused',
    [
      ['ann', create('b', 1)],
      ['ann', { ...add('x'), page: 1 } as BoardAction],
    ],
    ['create', 'refused'],
    '',
  ],
]

describe('12 §1.4: conflicts between simultaneous edits', () => {
  it.each(TABLE)('%s', (_, steps, outcomes, left) => {
    const played = play(steps)
    expect(played.outcomes).toEqual(outcomes)
    expect(
      elements(played.state)
        .map((e) => `${e.elementID}@${e.left}`)
        .join(' '),
    ).toBe(left)
  })

  it('modify replaces the whole element, fields are not merged; a missing orderID keeps the old one', () => {
    const { state } = play([
      B,
      ['ann', add('x', { orderID: 4, a: 1, b: { c: [1] } })],
      ['bob', modify('x', { b: 2 })],
    ])
    expect(elements(state)).toEqual([draft('x', { orderID: 4, b: 2 })])
  })

  it("orderID: if missing in an add, it is the page's highest + 1", () => {
    const { state } = play([
      B,
      ['ann', add('x')],
      ['bob', add('y', { orderID: 41.5 })],
      ['ann', add('z')],
      ['ann', { ...add('other'), page: 1 } as BoardAction],
    ])
    expect(elements(state).map((e) => e.orderID)).toEqual([1, 41.5, 42.5])
    expect(elements(state, 1).map((e) => e.orderID)).toEqual([1])
  })

  it('orderID: what was deleted, put lower or replaced is not the highest any more', () => {
    const { state } = play([
      B,
      ['ann', add('low', { orderID: -7 })],
      ['bob', add('x')],
      ['ann', add('y', { orderID: 40 })],
      ['bob', remove('y')],
      ['ann', add('z')],
      ['ann', modify('z', { orderID: -9 })],
      ['bob', add('v')],
    ])
    expect(elements(state).map((e) => e.orderID)).toEqual([-7, -6, -9, -5])
    play(
      [
        ['ann', page('', 'p')],
        ['bob', add('q')],
      ],
      { state },
    )
    expect(elements(state).map((e) => e.orderID)).toEqual([1, 2])
  })
})

describe('07 §1.4: who may close a board', () => {
  it.each([
    ['open', 'bob', 'close'],
    ['owner', 'bob', 'refused'],
    ['owner', 'ann', 'close'],
    ['owner', 'owner', 'close'],
  ] as const)('%s: %s → %s', (policy, by, outcome) => {
    expect(play([B, [by, close]], { policy }).outcomes).toEqual(['create', outcome])
  })
})

describe('12 §1: limits', () => {
  it('50 boards per meeting; a closed one makes room', () => {
    const many = Array.from({ length: LIMITS.boards }, (_, i): Step => ['ann', create(`b${i}`)])
    const shut: Step = ['ann', { do: 'close', boardID: 'b7' }]
    const { outcomes } = play([...many, ['bob', create('x')], shut, ['bob', create('x')]])
    expect(outcomes.slice(-3)).toEqual(['refused', 'close', 'create'])
  })

  it('5 000 elements per page, also at once', () => {
    const ids = Array.from({ length: LIMITS.boardElements }, (_, i) => `e${i}`)
    const { outcomes } = play([
      B,
      ['ann', page('', ...ids, 'more')],
      ['ann', page('', ...ids)],
      ['ann', add('more')],
      ['ann', modify('e0')],
      ['ann', remove('e0')],
      ['ann', add('more')],
    ])
    const wanted = ['create', 'refused', 'page', 'refused', 'modify', 'delete', 'add']
    expect(outcomes).toEqual(wanted)
  })

  it('256 KiB per element as JSON, counted in bytes of UTF-8', () => {
    const room = LIMITS.boardElementBytes - bytesOf(draft('x', { orderID: 1, text: '' }))
    const exact = '字'.repeat(Math.floor(room / 3)) + 'a'.repeat(room % 3)
    const { outcomes } = play([
      B,
      ['ann', add('x', { text: `${exact}a` })],
      ['ann', add('x', { text: exact })],
      ['bob', modify('x', { text: `${exact}a` })],
    ])
    expect(outcomes).toEqual(['create', 'refused', 'add', 'refused'])
  })

  it('8 MiB per page; deleting, replacing and closing give the bytes back', () => {
    const text = 'a'.repeat(250_000)
    const state = emptyBoards()
    const fill = Array.from({ length: 34 }, (_, i): Step => ['ann', add(`e${i}`, { text })])
    const { outcomes } = play([B, ...fill], { state })
    expect(outcomes.filter((o) => o === 'add')).toHaveLength(33)
    expect(outcomes.at(-1)).toBe('refused')
    const full = state.bytes
    const more: Step[] = [
      ['ann', remove('e0')],
      ['bob', add('e99', { text })],
    ]
    expect(play(more, { state }).outcomes).toEqual(['delete', 'add'])
    expect(Math.abs(state.bytes - full)).toBeLessThan(10)
    play([['ann', page('', 'x')]], { state })
    expect(state.bytes).toBe(elements(state).reduce((sum, e) => sum + bytesOf(e), 0))
    play([['ann', close]], { state })
    expect(state.bytes).toBe(0)
  })

  it('an initial page with the same ID twice is refused', () => {
    expect(play([B, ['ann', page('', 'x', 'x')]]).outcomes).toEqual(['create', 'refused'])
  })
})
