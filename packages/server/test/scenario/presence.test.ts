import { LIMITS, type MeetingInfo, type UserStatus } from '@yuntang/protocol'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestApp, type TestApp, TestPage } from '../support/page.ts'

let accounts = 0

describe('02 §6, §7: presence between pages', () => {
  let test: TestApp
  let account = ''
  const join = (userID: string, of = account) => new TestPage(test).login(userID, of)
  const merge = () => test.clock.advance(LIMITS.presenceMerge)
  /** `userID status dnd`, in order. */
  const told = (page: TestPage) =>
    page
      .events('presence.changed')
      .flatMap(({ users }) => users.map((u) => `${u.userID} ${u.status} ${u.dnd}`))
  const list = async (page: TestPage) => {
    const { users } = (await page.call('presence.list', {})) as { users: UserStatus[] }
    return users.map((u) => `${u.userID} ${u.status} ${u.dnd}`)
  }
  const dnd = (page: TestPage, value: number) => page.call('presence.setDnd', { value })

  beforeAll(async () => {
    test = await startTestApp()
  }, 60_000)
  afterAll(async () => {
    test.app.close()
    await test.storage.close()
  })
  beforeEach(() => {
    accounts += 1
    account = `account ${accounts}`
  })

  it('changes of 200 ms are told as the last one, each user once', async () => {
    const [w, a] = [await join('w'), await join('a')]
    await w.call('presence.watch')
    await dnd(a, 1)
    await dnd(a, 2)
    const m = (await a.call('meetings.create', { subject: '', withPassword: false })) as MeetingInfo
    await a.enter(m.id)
    expect(told(w)).toEqual([])
    merge()
    expect(told(w)).toEqual(['a 3 2'])
    merge()
    expect(told(w)).toHaveLength(1)
  })

  it('02 §6: the same number again changes nothing; out of 32 bits is 5', async () => {
    const w = await join('w')
    await w.call('presence.watch')
    await dnd(w, -1)
    merge()
    await dnd(w, -1)
    merge()
    expect(told(w)).toEqual(['w 1 -1'])
    expect(await dnd(w, 2 ** 31)).toBe('param.invalid')
    expect(await dnd(w, 0.5)).toBe('param.invalid')
  })

  it('02 §6: do-not-disturb and the watch last over a silent resume, not over a login', async () => {
    const [w, a] = [await join('w'), await join('a')]
    await w.call('presence.watch')
    await dnd(w, 5)
    merge()
    const { seen } = w
    w.cut()
    await dnd(a, 6)
    merge()
    w.resume(seen)
    expect(told(w)).toEqual(['w 1 5', 'a 1 6'])
    const again = await join('w')
    await dnd(a, 0)
    merge()
    expect(told(again)).toEqual([])
    expect(await list(again)).toEqual(['a 1 0', 'w 1 0'])
  })

  it('02 §5: away within T_RESUME nobody is told; after it, of the end', async () => {
    const [w, a] = [await join('w'), await join('a')]
    await w.call('presence.watch')
    a.cut()
    for (let t = 0; t < LIMITS.resume; t += LIMITS.heartbeat) {
      expect(told(w)).toEqual([])
      w.raw('{"ping":1}')
      test.clock.advance(LIMITS.heartbeat)
    }
    merge()
    expect(told(w)).toEqual(['a 0 0'])
    expect(await list(w)).toEqual(['w 1 0'])
  })

  it('02 §7: a kept call makes its user busy again at the next login', async () => {
    const [a, b] = [await join('a'), await join('b')]
    const none = { id: 0, password: '' }
    await a.call('calls.call', { callID: `${account} x`, called: 'b', meeting: none, ext: '' })
    expect(await list(a)).toEqual(['a 2 0', 'b 2 0'])
    await b.call('calls.accept', { callID: `${account} x`, meeting: none, ext: '' })
    b.cut(4001)
    expect(await list(a)).toEqual(['a 2 0'])
    await join('b')
    expect(await list(a)).toEqual(['a 2 0', 'b 2 0'])
    await a.call('session.logout')
  })

  it('00 §1: another app account is neither listed nor told of', async () => {
    const w = await join('w')
    await w.call('presence.watch')
    const stranger = await join('stranger', `${account} other`)
    await dnd(stranger, 1)
    merge()
    expect(told(w)).toEqual([])
    expect(await list(w)).toEqual(['w 1 0'])
    expect(await list(stranger)).toEqual(['stranger 1 1'])
  })

  it('after the answer to unwatch nothing is told', async () => {
    const [w, a] = [await join('w'), await join('a')]
    await w.call('presence.watch')
    await dnd(a, 1)
    await w.call('presence.unwatch')
    merge()
    expect(told(w)).toEqual([])
    expect(await w.call('presence.unwatch')).toEqual({})
  })
})
