import { beforeEach, describe, expect, it } from 'vitest'
import { createAttempts } from '../../src/accounts/attempts.ts'
import { createActivity } from '../../src/actor/activity.ts'
import type { Context } from '../../src/actor/context.ts'
import { createFakeClock } from '../../src/core/clock.ts'
import { silentLog } from '../../src/core/log.ts'
import { Exchange } from '../../src/domains/calls/exchange.ts'
import { callsHandlers } from '../../src/domains/calls/handlers.ts'
import { Lookups } from '../../src/domains/calls/lookups.ts'
import type { MeetingRecord } from '../../src/storage/port.ts'

const MEETING = { id: 7, account: 'demo', subject: '', password: '', creator: 'a', slug: 's' }

const login = (userID: string) => {
  const link = { ended: false, base: '', address: '127.0.0.1', event: () => {} }
  const user = { account: 'demo', userID, nickName: '', proof: '' }
  return { link, user, seat: null } as unknown as Context
}

describe('what the handlers ask of the rest', () => {
  const a = login('a')
  const users = new Map([
    ['a', a],
    ['b', login('b')],
  ])
  let dnd = 0
  let paired = false
  /** Lets a lookup of a meeting end. */
  let found: (record: MeetingRecord | null) => void = () => {}
  let exchange: Exchange
  let lookups: Lookups
  let handlers: ReturnType<typeof callsHandlers>

  beforeEach(() => {
    const clock = createFakeClock()
    const directory = { find: (_account: string, userID: string) => users.get(userID) }
    dnd = 0
    paired = false
    exchange = new Exchange({
      clock,
      activity: createActivity(silentLog),
      sessionMs: 1,
      directory,
      rooms: { size: () => 0 },
      phones: null,
    })
    lookups = new Lookups()
    handlers = callsHandlers({
      clock,
      meetings: {
        find: () =>
          new Promise((resolve) => {
            found = resolve
          }),
      },
      users: { find: async () => null },
      directory,
      exchange,
      lookups,
      phones: null,
      reachability: {
        dnd: ({ userID }) => (userID === 'b' ? dnd : 0),
        paired: (_account, agent, customer) => paired && agent === 'a' && customer === 'b',
      },
      guesses: createAttempts(clock, 100, 60_000),
    })
  })

  const call = async (meetingID = 0) => {
    const meeting = { id: meetingID, password: '' }
    return handlers.call({ callID: 'x', called: 'b', meeting, ext: '' }, a)
  }
  const invite = async () => {
    const meeting = { id: 7, password: '' }
    const params = { callID: 'i', called: 'b', meeting, ext: '', family: 'clientInvite' as const }
    return handlers.invite(params, a)
  }
  const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

  it("03 §4.2: do-not-disturb refuses with 602, except the assigned agent's call", async () => {
    dnd = 1
    await expect(call()).rejects.toMatchObject({ code: 'call.busy' })
    paired = true
    await expect(call()).resolves.toEqual({})
  })

  it('02 §6: do-not-disturb refuses an invite also of the assigned agent', async () => {
    dnd = 1
    paired = true
    const answer = invite()
    await settle()
    found(MEETING as MeetingRecord)
    await expect(answer).rejects.toMatchObject({ code: 'call.busy' })
  })

  it('03 §1: a meeting that ends while it is looked up does not exist any more', async () => {
    const answer = call(7)
    await settle()
    lookups.ended(7)
    found(MEETING as MeetingRecord)
    await expect(answer).rejects.toMatchObject({ code: 'meeting.unknown' })
    expect(exchange.engaged({ account: 'demo', userID: 'b' })).toBe(false)
  })

  it('a login that ends while a meeting is looked up rings nobody', async () => {
    const { user } = a
    const answer = call(7)
    await settle()
    a.user = null
    found(MEETING as MeetingRecord)
    await expect(answer).rejects.toMatchObject({ code: 'login.required' })
    a.user = user
    expect(exchange.engaged({ account: 'demo', userID: 'b' })).toBe(false)
  })
})
