import { LIMITS } from '@yuntang/protocol'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { BoardMember, contentOf } from './support/board-member.ts'
import { settle, World } from './support/world.ts'

type Step =
  | { do: 'add' | 'page'; who: number; page: number; left: number }
  | { do: 'modify' | 'delete' | 'close'; who: number; page: number; which: number; left: number }
  | { do: 'create' | 'undo' | 'redo' | 'cut' | 'down' | 'up' | 'hole'; who: number }
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
  { weight: 3, arbitrary: fc.record({ do: name('cut', 'down', 'up', 'hole'), who }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: name('time'), ms: fc.constantFrom(0, 0, 0, 250, 1_000, 7_000) }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'kill' as const }) },
)

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
  if (one.do !== 'modify' && one.do !== 'delete' && one.do !== 'close') return
  const elements = boards.elements(boardID, one.page)
  const { elementID } = elements[one.which % Math.max(1, elements.length)] ?? {}
  if (one.do === 'close') boards.close(all[one.which % all.length]?.boardID ?? '')
  else if (!elementID) return
  else if (one.do === 'modify')
    boards.modify(boardID, one.page, { type: 100, elementID, left: one.left })
  else boards.delete(boardID, one.page, [elementID])
}

const play = async (steps: readonly Step[]) => {
  const world = new World()
  await world.start()
  /** Answers need turns of the loop that nobody else makes here. */
  const patiently = async <T>(work: Promise<T>): Promise<T> => {
    let done = false
    const finished = work.finally(() => {
      done = true
    })
    while (!done) await world.pass(250)
    return finished
  }
  const members = ['a', 'b', 'c'].map((userID) => new BoardMember(world, userID))
  let meeting: number | null = null
  for (const member of members) meeting = await patiently(member.enter(meeting))
  members[0]?.boards.create({ title: 'first', width: 100, height: 100, pageCount: 2 })
  await world.pass(250)

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
      else if (one.do === 'down' || one.do === 'up') {
        network.up = one.do === 'up'
        network.swallow = false
        if (!network.up) world.cut(network)
      } else act(member, one)
    }
    // Everybody is back within T_RESUME: who is taken out has no boards to compare.
    for (const { network } of members)
      if (one.do === 'time' && one.ms >= 1_000) {
        network.up = true
        network.swallow = false
      }
    await settle(1)
  }

  for (const { network } of members) {
    network.up = true
    network.swallow = false
  }
  await world.pass(LIMITS.dead + LIMITS.heartbeat)
  await settle(40)
  const late = new BoardMember(world, 'late')
  await patiently(late.enter(meeting))
  await world.pass(500)
  const truth = contentOf(late.boards)
  for (const member of members)
    expect(contentOf(member.boards), `${member.userID} has what the server has`).toEqual(truth)
  for (const member of [...members, late]) member.quit()
  await world.end()
}

it('12 §1.4: after any interleaving of edits, undo, cuts, holes and kill -9 every member and the server have equal boards', async () => {
  const seed = Number(process.env.SEED ?? 12)
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), play), {
    seed,
    numRuns: Number(process.env.RUNS ?? 60),
  })
}, 300_000)
