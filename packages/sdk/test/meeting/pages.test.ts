import { FIRST_PAGES, type MeetingSnapshot, type PagesState } from '@yuntang/protocol'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import type { Send } from '../../src/link/link.ts'
import { createPages } from '../../src/meeting/pages.ts'
import type { MeetingEvent } from '../../src/meeting/replica.ts'

const settle = () => new Promise((resolve) => setTimeout(resolve, 0))
const snapshot = (me: string, over: Partial<MeetingSnapshot> = {}) =>
  ({ me, policy: 'open', owner: 'a', pages: FIRST_PAGES, ...over }) as MeetingSnapshot

/** A member's pages; the test decides when the server's frames arrive. */
const member = (
  me: string,
  over: Partial<MeetingSnapshot> = {},
  arrived: (boardID: string) => Promise<void> | null = () => null,
) => {
  const asked: { params: unknown; answer(): void; fail(): void }[] = []
  const send = ((_method: string, params: unknown) =>
    new Promise<void>((resolve, reject) =>
      asked.push({ params, answer: resolve, fail: () => reject(new Error('refused')) }),
    )) as unknown as Send
  const pages = createPages(snapshot(me, over), send, arrived)
  const told: string[] = []
  pages.on('switched', ({ main, sub }) => told.push(`page ${main}${sub}`))
  pages.on('wall', ({ mode }) => told.push(`wall ${mode}`))
  pages.on('mainVideo', ({ userID, by }) => told.push(`main ${by}>${userID}`))
  const hear = (event: MeetingEvent) => pages.handle?.(event)
  const switched = (main: 0 | 1 | 2, by: string, sub = '') =>
    hear({ name: 'pages.switched', data: { main, sub, by } })
  return { pages, asked, told, hear, switched }
}

describe('11 §2: switching', () => {
  it('my getters change at once, nothing is told to me', async () => {
    const { pages, asked, told, switched } = member('a')
    const done = pages.switchTo(1, 'x')
    expect([pages.main, pages.sub, pages.by]).toEqual([1, 'x', 'a'])
    switched(1, 'a', 'x')
    asked[0]?.answer()
    await done
    expect(told).toEqual([])
    await pages.switchTo(1, 'x')
    expect(asked).toHaveLength(1)
  })

  it('at the same time: the loser is told, the winner hears nothing', async () => {
    const [a, b] = [member('a'), member('b')]
    const both = [a.pages.switchTo(1), b.pages.switchTo(2)]
    for (const { switched } of [a, b]) switched(1, 'a')
    a.asked[0]?.answer()
    await settle()
    for (const { switched } of [a, b]) switched(2, 'b')
    b.asked[0]?.answer()
    await Promise.all(both)
    expect([a.told, b.told]).toEqual([['page 2'], []])
    expect([a.pages.main, b.pages.main]).toEqual([2, 2])
  })

  it('12 §1.2: a board that is on its way is waited for, and later switches stay later', async () => {
    const arrived: (() => void)[] = []
    const wait = () => new Promise<void>((resolve) => arrived.push(resolve))
    const { pages, asked } = member('a', {}, wait)
    const both = [pages.switchTo(2, 'new'), pages.switchTo(0)]
    await settle()
    expect(asked).toEqual([])
    for (const resolve of arrived) resolve()
    await settle()
    expect(asked.map(({ params }) => params)).toEqual([
      { main: 2, sub: 'new' },
      { main: 0, sub: '' },
    ])
    for (const { answer } of asked) answer()
    await Promise.all(both)
  })

  it('both switch to the same page: nobody is told', async () => {
    const b = member('b')
    const done = b.pages.switchTo(1)
    b.switched(1, 'a')
    b.asked[0]?.answer()
    await done
    expect(b.told).toEqual([])
    expect(b.pages.by).toBe('a')
  })

  it('a board that does not exist becomes none, silently', async () => {
    const { pages, asked, told, switched } = member('a')
    const done = pages.switchTo(2, 'gone')
    switched(2, 'a')
    asked[0]?.answer()
    await done
    expect([pages.main, pages.sub, told.length]).toEqual([2, '', 0])
  })

  it('the closed board is no sub page any more, without a notification', () => {
    const changed = vi.fn()
    const { pages, told, switched, hear } = member('a')
    switched(2, 'b', 'board')
    pages.on('changed', changed)
    hear({ name: 'pages.subClosed', data: {} })
    expect([pages.sub, told, changed.mock.calls.length]).toEqual(['', ['page 2board'], 1])
  })

  it('a board that was closed while events were lost is told by its closing alone', () => {
    const { pages, told, switched } = member('a')
    switched(2, 'b', 'board')
    pages.resync?.(snapshot('a', { pages: { ...FIRST_PAGES, main: 2, by: 'b' } }))
    expect([pages.sub, told]).toEqual(['', ['page 2board']])
    // Somebody else left the board: that is a switch.
    switched(2, 'b', 'board')
    pages.resync?.(snapshot('a', { pages: { ...FIRST_PAGES, main: 2, by: 'c' } }))
    expect(told).toEqual(['page 2board', 'page 2board', 'page 2'])
  })

  it('a refused switch is taken back', async () => {
    const { pages, asked } = member('a')
    const done = pages.switchTo(1)
    asked[0]?.fail()
    await expect(done).rejects.toThrow()
    expect(pages.main).toBe(0)
  })

  it('07 §1.4: under the policy `owner` another member is refused before asking', async () => {
    const { pages, asked } = member('b', { policy: 'owner' })
    for (const run of [pages.switchTo(1), pages.setWall(3), pages.setMainVideo('b')])
      await expect(run).rejects.toMatchObject({ code: 'permission.denied' })
    expect([asked, pages.main]).toEqual([[], 0])
  })

  it('whatever order the frames come in: in the end all see what the server has', async () => {
    const switches = fc.array(
      fc.record({ who: fc.nat(1), main: fc.constantFrom(0 as const, 1 as const, 2 as const) }),
      { minLength: 1, maxLength: 12 },
    )
    await fc.assert(
      fc.asyncProperty(switches, async (list) => {
        const all = [member('a'), member('b')]
        const sent: { who: number; main: 0 | 1 | 2 }[] = []
        const promises: Promise<void>[] = []
        for (const { who, main } of list) {
          const m = all[who]!
          const before = m.asked.length
          promises.push(m.pages.switchTo(main))
          if (m.asked.length > before) sent.push({ who, main })
        }
        let main: number = FIRST_PAGES.main
        const next = [0, 0]
        for (const s of sent) {
          if (s.main !== main) for (const m of all) m.switched(s.main, s.who === 0 ? 'a' : 'b')
          main = s.main
          all[s.who]!.asked[next[s.who]!++]!.answer()
          await Promise.resolve()
        }
        await Promise.all(promises)
        for (const m of all) expect(m.pages.main).toBe(main)
      }),
      { numRuns: 50 },
    )
  })
})

it('11 §3, §4: wall and main video are told as the server says, also to who set them', () => {
  const { pages, told, hear } = member('a')
  hear({ name: 'pages.wall', data: { mode: 2, by: 'a' } })
  hear({ name: 'pages.wall', data: { mode: 77, by: 'b' } })
  hear({ name: 'pages.mainVideo', data: { userID: 'b', by: 'a' } })
  expect(told).toEqual(['wall 2', 'wall 77', 'main a>b'])
  expect([pages.wall, pages.wallBy, pages.mainVideo, pages.mainVideoBy]).toEqual([
    77,
    'b',
    'b',
    'a',
  ])
})

it('07 §5.1: after events were lost, differences become events and nothing else does', () => {
  const { pages, told } = member('a')
  const now: PagesState = {
    ...FIRST_PAGES,
    main: 1,
    by: 'b',
    wall: 6,
    wallBy: 'c',
    mainVideo: 'b',
    mainVideoBy: 'b',
  }
  pages.resync?.(snapshot('a', { pages: now }))
  pages.resync?.(snapshot('a', { pages: now }))
  expect(told).toEqual(['page 1', 'wall 6', 'main b>b'])
  // 11 §3: set again to what it is, it is told again.
  pages.resync?.(snapshot('a', { pages: { ...now, wallBy: 'd' } }))
  expect([told.at(-1), pages.wallBy]).toEqual(['wall 6', 'd'])
})

it('07 §1.3: after the meeting getters answer empty and actions reject', async () => {
  const { pages } = member('a')
  pages.close?.()
  expect([pages.main, pages.wall, pages.mainVideo]).toEqual([0, 0, ''])
  await expect(pages.switchTo(1)).rejects.toMatchObject({ code: 'meeting.outside' })
})
