import { LIMITS } from '@yuntang/protocol'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { BoardMember, type Content, contentOf } from './support/board-member.ts'
import { type Network, settle, World } from './support/world.ts'

type Step =
  | { do: 'add' | 'page'; who: number; page: number; left: number }
  | { do: 'modify' | 'delete' | 'close'; who: number; page: number; which: number; left: number }
  | { do: 'create' | 'undo' | 'redo' | 'cut' | 'down' | 'up' | 'hole' | 'slow'; who: number }
  | { do: 'parts'; who: number; page: number; left: number }
  | { do: 'time'; ms: number }
  | { do: 'kill' }

const who = fc.integer({ min: 0, max: 2 })
const page = fc.integer({ min: 0, max: 1 })
const left = fc.integer({ min: 0, max: 99 })
const which = fc.integer({ min: 0, max: 9 })
const name = <K extends Step['do']>(...names: K[]) => fc.constantFrom(...names)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: name('add'), who, page, left }) },
  { weight: 1, arbitrary: fc.record({ do: name('page'), who, page, left }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: name('modify', 'modify', 'delete'), who, page, which, left }),
  },
  { weight: 1, arbitrary: fc.record({ do: name('close'), who, page, which, left }) },
  { weight: 2, arbitrary: fc.record({ do: name('create', 'undo', 'redo'), who }) },
  { weight: 1, arbitrary: fc.record({ do: name('parts'), who, page, left }) },
  { weight: 4, arbitrary: fc.record({ do: name('cut', 'down', 'up', 'hole', 'slow'), who }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: name('time'), ms: fc.constantFrom(0, 0, 0, 250, 1_000, 7_000) }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'kill' as const }) },
)

/** Two of them do not fit one frame. */
const LARGE = 'x'.repeat(LIMITS.boardPartBytes / 2)
const PARTS = [1, 2, 3].map((type) => ({ type, text: LARGE }))

/** Carries out what a member does on the board that everybody has had from the start, or another. */
const act = ({ boards }: BoardMember, one: Exclude<Step, { do: 'time' | 'kill' }>) => {
  const all = boards.list
  const board = all[one.who % Math.max(1, all.length)]
  if (one.do === 'create') boards.create({ title: 't', width: 100, height: 100, pageCount: 2 })
  if (one.do === 'undo') boards.undo()
  if (one.do === 'redo') boards.redo()
  if (!board) return
  const { boardID } = board
  if (one.do === 'add') boards.add(boardID, one.page, { type: 100, left: one.left })
  if (one.do === 'page')
    boards.initPage(boardID, one.page, one.left % 2 ? 'img' : '', [{ type: 1, left: one.left }])
  if (one.do === 'parts') boards.initPage(boardID, one.page, '', PARTS)
  if (one.do !== 'modify' && one.do !== 'delete' && one.do !== 'close') return
  const elements = boards.elements(boardID, one.page)
  const { elementID } = elements[one.which % Math.max(1, elements.length)] ?? {}
  if (one.do === 'close') boards.close(all[one.which % all.length]?.boardID ?? '')
  else if (!elementID) return
  else if (one.do === 'modify')
    boards.modify(boardID, one.page, { type: 100, elementID, left: one.left })
  else boards.delete(boardID, one.page, [elementID])
}

/** The network as it should be. */
const heal = (network: Network) => Object.assign(network, { up: true, swallow: false, slow: false })

/** Answers need turns of the loop that nobody else makes here. */
const patiently = async <T>(world: World, work: Promise<T>): Promise<T> => {
  let done = false
  const finished = work.finally(() => {
    done = true
  })
  while (!done) await world.pass(250)
  return finished
}

/** A server, and members of one meeting that has a board of two pages. */
const gather = async (...userIDs: string[]) => {
  const world = new World()
  await world.start()
  const members = userIDs.map((userID) => new BoardMember(world, userID))
  let meeting: number | null = null
  for (const member of members) meeting = await patiently(world, member.enter(meeting))
  members[0]?.boards.create({ title: 'first', width: 100, height: 100, pageCount: 2 })
  await world.pass(250)
  return { world, members, meeting }
}

/** With the size of a large text in its place. */
const readable = (content: Content): Content =>
  JSON.parse(JSON.stringify(content, (key, value) => (key === 'text' ? value.length : value)))

/** Everybody has what the server has, which is what one who enters now reads. */
const expectEqual = async ({ world, members, meeting }: Awaited<ReturnType<typeof gather>>) => {
  await world.pass(LIMITS.dead + LIMITS.heartbeat)
  await settle(40)
  const late = new BoardMember(world, 'late')
  await patiently(world, late.enter(meeting))
  for (let i = 0; i < 40 && !late.boards.ready; i++) await world.pass(250)
  expect(late.boards.ready).toBe(true)
  const truth = readable(contentOf(late.boards))
  for (const member of members)
    expect(readable(contentOf(member.boards)), `${member.userID} has what the server has`).toEqual(
      truth,
    )
  for (const member of [...members, late]) member.quit()
  await world.end()
  return truth
}

const play = async (steps: readonly Step[]) => {
  const meeting = await gather('a', 'b', 'c')
  const { world, members } = meeting

  for (const one of steps) {
    if (one.do === 'time') await world.pass(one.ms)
    else if (one.do === 'kill') {
      world.kill(members.map(({ network }) => network))
      await world.start()
    } else {
      const member = members[one.who] as BoardMember
      const { network } = member
      if (one.do === 'cut') world.cut(network)
      else if (one.do === 'hole') network.swallow = true
      else if (one.do === 'slow') network.slow = true
      else if (one.do === 'down' || one.do === 'up') {
        network.up = one.do === 'up'
        network.swallow = false
        if (!network.up) world.cut(network)
      } else act(member, one)
    }
    // Everybody is back within T_RESUME: who is taken out has no boards to compare.
    if (one.do === 'time' && one.ms >= 1_000) for (const { network } of members) heal(network)
    await settle(1)
  }

  for (const { network } of members) heal(network)
  await expectEqual(meeting)
}

it('12 §1.4: after any interleaving of edits, undo, cuts, holes, slow readers and kill -9 every member and the server have equal boards', async () => {
  const seed = Number(process.env.SEED ?? 12)
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), play), {
    seed,
    numRuns: Number(process.env.RUNS ?? 150),
  })
}, 300_000)

it.each([250, 500, 750])(
  '12 §3: a page that travels in parts comes whole, although the server is killed after %i ms',
  async (ms) => {
    const meeting = await gather('a', 'b')
    const { world, members } = meeting
    const { boards, network } = members[0] as BoardMember
    const { boardID } = boards.list[0] ?? { boardID: '' }
    // The board itself is on disk.
    await world.pass(2_000)
    boards.initPage(boardID, 0, 'img', [...PARTS, ...PARTS])
    boards.add(boardID, 0, { type: 100, left: 7 })
    await world.pass(ms)
    world.kill(members.map((member) => member.network))
    await world.start()
    heal(network)
    const truth = await expectEqual(meeting)
    expect(truth[boardID]?.images[0]).toBe('img')
    const types = truth[boardID]?.pages[0]?.map(({ type }) => type) ?? []
    expect(types.sort((x, y) => x - y)).toEqual([1, 1, 2, 2, 3, 3, 100])
  },
)
