import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { eventually } from '../support/eventually.ts'
import { BLUE } from '../support/media-files.ts'
import type { MeetingRef } from '../support/meeting-of.ts'
import { hostPages } from '../support/page-host.ts'
import { freeTcpPort, freeUdpPort, type RunningServer, startServer } from '../support/server.ts'

const SLOTS = [
  'CRVideo_NotifyInitBoards',
  'CRVideo_NotifyInitBoardPageDat',
  'CRVideo_NotifyCreateBoard',
  'CRVideo_NotifyCloseBoard',
  'CRVideo_NotifyBoardBkImage',
  'CRVideo_NotifyAddBoardElement',
  'CRVideo_NotifyModifyBoardElement',
  'CRVideo_NotifyDelBoardElement',
  'CRVideo_NotifyMouseHotSpot',
]

interface Element {
  elementID: string
  [field: string]: unknown
}

describe('whiteboards through the classic API', () => {
  let env: Record<string, string>
  let server: RunningServer
  let host: Awaited<ReturnType<typeof hostPages>>
  let browser: Browser
  let meeting: MeetingRef
  let board: { boardID: string }
  let shape: Element
  const pages: ClassicPage[] = []
  const page = (i: number) => pages[i] as ClassicPage

  const open = async (userID: string) => {
    const p = await ClassicPage.open(browser, host.url, server.url)
    pages.push(p)
    await p.login(userID)
    return p
  }
  const mark = async () => {
    for (const p of pages) await p.mark()
  }
  const told = async (p: ClassicPage) =>
    (await p.sinceMark(SLOTS)).map(({ slot, args }) => [slot.replace('CRVideo_', ''), ...args])
  /** The page hears exactly this, and nothing else about boards. */
  const hears = (p: ClassicPage, ...wanted: unknown[][]) =>
    eventually(async () => expect(await told(p)).toEqual(wanted))

  beforeAll(async () => {
    env = { PORT: String(await freeTcpPort()), MEDIA_PORT: String(await freeUdpPort()) }
    server = await startServer(env)
    host = await hostPages(server.url)
    browser = await launchFace(BLUE)
    const ann = await open('ann')
    await ann.call('CRVideo_CreateMeeting', 'boards', 0)
    meeting = (await ann.next('CRVideo_CreateMeetingSuccess'))[0] as MeetingRef
    await ann.enter(meeting, 'ann')
    await hears(ann, ['NotifyInitBoards', []])
    await (await open('李雷')).enter(meeting, '李雷')
  })

  afterAll(async () => {
    for (const p of pages) await p.finish()
    await browser.close()
    await host.close()
    await server.stop()
    server.forget()
  })

  it('12 §2: a board is created at once for its maker and told to the others', async () => {
    await mark()
    const text = await page(0).call<string>('CRVideo_Createboard', '板 ✅', 800, '600', 2)
    board = JSON.parse(text) as { boardID: string }
    expect(board).toEqual({
      boardID: expect.stringMatching(/^[^;]+$/),
      title: '板 ✅',
      width: 800,
      height: 600,
      pageCount: 2,
      userID: 'ann',
    })
    await hears(page(1), ['NotifyCreateBoard', board, 'ann'])
    await hears(page(0))
    expect(await page(0).call('CRVideo_Createboard', 't', 15, 600, 1)).toBe('')
    expect(await page(0).call('CRVideo_Getcurrentmainpage')).toBe(0)
  })

  it('12 §3: an initial page, and another background', async () => {
    await mark()
    const { boardID } = board
    const element = { type: 100, left: 1, top: 2, elementID: 'made_1', own: { 字: [1, null] } }
    await page(0).call('CRVideo_InitBoardPageDat', board, 1, '', JSON.stringify([element]))
    const first = ['NotifyInitBoardPageDat', boardID, 1, '', [{ ...element, orderID: 1 }], 'ann']
    await hears(page(1), first)
    await page(0).call('CRVideo_InitBoardPageDat', boardID, '1', '0_1_a.png', '')
    await hears(
      page(1),
      first,
      ['NotifyInitBoardPageDat', boardID, 1, '0_1_a.png', [], 'ann'],
      ['NotifyBoardBkImage', { userID: 'ann', boardID, boardPageNo: 1 }, '0_1_a.png', 'ann'],
    )
    await page(0).call('CRVideo_InitBoardPageDat', boardID, 2, '', '')
    await page(0).call('CRVideo_InitBoardPageDat', boardID, 1, '', '{no list')
    await hears(page(0))
  })

  it('12 §4: elements are added, modified and deleted', async () => {
    await mark()
    const { boardID } = board
    const id = await page(0).call<string>('CRVideo_Addboardelement', JSON.stringify(board), 0, {
      type: '100',
      text: 'a\u0000"b',
    })
    shape = { type: 100, text: 'a\u0000"b', left: 0, top: 0, elementID: id, orderID: 1 }
    const added = ['NotifyAddBoardElement', boardID, 0, shape, 'ann']
    await hears(page(1), added)
    shape = { elementID: id, type: 101, left: 5.5, top: 6, orderID: 1 }
    const { orderID: _, ...sent } = shape
    expect(await page(1).call('CRVideo_ModifyBoardElement', boardID, 0, sent)).toBe(id)
    await hears(page(0), ['NotifyModifyBoardElement', boardID, 0, shape, '李雷'])
    const made = await page(1).call<string>('CRVideo_CreateElementID')
    expect(
      await page(1).call('CRVideo_Addboardelement', boardID, 0, { elementID: made, type: 7 }),
    ).toBe(made)
    await page(0).next('CRVideo_NotifyAddBoardElement', boardID, 0)
    await mark()
    await page(0).call('CRVideo_Delboardelement', boardID, 0, ` ${made} ；unknown;`)
    await hears(page(1), ['NotifyDelBoardElement', boardID, 0, made, 'ann'])
    expect(
      await page(1).call('CRVideo_ModifyBoardElement', boardID, 0, { elementID: made, type: 7 }),
    ).toBe('')
    expect(await page(0).call('CRVideo_Addboardelement', boardID, 2, { type: 7 })).toBe('')
    expect(await page(0).call('CRVideo_Addboardelement', boardID, 0, { left: 7 })).toBe('')
    await hears(page(0))
  })

  it('12 §5: pointing is told to others with the page as an extra argument', async () => {
    await mark()
    await page(1).call('CRVideo_Setmousehotspot', board.boardID, 1, 30, '40')
    await hears(page(0), ['NotifyMouseHotSpot', board.boardID, 30, 40, '李雷', 1])
    await page(1).call('CRVideo_Setmousehotspot', 'unknown', 0, 1, 1)
    await hears(page(1))
  })

  it('12 §1.3: who comes late gets all boards, then every page, then what happens', async () => {
    await page(0).call('CRVideo_Switchtopage', 2, board.boardID)
    await page(1).next('CRVideo_NotifySwitchToPage', 2, board.boardID)
    const late = await open('late')
    await late.enter(meeting, 'late')
    const { boardID } = board
    const all = [
      ['NotifyInitBoards', [board]],
      ['NotifyInitBoardPageDat', boardID, 0, '', [shape], ''],
      ['NotifyInitBoardPageDat', boardID, 1, '0_1_a.png', [], ''],
    ]
    await hears(late, ...all)
    const slots = (await late.sinceMark()).map(({ slot }) => slot)
    const order = ['EnterMeetingRslt', 'NotifyInitBoards', 'NotifyInitBoardPageDat']
    const places = [...order, 'NotifySwitchToPage'].map((s) => slots.lastIndexOf(`CRVideo_${s}`))
    expect([...places].sort((x, y) => x - y)).toEqual(places)
    expect(places[0]).toBeGreaterThanOrEqual(0)
  })

  it('12 §1.4: edits of one element at the same time end equal for everybody', async () => {
    await mark()
    const { boardID } = board
    for (const p of pages)
      await p.read(`{
        const slot = CRVideo_NotifyModifyBoardElement
        const told = slot.callback
        slot.callback = (...args) => { window.left = args[2].left; told(...args) }
      }`)
    for (let round = 0; round < 5; round++)
      await Promise.all(
        pages.map((p, i) => {
          const element = JSON.stringify({ ...shape, left: round * 10 + i })
          return p.read(`{
            window.left = ${round * 10 + i}
            CRVideo_ModifyBoardElement(${JSON.stringify(boardID)}, 0, ${element})
          }`)
        }),
      )
    // Actions keep their order: all edits of a page have arrived with the last thing that it does.
    for (const [i, p] of pages.entries())
      await p.call('CRVideo_Addboardelement', boardID, 0, { elementID: `end_${i}`, type: 7 })
    for (const p of pages)
      await eventually(async () => {
        const ends = (await told(p)).filter(([slot]) => slot === 'NotifyAddBoardElement')
        expect(ends).toHaveLength(pages.length - 1)
      })
    // What each page shows: its own last word or what it was told after that.
    const lefts = () => Promise.all(pages.map((p) => p.read<number>('window.left')))
    await eventually(async () => expect(new Set(await lefts()).size).toBe(1))
    for (const i of pages.keys()) {
      await page(0).call('CRVideo_Delboardelement', boardID, 0, `end_${i}`)
      for (const p of pages.slice(1))
        await p.next('CRVideo_NotifyDelBoardElement', boardID, 0, `end_${i}`, 'ann')
    }
    // Nothing changes any more.
    expect(new Set(await lefts()).size).toBe(1)
    shape.left = (await lefts())[0]
  })

  it('12 §1.2: what the server refuses is undone, and told with operatorID ""', async () => {
    await mark()
    const { boardID } = board
    const taken = { type: 100, left: 0, top: 0, elementID: 'taken' }
    const [first, second] = await Promise.all(
      [0, 1].map((i) => page(i).call('CRVideo_Addboardelement', boardID, 0, { ...taken, left: i })),
    )
    expect([first, second]).toEqual(['taken', 'taken'])
    // One of both was there first; the other one's page shows that.
    await eventually(async () => {
      const heard = [await told(page(0)), await told(page(1))].flat()
      expect(heard.filter(([slot]) => slot === 'NotifyModifyBoardElement')).toHaveLength(1)
      const [late] = await told(page(2))
      const modified = heard.find(([slot]) => slot === 'NotifyModifyBoardElement')
      expect([modified?.[3], modified?.[4]]).toEqual([late?.[3], ''])
    })
    await page(0).call('CRVideo_Delboardelement', boardID, 0, 'taken')
    await page(2).next('CRVideo_NotifyDelBoardElement', boardID, 0, 'taken', 'ann')
  })

  it('12 §2: boards outlive kill -9 of the server, and every page hears them anew', async () => {
    // What happened in the last second before a kill may be lost.
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    await mark()
    await server.kill()
    server = await startServer(env, server.dataDir)
    const { boardID } = board
    const all = [
      ['NotifyInitBoards', [board]],
      ['NotifyInitBoardPageDat', boardID, 0, '', [shape], ''],
      ['NotifyInitBoardPageDat', boardID, 1, '0_1_a.png', [], ''],
    ]
    for (const p of pages) await hears(p, ...all)
    await mark()
    const added = await page(0).call<string>('CRVideo_Addboardelement', boardID, 1, { type: 9 })
    const element = { type: 9, elementID: added, left: 0, top: 0, orderID: 1 }
    for (const i of [1, 2])
      await hears(page(i), ['NotifyAddBoardElement', boardID, 1, element, 'ann'])
  })

  it('12 §2: a board is closed for everybody', async () => {
    await mark()
    await page(1).call('CRVideo_Closeboard', board.boardID)
    for (const i of [0, 2]) await hears(page(i), ['NotifyCloseBoard', board.boardID, '李雷'])
    await hears(page(1))
    expect(await page(1).call('CRVideo_Addboardelement', board.boardID, 0, { type: 9 })).toBe('')
  })
})
