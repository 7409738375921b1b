import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { eventually } from '../support/eventually.ts'
import { RED } from '../support/media-files.ts'
import { type MeetingRef, meetingOf, startStage } from '../support/meeting-of.ts'

const SLOTS = [
  'CRVideo_NotifySwitchToPage',
  'CRVideo_NotifyVideoWallMode',
  'CRVideo_NotifyMainVideoChanged',
]

describe('page, wall and main video through the classic API', () => {
  let stage: Awaited<ReturnType<typeof startStage>>
  let browser: Browser
  let meeting: MeetingRef
  let ann: ClassicPage
  let bob: ClassicPage
  let cai: ClassicPage

  const open = async () =>
    stage.keep(await ClassicPage.open(browser, stage.host.url, stage.server.url))
  beforeAll(async () => {
    stage = await startStage()
    browser = stage.keep(await launchFace(RED))
    ann = await open()
    bob = await open()
    cai = await open()
  })
  afterAll(() => stage.close())

  const mark = async () => {
    for (const page of [ann, bob, cai]) await page.mark()
  }
  const told = async (page: ClassicPage) =>
    (await page.sinceMark(SLOTS)).map(({ slot, args }) => [slot.replace('CRVideo_', ''), ...args])
  /** Getters: main page, sub page, wall, main video. */
  const state = async (page: ClassicPage) => [
    await page.call('CRVideo_Getcurrentmainpage'),
    JSON.parse(await page.call<string>('CRVideo_Getcurrentsubpage')) as unknown,
    await page.call('CRVideo_GetVideoWallMode'),
    await page.call('CRVideo_GetMainVideo'),
  ]
  const sub = (userID: string, boardID = '') => ({ userID, boardID, pageID: boardID })

  it('07 §1.3: outside a meeting the getters are empty and the actions do nothing', async () => {
    await ann.mark()
    expect(await state(ann)).toEqual([0, sub(''), 0, ''])
    await ann.call('CRVideo_Switchtopage', 1, '')
    await ann.call('CRVideo_Setvideowallmode', 5)
    await ann.call('CRVideo_SetMainVideo', 'ann')
    expect(await state(ann)).toEqual([0, sub(''), 0, ''])
    meeting = await meetingOf([
      [ann, 'ann'],
      [bob, 'bob'],
      [cai, '采'],
    ])
    for (const page of [ann, bob, cai]) expect(await state(page)).toEqual([0, sub(''), 2, ''])
    expect(await told(cai)).toEqual([])
  })

  it('11 §2: a switch is told to the others; the caller’s getters change at once', async () => {
    await mark()
    const now = await ann.page.evaluate(() => {
      const api = window as unknown as Record<string, (...args: unknown[]) => unknown>
      api.CRVideo_Switchtopage?.(1, 'film')
      return [api.CRVideo_Getcurrentmainpage?.(), api.CRVideo_Getcurrentsubpage?.()]
    })
    expect(now[0]).toBe(1)
    expect(JSON.parse(String(now[1]))).toEqual(sub('ann', 'film'))
    for (const page of [bob, cai]) {
      expect(await page.next('CRVideo_NotifySwitchToPage')).toEqual([1, 'film'])
      expect((await state(page)).slice(0, 2)).toEqual([1, sub('ann', 'film')])
    }
    // The present page and pages that there are not tell nothing.
    await bob.call('CRVideo_Switchtopage', 1, 'film')
    await bob.call('CRVideo_Switchtopage', 3, '')
    await bob.call('CRVideo_Switchtopage', 'x', '')
    // A board that does not exist is stored as none.
    await bob.call('CRVideo_Switchtopage', 2, 'no-such-board')
    expect(await ann.next('CRVideo_NotifySwitchToPage')).toEqual([2, ''])
    await cai.next('CRVideo_NotifySwitchToPage', 2)
    await eventually(async () => expect((await state(bob)).slice(0, 2)).toEqual([2, sub('bob')]))
    expect(await told(ann)).toEqual([['NotifySwitchToPage', 2, '']])
    expect(await told(bob)).toEqual([['NotifySwitchToPage', 1, 'film']])
    expect(await told(cai)).toEqual([
      ['NotifySwitchToPage', 1, 'film'],
      ['NotifySwitchToPage', 2, ''],
    ])
  })

  it('11 §2: when two switch at once, all end on the same page', async () => {
    await mark()
    await Promise.all([
      ann.call('CRVideo_Switchtopage', 1, 'of ann'),
      bob.call('CRVideo_Switchtopage', 0, 'of bob'),
    ])
    await eventually(async () => {
      const [first, ...others] = [await state(cai), await state(ann), await state(bob)]
      expect(await told(cai)).toHaveLength(2)
      for (const other of others) expect(other).toEqual(first)
    })
    const last = (await told(cai)).at(-1)
    const loser = last?.[2] === 'of ann' ? bob : ann
    await eventually(async () => expect((await told(loser)).at(-1)).toEqual(last))
    // Nothing of it comes after this.
    await cai.call('CRVideo_SendIMmsg', 'switched', '')
    for (const page of [ann, bob, cai]) await page.next('CRVideo_NotifyIMmsg', '采', 'switched')
  })

  it('11 §3: the wall is told to all, the caller too, also when it is set anew', async () => {
    await mark()
    await bob.call('CRVideo_Setvideowallmode', 'not a number')
    for (const mode of [5, 5, 42]) {
      await ann.call('CRVideo_Setvideowallmode', mode)
    }
    for (const page of [ann, bob, cai]) {
      await page.next('CRVideo_NotifyVideoWallMode', 42)
      expect(await told(page)).toEqual([
        ['NotifyVideoWallMode', 5],
        ['NotifyVideoWallMode', 5],
        ['NotifyVideoWallMode', 42],
      ])
      expect(await page.call('CRVideo_GetVideoWallMode')).toBe(42)
    }
  })

  it('11 §4: the main video is told to all when it changes', async () => {
    await mark()
    await ann.call('CRVideo_SetMainVideo', 'nobody-here')
    await ann.call('CRVideo_SetMainVideo', 'bob')
    for (const page of [ann, bob, cai])
      expect(await page.next('CRVideo_NotifyMainVideoChanged')).toEqual(['ann', 'bob'])
    await cai.call('CRVideo_SetMainVideo', 'bob')
    await cai.call('CRVideo_SetMainVideo', '')
    for (const page of [ann, bob, cai]) await page.next('CRVideo_NotifyMainVideoChanged', '采', '')
    await bob.call('CRVideo_SetMainVideo', '采')
    for (const page of [ann, bob, cai]) {
      await page.next('CRVideo_NotifyMainVideoChanged', 'bob', '采')
      expect(await told(page)).toEqual([
        ['NotifyMainVideoChanged', 'ann', 'bob'],
        ['NotifyMainVideoChanged', '采', ''],
        ['NotifyMainVideoChanged', 'bob', '采'],
      ])
      expect(await page.call('CRVideo_GetMainVideo')).toBe('采')
    }
  })

  it('07 §1.5: a late joiner reads the state with the entry and is told what is not initial', async () => {
    await ann.call('CRVideo_Switchtopage', 1, 'late')
    for (const page of [bob, cai]) await page.next('CRVideo_NotifySwitchToPage', 1, 'late')
    const dan = await open()
    await dan.login('dan')
    await dan.page.evaluate(() => {
      const api = window as unknown as Record<string, () => unknown> & {
        hooks: Record<string, () => void>
        atEntry: unknown[]
      }
      api.hooks.CRVideo_EnterMeetingRslt = () => {
        api.atEntry = [
          api.CRVideo_Getcurrentmainpage?.(),
          api.CRVideo_GetVideoWallMode?.(),
          api.CRVideo_GetMainVideo?.(),
        ]
      }
    })
    await dan.enter(meeting, 'dan')
    expect(await dan.read('atEntry')).toEqual([1, 42, '采'])
    await dan.next('CRVideo_NotifyMainVideoChanged')
    expect(await told(dan)).toEqual([
      ['NotifySwitchToPage', 1, 'late'],
      ['NotifyVideoWallMode', 42],
      ['NotifyMainVideoChanged', 'bob', '采'],
    ])
    expect((await state(dan))[1]).toEqual(sub('ann', 'late'))
  })

  it('11 §4: when the main video leaves, it is cleared in its name', async () => {
    await mark()
    await cai.call('CRVideo_ExitMeeting')
    for (const page of [ann, bob]) {
      expect(await page.next('CRVideo_NotifyMainVideoChanged')).toEqual(['采', ''])
      expect(await page.call('CRVideo_GetMainVideo')).toBe('')
    }
    expect(await state(cai)).toEqual([0, sub(''), 0, ''])
  })
})
