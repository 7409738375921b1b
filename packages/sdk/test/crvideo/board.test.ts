import type { BoardFact } from '@yuntang/protocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { BOARD, element, openBoards, openWith } from '../meeting/scripted-boards.ts'
import { fakeMeeting, page, settle } from './fake-client.ts'

beforeEach(() => {
  vi.stubGlobal('WebSocket', class {})
  vi.stubGlobal('RTCPeerConnection', class {})
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

const SLOTS = [
  'NotifyInitBoards',
  'NotifyInitBoardPageDat',
  'NotifyCreateBoard',
  'NotifyCloseBoard',
  'NotifyBoardBkImage',
  'NotifyAddBoardElement',
  'NotifyModifyBoardElement',
  'NotifyDelBoardElement',
  'NotifyMouseHotSpot',
]

/** A page in a meeting with real boards, whose server answers by hand. */
const inMeeting = async (opened: ReturnType<typeof openBoards>) => {
  const all = page()
  all.run('Init2')
  all.run('EnterMeeting', '12345678', '', '', '', '')
  all.listen(...SLOTS)
  const { meeting } = fakeMeeting()
  Object.assign(meeting, { board: opened.boards })
  all.client.meeting = meeting
  all.events.emit('meeting', meeting)
  all.calls[0]?.resolve(meeting)
  await settle()
  const entry = all.log.splice(0)
  return { ...opened, ...all, entry }
}
const X = element('x', 1, { own: [1, null] })
const on = { boardID: 'b', page: 0 }

describe('12 §1.2: what the server refuses is undone and told with operatorID ""', () => {
  it.each<[string, [string, ...unknown[]], unknown[][]]>([
    [
      'an element',
      ['Addboardelement', 'b', 0, { type: 7, elementID: 'n' }],
      [['NotifyDelBoardElement', 'b', 0, 'n', '']],
    ],
    ['a deletion', ['Delboardelement', 'b', 0, 'x'], [['NotifyAddBoardElement', 'b', 0, X, '']]],
    [
      'a modification',
      ['ModifyBoardElement', 'b', 0, { type: 7, elementID: 'x' }],
      [['NotifyModifyBoardElement', 'b', 0, X, '']],
    ],
    [
      'a page initialisation',
      ['InitBoardPageDat', 'b', 1, '', [{ type: 1 }]],
      [['NotifyInitBoardPageDat', 'b', 1, '', [], '']],
    ],
    [
      'a closing',
      ['Closeboard', 'b'],
      [
        ['NotifyCreateBoard', BOARD, ''],
        ['NotifyInitBoardPageDat', 'b', 0, '', [X], ''],
      ],
    ],
  ])('%s', async (_, [name, ...args], wanted) => {
    const { run, answer, log } = await inMeeting(await openWith(X))
    run(name, ...args)
    await answer(1, [0])
    expect(log).toEqual(wanted)
  })

  it('a board', async () => {
    const { run, answer, log } = await inMeeting(openBoards())
    const { boardID } = JSON.parse(run('Createboard', 't', 100, 100, 1) as string)
    run('InitBoardPageDat', boardID, 0, '', '')
    await answer(0, [0, 1])
    expect(log).toEqual([['NotifyCloseBoard', boardID, '']])
    expect(run('Addboardelement', boardID, 0, { type: 1 })).toBe('')
  })
})

describe('12: boards through the classic functions', () => {
  it('§1.3: all boards in order of creation, then each of their pages, empty ones too', async () => {
    const opened = openBoards(2)
    const other = { ...BOARD, boardID: 'a', pageCount: 1 }
    const pages = [{ boardID: 'b', page: 1, img: 'i.png', elements: [X] }]
    const entering = inMeeting(opened)
    opened.asked[0]?.answer({ n: 3, from: 0, boards: [BOARD, other], pages, next: null })
    expect((await entering).entry).toEqual([
      ['NotifyInitBoards', [BOARD, other]],
      ['NotifyInitBoardPageDat', 'b', 0, '', [], ''],
      ['NotifyInitBoardPageDat', 'b', 1, 'i.png', [X], ''],
      ['NotifyInitBoardPageDat', 'a', 0, '', [], ''],
    ])
  })

  it('§2: pageCount is 1 by default, numbers may be text, fractions of a measured size are rounded', async () => {
    const { run } = await inMeeting(openBoards())
    const made = (...args: unknown[]) => {
      const text = run('Createboard', ...args) as string
      return text && JSON.parse(text)
    }
    expect(made('t', ' 800 ', 600.4)).toMatchObject({ width: 800, height: 600, pageCount: 1 })
    for (const bad of [
      ['t', 15, 600],
      ['t', 'wide', 600],
      ['t', 800, 600, 0],
      ['t', 800, 600, 501],
    ])
      expect(made(...bad)).toBe('')
  })

  it('07 §1.2: boards are named by an ID, an object, or its JSON text', async () => {
    const { run, boards } = await inMeeting(await openWith())
    for (const name of ['b', BOARD, JSON.stringify(BOARD)])
      run('Addboardelement', name, '0', JSON.stringify({ type: '3', left: '5', orderID: '2' }))
    const read = boards
      .elements('b', 0)
      .map(({ type, left, top, orderID }) => [type, left, top, orderID])
    expect(read).toEqual(Array(3).fill([3, 5, 0, 2]))
  })

  it('§4: IDs to delete come with ; or ； or as an array, blanks are ignored, and are told with ;', async () => {
    const all = ['x', 'y', 'z', 'v'].map((id, i) => element(id, i))
    const { run, boards, hear, log } = await inMeeting(await openWith(...all))
    run('Delboardelement', 'b', 0, ' x ；none; ')
    run('Delboardelement', 'b', 0, ['y'])
    expect(boards.elements('b', 0).map(({ elementID }) => elementID)).toEqual(['z', 'v'])
    hear(9, { do: 'delete', ...on, ids: ['z', 'v'], by: 'other' })
    await settle()
    expect(log).toEqual([['NotifyDelBoardElement', 'b', 0, 'z;v', 'other']])
  })

  it('§3: another background of a page is told twice, the first one once', async () => {
    const { hear, log } = await inMeeting(await openWith())
    const init = (img: string): BoardFact => ({
      ...{ do: 'page', boardID: 'b', page: 1 },
      ...{ img, elements: [], more: false, by: 'o' },
    })
    hear(2, { do: 'add', boardID: 'b', page: 1, element: X, by: 'o' })
    hear(3, init('1.png'))
    hear(4, init('1.png'))
    hear(5, init('2.png'))
    await settle()
    const page = (img: string) => ['NotifyInitBoardPageDat', 'b', 1, img, [], 'o']
    const place = { userID: 'a', boardID: 'b', boardPageNo: 1 }
    expect(log).toEqual([
      ['NotifyAddBoardElement', 'b', 1, X, 'o'],
      page('1.png'),
      page('1.png'),
      page('2.png'),
      ['NotifyBoardBkImage', place, '2.png', 'o'],
    ])
  })

  it('§4: nothing throws and nothing is sent for what is no element', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { run, asked, pass } = await inMeeting(await openWith(X))
    const before = asked.length
    const circle: Record<string, unknown> = { type: 1, elementID: 'x' }
    circle.self = circle
    for (const bad of [circle, '{no', '', null, 7, { left: 1 }, { type: 'x' }, []]) {
      expect(run('Addboardelement', 'b', 0, bad)).toBe('')
      expect(run('ModifyBoardElement', 'b', 0, bad)).toBe('')
    }
    for (const [board, no, list] of [
      ['none', 0, ''],
      ['b', 2, ''],
      ['b', 'x', ''],
      ['b', 0, '{no'],
      ['b', 0, [circle]],
    ])
      run('InitBoardPageDat', board, no, '', list)
    expect(warn).toHaveBeenCalledTimes(21)
    run('Closeboard', 'none')
    run('Delboardelement', 'b', 0, 'none')
    run('Setmousehotspot', 'none', 0, 1, 1)
    await pass(1_000)
    expect(asked.length).toBe(before)
  })

  it('07 §1.3: outside a meeting there are no IDs and no boards', () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { run } = page()
    run('Init2')
    expect(run('CreateElementID')).toBe('')
    expect(run('Createboard', 't', 100, 100, 1)).toBe('')
    expect(run('Addboardelement', 'b', 0, { type: 1 })).toBe('')
    expect(run('ModifyBoardElement', 'b', 0, X)).toBe('')
    for (const name of ['Closeboard', 'InitBoardPageDat', 'Delboardelement', 'Setmousehotspot'])
      expect(run(name, 'b', 0, 'x', 1)).toBeUndefined()
  })
})
