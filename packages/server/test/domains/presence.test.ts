import { LIMITS, type UserStatus } from '@yuntang/protocol'
import { describe, expect, it } from 'vitest'
import { createActivity } from '../../src/actor/activity.ts'
import type { Context } from '../../src/actor/context.ts'
import { createFakeClock } from '../../src/core/clock.ts'
import { silentLog } from '../../src/core/log.ts'
import { PresenceBoard } from '../../src/domains/presence/board.ts'
import { statusOf } from '../../src/domains/presence/state.ts'
import type { EncodedEvent } from '../../src/gateway/link.ts'

describe('02 §7: the highest row that applies wins', () => {
  it.each([
    [{ online: false, inMeeting: false, engaged: true }, 0],
    [{ online: true, inMeeting: true, engaged: true }, 3],
    [{ online: true, inMeeting: true, engaged: false }, 3],
    [{ online: true, inMeeting: false, engaged: true }, 2],
    [{ online: true, inMeeting: false, engaged: false }, 1],
  ])('%j → %i', (conditions, status) => expect(statusOf(conditions)).toBe(status))
})

/** A board with users who keep what their links got, as text. */
const createWorld = () => {
  const clock = createFakeClock()
  const activity = createActivity(silentLog)
  const online = new Map<string, { ctx: Context; got: EncodedEvent[] }>()
  const directory = { find: (_account: string, userID: string) => online.get(userID)?.ctx }
  const board = new PresenceBoard({ clock, activity, directory, engaged: () => false })
  const login = (userID: string) => {
    const got: EncodedEvent[] = []
    const link = { encoded: (event: EncodedEvent) => got.push(event) }
    const user = { account: 'a', userID, nickName: userID }
    online.set(userID, { ctx: { link, user, seat: null } as unknown as Context, got })
    activity.emit('online', { account: 'a', userID })
  }
  const logout = (userID: string) => {
    online.delete(userID)
    activity.emit('offline', { account: 'a', userID, how: 'logout' })
  }
  const watch = (userID: string) =>
    board.watch({ account: 'a', userID }, online.get(userID)?.ctx as Context)
  const got = (userID: string) =>
    (online.get(userID)?.got ?? []).map(
      (e) => (JSON.parse(e.text) as { data: { users: UserStatus[] } }).data.users,
    )
  return { clock, board, online, login, logout, watch, got }
}

describe('presence of many', () => {
  const names = Array.from({ length: 1000 }, (_, i) => `user ${i}`)

  it('02 §6: the list comes in parts, in order of login, a user who comes back last', () => {
    const { board, login, logout } = createWorld()
    for (const name of names) login(name)
    logout('user 3')
    login('user 3')
    const found: string[] = []
    let after: number | undefined = 0
    let parts = 0
    while (after !== undefined) {
      const part: { users: UserStatus[]; next?: number } = board.list('a', after)
      expect(part.users.length).toBeLessThanOrEqual(LIMITS.usersPerFrame)
      found.push(...part.users.map((u) => u.userID))
      after = part.next
      parts += 1
    }
    expect(parts).toBe(3)
    expect(found).toEqual([...names.filter((n) => n !== 'user 3'), 'user 3'])
  })

  it('a change is encoded once for all watchers, and many changes come in frames of bounded size', () => {
    const { board, clock, online, login, watch, got } = createWorld()
    for (const name of names) login(name)
    for (const name of names.slice(0, 500)) watch(name)
    for (const userID of names) board.setDnd({ account: 'a', userID }, 1)
    clock.advance(LIMITS.presenceMerge)
    expect(got('user 0').map((users) => users.length)).toEqual([400, 400, 200])
    const [first, last] = [online.get('user 0'), online.get('user 499')]
    expect(last?.got).toEqual(first?.got)
    expect(got('user 500')).toEqual([])
    expect(clock.pending()).toBe(0)
  })

  it('the longest names still fit one frame', () => {
    const { board, login } = createWorld()
    for (const i of names.keys()) login(`${String(i).padStart(4, '0')}${'中'.repeat(124)}`)
    const text = JSON.stringify(board.list('a', 0))
    expect(Buffer.byteLength(text)).toBeLessThan(LIMITS.frameBytes)
  })

  it('costs no timer while nobody watches, and leaves none behind', () => {
    const { board, clock, login, logout, watch } = createWorld()
    login('a')
    expect(clock.pending()).toBe(0)
    watch('a')
    login('b')
    expect(clock.pending()).toBe(1)
    logout('b')
    logout('a')
    expect(clock.pending()).toBe(0)
    login('c')
    board.close()
    board.close()
  })
})
