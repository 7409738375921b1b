import {
  type BoardAction,
  LIMITS,
  type MeetingInfo,
  type Out,
  type Requests,
} from '@yuntang/protocol'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Storage } from '../../src/storage/port.ts'
import { restartTestApp, startTestApp, type TestApp, TestPage } from '../support/page.ts'
import { createTestStorage, wipeTestStorage } from '../support/test-storage.ts'

type Part = Out<Requests['board.read']>

const board = { boardID: 'b', title: '板', width: 800, height: 600, pageCount: 2 }
const create: BoardAction = { do: 'create', board }
const on = { boardID: 'b', page: 0 }
const element = (elementID: string, more: object = {}) => ({
  elementID,
  type: 100,
  left: 1,
  top: 2,
  ...more,
})
const add = (id: string, more: object = {}): BoardAction => ({
  do: 'add',
  ...on,
  element: element(id, more),
})

describe('whiteboards between pages', () => {
  let storage: Storage
  let test: TestApp
  let a: TestPage
  let b: TestPage
  let meeting: MeetingInfo
  /** The next action of a page's entry. */
  const next = new Map<TestPage, number>()

  const edit = (page: TestPage, ...actions: BoardAction[]) => {
    const first = next.get(page) ?? 1
    next.set(page, first + actions.length)
    return page.call('board.edit', { first, actions })
  }
  const facts = (page: TestPage) => {
    test.clock.advance(20)
    return page.events('board.changed').flatMap((changed) => changed.facts)
  }
  const readAll = async (page: TestPage) => {
    const parts = [(await page.call('board.read', { cut: null, from: 0 })) as Part]
    for (let last = parts[0]; last?.next != null; last = parts.at(-1))
      parts.push((await page.call('board.read', { cut: last.n, from: last.next })) as Part)
    return parts
  }

  beforeAll(async () => {
    storage = await createTestStorage()
  }, 60_000)
  beforeEach(async () => {
    next.clear()
    test = await startTestApp({}, { storage })
    a = await new TestPage(test).login('a')
    b = await new TestPage(test).login('b')
    meeting = (await a.call('meetings.create', { subject: 's', withPassword: true })) as MeetingInfo
    await b.enter(meeting.id, meeting.password)
    await a.enter(meeting.id, meeting.password)
  })
  afterEach(async () => {
    await test.app.close()
    for (const id of await storage.boards.meetings()) await storage.boards.removeAll(id)
    await wipeTestStorage(storage)
  })
  afterAll(() => storage.close())

  it('12 §1.4: everybody, the one who acts included, hears of all actions in one order', async () => {
    await edit(a, create, add('x'))
    await edit(b, add('y'), { do: 'delete', ...on, ids: ['x', 'unknown'] })
    await edit(a, { do: 'modify', ...on, element: element('y', { left: 7 }) })
    const wanted = [
      { do: 'create', board: { ...board, userID: 'a' }, by: 'a' },
      { do: 'add', ...on, element: element('x', { orderID: 1 }), by: 'a' },
      { do: 'add', ...on, element: element('y', { orderID: 2 }), by: 'b' },
      { do: 'delete', ...on, ids: ['x'], by: 'b' },
      { do: 'modify', ...on, element: element('y', { orderID: 2, left: 7 }), by: 'a' },
    ]
    expect(facts(a)).toEqual(wanted)
    expect(facts(b)).toEqual(wanted)
    expect(a.events('board.changed').at(-1)?.n).toBe(5)
  })

  it('12 §1.2: a refused action is named by its index, and nobody hears of it', async () => {
    const refused = [add('x', { type: 1 }), { do: 'close', boardID: 'none' } as const]
    expect(await edit(a, ...refused, create, add('x'))).toEqual({ n: 2, refused: [0] })
    expect(facts(b).map((fact) => fact.do)).toEqual(['create', 'add'])
  })

  it('12 §1.4: an action that is sent again is not taken again', async () => {
    await edit(a, create, add('x'), { do: 'delete', ...on, ids: ['x'] })
    await a.call('board.edit', { first: 2, actions: [add('x')] })
    await a.call('board.edit', {
      first: 3,
      actions: [{ do: 'delete', ...on, ids: ['x'] }, add('z')],
    })
    const changed = facts(b).flatMap((f) => (f.do === 'add' ? f.element.elementID : []))
    expect(changed).toEqual(['x', 'z'])
  })

  it('12 §1.3: a late joiner reads boards in order of creation with all that is on them', async () => {
    await edit(a, create, { do: 'create', board: { ...board, boardID: 'a2' } })
    await edit(b, add('x'), {
      do: 'page',
      boardID: 'b',
      page: 1,
      img: '0_1_图.png',
      elements: [],
      from: 0,
      more: false,
    })
    const c = await new TestPage(test).login('c')
    expect(await c.enter(meeting.id, meeting.password)).toMatchObject({
      board: { n: 4, boards: 2 },
    })
    expect(await readAll(c)).toEqual([
      {
        n: 4,
        from: 0,
        boards: [
          { ...board, userID: 'a' },
          { ...board, boardID: 'a2', userID: 'a' },
        ],
        pages: [
          { ...on, img: null, elements: [element('x', { orderID: 1 })] },
          { boardID: 'b', page: 1, img: '0_1_图.png', elements: [] },
        ],
        next: null,
      },
    ])
  })

  it('12 §1.1: seat numbers are handed out once per entry and never again in a meeting', async () => {
    const seat = async (page: TestPage) =>
      ((await page.enter(meeting.id, meeting.password)) as { board: { seat: number } }).board.seat
    const c = await new TestPage(test).login('c')
    const seats = [await seat(c)]
    await c.call('meetings.exit')
    seats.push(await seat(c))
    test.clock.advance(1_000)
    test = await restartTestApp(test)
    const d = await new TestPage(test).login('d')
    seats.push(await seat(d))
    expect(new Set(seats).size).toBe(3)
    expect([...seats].sort((x, y) => x - y)).toEqual(seats)
  })

  it('12 §1: megabytes are read in parts of one moment, though somebody writes meanwhile', async () => {
    const text = 'a'.repeat(100_000)
    await edit(a, create)
    for (let i = 0; i < 12; i++) await edit(a, add(`e${i}`, { text }))
    const first = (await b.call('board.read', { cut: null, from: 0 })) as Part
    await edit(a, { do: 'delete', ...on, ids: ['e11'] }, add('later'))
    const ids = first.pages.flatMap((page) => page.elements.map((e) => e.elementID))
    for (let next = first.next; next !== null; ) {
      const part = (await b.call('board.read', { cut: first.n, from: next })) as Part
      expect(JSON.stringify(part).length).toBeLessThan(LIMITS.frameBytes)
      ids.push(...part.pages.flatMap((page) => page.elements.map((e) => e.elementID)))
      next = part.next
    }
    expect(ids).toEqual(Array.from({ length: 12 }, (_, i) => `e${i}`))
  })

  it('12 §1: a reading that rests is forgotten when somebody else reads, and begins anew', async () => {
    await edit(a, create)
    for (let i = 0; i < 4; i++) await edit(a, add(`e${i}`, { text: 'a'.repeat(100_000) }))
    const first = (await b.call('board.read', { cut: null, from: 0 })) as Part
    expect(first.next).not.toBeNull()
    const goOn = () => b.call('board.read', { cut: first.n, from: first.next }) as Promise<Part>
    const pass = async (ms: number) => {
      for (let passed = 0; passed < ms; passed += 5_000) {
        for (const page of [a, b]) page.acknowledge()
        test.clock.advance(5_000)
      }
      await a.call('board.read', { cut: null, from: 0 })
    }
    await pass(LIMITS.request - 5_000)
    expect((await goOn()).from).toBe(first.next)
    await pass(LIMITS.request + 5_000)
    expect((await goOn()).from).toBe(0)
  })

  it('12 §1: reading the largest boards at once takes nothing from what a page may ask besides', async () => {
    await edit(a, create, add('x'))
    const parts = Math.ceil(LIMITS.boardMeetingBytes / LIMITS.boardPartBytes)
    for (let i = 0; i < parts; i++)
      expect(await a.call('board.read', { cut: null, from: 0 })).toMatchObject({ next: null })
    expect(await edit(a, add('y'))).toMatchObject({ refused: [] })
    expect(await a.call('pages.setWall', { mode: 3 })).toEqual({})
  })

  it('12 §3: a page larger than a frame comes and goes in parts, and replaces the page once', async () => {
    const big = (id: string) => element(id, { text: 'a'.repeat(150_000), orderID: 1 })
    const page = { do: 'page', ...on, img: 'i' } as const
    await edit(a, create, add('old'))
    await edit(a, { ...page, elements: [big('x')], from: 0, more: true })
    expect(facts(b)).toHaveLength(2)
    await edit(a, { ...page, elements: [big('y'), element('z')], from: 1, more: false })
    const told = facts(b)
      .slice(2)
      .flatMap((f) => (f.do === 'page' ? [f] : []))
    expect(told.map(({ elements, more }) => [elements.map((e) => e.elementID), more])).toEqual([
      [['x'], true],
      [['y', 'z'], false],
    ])
    expect(
      (await readAll(b)).flatMap((p) => p.pages.flatMap((q) => q.elements.length)),
    ).toHaveLength(2)
  })

  it('12 §3: a part of a page is refused when one before it is missing, and nothing changes', async () => {
    const part = (from: number, id: string, more = true): BoardAction => ({
      do: 'page',
      ...on,
      img: 'i',
      elements: [element(id)],
      from,
      more,
    })
    await edit(a, create, add('old'))
    expect(await edit(a, part(1, 'y', false))).toMatchObject({ refused: [0] })
    expect(await edit(a, part(0, 'x'), part(2, 'z', false))).toMatchObject({ refused: [1] })
    expect(await edit(a, part(0, 'x'), add('new'), part(1, 'z', false))).toMatchObject({
      refused: [2],
    })
    const written = await readAll(b)
    const ids = written.flatMap((p) => p.pages.flatMap((q) => q.elements.map((e) => e.elementID)))
    expect(ids).toEqual(['old', 'new'])
  })

  it('12 §1: 100 actions a second of a member, further ones wait and none is dropped', async () => {
    await edit(a, create)
    const many = (from: number) => Array.from({ length: 100 }, (_, i) => add(`e${from + i}`))
    const posted = [1, 2, 3].map((i) => {
      const first = 2 + (i - 1) * 100
      return a.post('board.edit', { first, actions: many(first) })
    })
    const answered = async (ms: number) => {
      test.clock.advance(ms)
      for (let i = 0; i < 30; i++) await new Promise((r) => setImmediate(r))
      return posted.filter((id) => a.frames.some((f) => 'id' in f && f.id === id)).length
    }
    expect(await answered(0)).toBe(1)
    expect(await answered(900)).toBe(2)
    a.raw('{"ping":1}')
    expect(await answered(100)).toBe(2)
    expect(await answered(100)).toBe(3)
    // Another member does not wait.
    expect(await edit(b, add('b'))).toEqual({ n: 302, refused: [] })
  })

  it('12 §5: pointing reaches everybody 20 times a second at most, the newest place wins', async () => {
    await edit(a, create)
    for (let x = 0; x < 10; x++) await a.call('board.point', { ...on, x, y: -1 })
    test.clock.advance(LIMITS.boardSpotEvery)
    await a.call('board.point', { boardID: 'unknown', page: 0, x: 1, y: 1 })
    test.clock.advance(LIMITS.boardSpotEvery)
    expect(b.events('board.spots')).toEqual([
      { spots: [{ ...on, x: 0, y: -1, by: 'a' }] },
      { spots: [{ ...on, x: 9, y: -1, by: 'a' }] },
    ])
  })

  it('12 §2: boards persist after their creator left and over a restart of the server', async () => {
    await edit(a, create, add('x'), add('y'))
    await edit(
      b,
      { do: 'delete', ...on, ids: ['y'] },
      { do: 'modify', ...on, element: element('x', { ü: '✅' }) },
    )
    await a.call('meetings.exit')
    const before = await readAll(b)
    test.clock.advance(1_000)
    // Written behind; a kill before that loses the last second.
    for (let i = 0; i < 200 && (await storage.boards.load(meeting.id)).elements.length === 0; i++)
      await new Promise((r) => setTimeout(r, 5))
    test = await restartTestApp(test)
    b.resume(b.seen, test)
    const after = await readAll(b)
    expect(after.map(({ n: _, ...part }) => part)).toEqual(before.map(({ n: _, ...part }) => part))
    // Who added an element is still known.
    expect(await edit(b, add('x'))).toMatchObject({ refused: [0] })
  })

  it('11 §2: a board that is closed, or that never was, is no sub page', async () => {
    await edit(a, create)
    await a.call('pages.switch', { main: 2, sub: 'b' })
    await a.call('pages.switch', { main: 2, sub: 'none' })
    await a.call('pages.switch', { main: 2, sub: 'b' })
    expect(b.events('pages.switched').map(({ sub }) => sub)).toEqual(['b', '', 'b'])
    await edit(b, { do: 'close', boardID: 'b' })
    expect(b.events('pages.subClosed')).toHaveLength(1)
    test.clock.advance(20)
    expect(
      b.frames.findLastIndex((f) => 'event' in f && f.event === 'pages.subClosed'),
    ).toBeLessThan(b.frames.findLastIndex((f) => 'event' in f && f.event === 'board.changed'))
  })

  it('12 §2: boards end with the meeting, in memory and on disk', async () => {
    await edit(a, create, add('x'))
    test.clock.advance(1_000)
    await a.call('meetings.destroy', { id: meeting.id })
    await test.app.close()
    expect(await storage.boards.meetings()).toEqual([])
  })

  it.each([
    ['an ID with ;', { ...create, board: { ...board, boardID: 'a;b' } }],
    ['an ID with half a character', add('\ud800')],
    ['an ID too long', add('x'.repeat(LIMITS.boardIDChars + 1))],
    ['no numeric type', add('x', { type: '1' })],
    ['a place beyond numbers', add('x', { left: 1e300 })],
    ['a page beyond all pages', { ...add('x'), page: 500 }],
    ['a board too small', { ...create, board: { ...board, width: 15 } }],
    ['another creator', { ...create, board: { ...board, userID: 'b' } }],
    ['an unknown action', { do: 'steal', boardID: 'b' }],
  ])('bad input is refused as a whole: %s', async (_, action) => {
    await edit(a, create)
    expect(await edit(a, action as BoardAction)).toBe('param.invalid')
    expect(facts(b)).toHaveLength(1)
  })

  it('07 §1.3: who is outside can neither read nor write nor point', async () => {
    const c = await new TestPage(test).login('c')
    await edit(a, create)
    expect(await edit(c, add('x'))).toBe('meeting.outside')
    expect(await c.call('board.read', { cut: null, from: 0 })).toBe('meeting.outside')
    expect(await c.call('board.point', { ...on, x: 1, y: 1 })).toBe('meeting.outside')
    test.clock.advance(100)
    expect(c.events('board.changed')).toEqual([])
  })
})
