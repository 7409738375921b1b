import { LIMITS } from '@yuntang/protocol'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Member } from './support/member.ts'
import { settle, World } from './support/world.ts'

type Step =
  | {
      do:
        | 'login'
        | 'enter'
        | 'leave'
        | 'open'
        | 'close'
        | 'cut'
        | 'down'
        | 'up'
        | 'hole'
        | 'quit'
        | 'crash'
        | 'create'
      who: number
    }
  | { do: 'time'; ms: number }
  | { do: 'kill' }

const who = fc.integer({ min: 0, max: 2 })
const act = (...names: Extract<Step, { who: number }>['do'][]) =>
  fc.record({ do: fc.constantFrom(...names), who })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: act('login', 'enter') },
  { weight: 5, arbitrary: act('leave', 'open', 'close', 'create', 'open') },
  { weight: 4, arbitrary: act('cut', 'down', 'up', 'hole', 'quit', 'crash') },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('time' as const),
      ms: fc.constantFrom(0, 0, 250, 1_000, 5_000, 16_000, 31_000),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'kill' as const }) },
)

const play = async (steps: readonly Step[]) => {
  const world = new World()
  await world.start()
  let meeting = 0
  const users = ['a', 'b', 'c'].map((userID) => new Member(world, userID, () => meeting))
  const everybody = () => Promise.all(users.map((user) => user.login()))
  /** Login answers need turns of the loop that nobody else makes here. */
  const patiently = async (work: Promise<unknown>) => {
    let done = false
    work.finally(() => {
      done = true
    })
    while (!done) await world.pass(250)
  }
  await patiently(everybody())
  users[0]?.create('the meeting')
  await settle(40)
  meeting = [...world.disk.meetings.keys()][0] as number
  for (const user of users) user.enter()
  await settle(40)

  let serial = 0
  for (const one of steps) {
    if (one.do === 'time') await world.pass(one.ms)
    else if (one.do === 'kill') {
      world.kill(users.map((user) => user.network))
      await world.start()
    } else {
      const user = users[one.who] as Member
      const { network } = user
      if (one.do === 'login') void user.login()
      if (one.do === 'enter') user.enter()
      if (one.do === 'leave') user.leave()
      if (one.do === 'open' || one.do === 'close') user.mic(one.do === 'open')
      if (one.do === 'create') user.create(`c${++serial}`)
      if (one.do === 'cut') world.cut(network)
      if (one.do === 'down' || one.do === 'up') network.up = one.do === 'up'
      if (one.do === 'down') world.cut(network)
      if (one.do === 'hole') network.swallow = true
      if (one.do === 'up') network.swallow = false
      if (one.do === 'quit' || one.do === 'crash') user.quit(one.do === 'quit')
    }
    await settle(1)
  }

  // Everything heals: within T_DEAD + T_RESUME all is known to everybody.
  for (const { network } of users) {
    network.up = true
    network.swallow = false
  }
  await world.pass(LIMITS.dead + LIMITS.resume + LIMITS.heartbeat)
  await settle(40)
  const inside = users.filter((user) => user.members !== null)
  for (const user of inside) {
    const told = user.members
    const truth = await user.reread()
    expect(told, `${user.userID} knows what the server knows`).toEqual(truth)
    expect(truth.map((m) => m.userID).sort(), 'nobody is a ghost and nobody is missing').toEqual(
      inside.map((u) => u.userID),
    )
  }
  expect(
    users.map((user) => user.unanswered),
    'every request is answered',
  ).toEqual([0, 0, 0])
  expect(
    users.flatMap((user) => user.problems),
    'no event is lost or doubled',
  ).toEqual([])
  const subjects = [...world.disk.meetings.values()].map((m) => m.subject)
  expect(new Set(subjects).size, 'no request was carried out twice').toBe(subjects.length)
  for (const user of users) for (const subject of user.created) expect(subjects).toContain(subject)

  // Who is outside can come back, and who leaves is gone.
  await patiently(everybody())
  for (const user of users) user.enter()
  await world.pass(500)
  await settle(40)
  expect(users.map((user) => user.members?.length)).toEqual([3, 3, 3])
  for (const user of users.slice(1)) user.leave()
  await settle(60)
  expect(users[0]?.members?.map((m) => m.userID)).toEqual(['a'])
  await world.end()
}

it('07 §5, 02 §5: any interleaving of entering, cuts, holes, crashes, new logins and kill -9 ends in agreement', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), play), {
    numRuns: Number(process.env.RUNS ?? 40),
  })
}, 300_000)
