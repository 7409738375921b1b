import type { MeetingInfo } from '@yuntang/protocol'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AppDeps } from '../../src/app.ts'
import type { Storage } from '../../src/storage/port.ts'
import { startTestApp, type TestApp, TestPage } from '../support/page.ts'
import { type TestCall, testTelephone } from '../support/telephone.ts'
import { createTestStorage } from '../support/test-storage.ts'

const CALLER = '+4915198765'

describe('dialling in', () => {
  let storage: Storage
  let trunk: ReturnType<typeof testTelephone>
  let test: TestApp
  let a: TestPage
  let meeting: MeetingInfo
  const apps: TestApp[] = []
  let accounts = 0
  let account = ''

  const start = async (config: Partial<AppDeps['config']> = {}, prompts = true) => {
    trunk = testTelephone()
    const phone = prompts ? trunk.phone : { ...trunk.phone, prompts: null }
    test = await startTestApp(config, { storage, phone })
    apps.push(test)
    account = `account-${accounts++}`
    a = await new TestPage(test).login('a', account)
    meeting = (await a.call('meetings.create', { subject: 's', withPassword: true })) as MeetingInfo
    await a.enter(meeting.id, meeting.password, { userID: 'a' })
  }
  const until = async (holds: () => boolean) => {
    for (let i = 0; !holds(); i++) {
      if (i > 800) throw new Error('it did not happen')
      await new Promise((resolve) => (i % 4 ? setImmediate(resolve) : setTimeout(resolve, 2)))
    }
  }
  const heard = async (call: TestCall, last: string) => {
    const all: string[] = []
    await until(() => {
      all.push(...call.said())
      return all.at(-1) === last
    })
    return all.filter((word) => word !== 'hush')
  }
  const dial = async (peer = CALLER) => {
    const call = trunk.incoming(peer)
    expect(await heard(call, 'enterNumber')).toEqual(['welcome', 'enterNumber'])
    return call
  }
  const inside = async (peer = CALLER) => {
    const call = await dial(peer)
    call.press(`${meeting.id}#${meeting.password}#`)
    await heard(call, 'entered')
    return call
  }
  const entered = () => a.events('meetings.entered').map((e) => e.member.userID)

  beforeAll(async () => {
    storage = await createTestStorage()
  }, 60_000)
  beforeEach(() => start())
  afterAll(async () => {
    for (const app of apps) await app.app.close()
    await storage.close()
  })

  it('without DIAL_IN nobody may call', async () => {
    await start({}, false)
    const call = trunk.incoming(CALLER)
    expect([call.isAnswered, call.isHungUp]).toEqual([false, true])
  })

  it('number, password, inside: a member with its number, heard by all; it leaves when it hangs up', async () => {
    const call = await dial()
    call.press(`${meeting.id}#`)
    expect(await heard(call, 'enterPassword')).toEqual(['enterPassword'])
    call.press(`${meeting.password}#`)
    expect(await heard(call, 'entered')).toEqual(['entered'])
    expect(a.events('meetings.entered').map((e) => e.member)).toMatchObject([
      { userID: CALLER, phone: true },
    ])
    expect(a.events('members.audioStatus').at(-1)).toEqual({ userID: CALLER, old: 2, now: 3 })
    expect(trunk.asked).toEqual(['join speaking'])
    call.end('hungUp')
    expect(a.events('meetings.left')).toEqual([{ userID: CALLER, cause: 'left' }])
    expect(trunk.asked).toEqual(['join speaking', 'leave'])
  })

  it('11 §1.1: a telephone shows no text: a message to it alone is refused, one to all is not', async () => {
    await inside()
    const send = (to: string) => a.call('im.send', { to, text: 'hello', key: `key-${to}` })
    expect(await send(CALLER)).toBe('im.absent')
    expect(await send('')).toMatchObject({ seq: 1 })
  })

  it('digits and a pause do it without #', async () => {
    const call = await dial()
    call.press(String(meeting.id))
    test.clock.advance(2_500)
    await heard(call, 'enterPassword')
    call.press(meeting.password)
    test.clock.advance(2_500)
    await heard(call, 'entered')
  })

  it('wrong number, wrong password, wrong again: it is hung up when that is said', async () => {
    const call = await dial()
    call.press('10000001#')
    expect(await heard(call, 'enterNumber')).toEqual(['wrongNumber', 'enterNumber'])
    call.press(`${meeting.id}#000000#`)
    expect((await heard(call, 'enterPassword')).slice(-2)).toEqual([
      'wrongPassword',
      'enterPassword',
    ])
    call.press('111111#')
    await heard(call, 'goodbye')
    expect(call.isHungUp).toBe(false)
    test.clock.advance(10_000)
    expect(call.isHungUp).toBe(true)
    expect(entered()).toEqual([])
  })

  it('silence counts from when all is said, and ends the call after three times', async () => {
    const call = await dial()
    test.clock.advance(16_000)
    expect(call.said()).toEqual([])
    test.clock.advance(1_100)
    expect(call.said()).toEqual(['enterNumber'])
    test.clock.advance(60_000)
    await heard(call, 'goodbye')
    test.clock.advance(10_000)
    expect(call.isHungUp).toBe(true)
  })

  it('wrong guesses of all telephones together are counted as one address is', async () => {
    for (let i = 0; i < 20; i++) {
      const call = await dial(`+49151${i}000`)
      call.press('10000001#10000002#10000003#')
      for (let n = 0; n < 2; n++) {
        await heard(call, 'enterNumber')
        call.press(`1000000${n + 4}#`)
      }
      await heard(call, 'goodbye')
      call.end('hungUp')
    }
    const call = await dial()
    call.press(`${meeting.id}#`)
    expect(await heard(call, 'goodbye')).toEqual(['throttled', 'goodbye'])
    test.clock.advance(60_000)
    await inside()
  })

  it('a caller ID of a user, of the creator, withheld or no number gets another name', async () => {
    await new TestPage(test).login('4915100001', account)
    for (const peer of ['4915100001', '+4915100001', '', 'a', 'anonymous', '1 2', '４９１５１']) {
      const call = await inside(peer)
      call.end('hungUp')
    }
    expect(entered()).toHaveLength(7)
    for (const userID of entered()) expect(userID).toMatch(/^tel_[\w-]{12}$/)
  })

  it('a second call of one number is another member', async () => {
    await inside()
    await inside()
    expect(entered()).toEqual([CALLER, `${CALLER}_2`])
  })

  it('*6 mutes and unmutes; after others muted it, too', async () => {
    const call = await inside()
    call.press('*6')
    expect(await heard(call, 'muted')).toEqual(['muted'])
    expect(a.events('members.audioStatus').at(-1)).toMatchObject({ userID: CALLER, now: 2 })
    call.press('*6')
    expect(await heard(call, 'unmuted')).toEqual(['unmuted'])
    await a.call('members.close', { userID: CALLER, kind: 'mic' })
    call.press('*6')
    await heard(call, 'unmuted')
    expect(a.events('members.audioStatus').at(-1)).toMatchObject({ userID: CALLER, now: 3 })
  })

  it('MAX_OPEN_MICS: it is told that it only listens', async () => {
    await start({ maxOpenMics: 1 })
    await a.call('members.openMic')
    const call = await dial()
    call.press(`${meeting.id}#${meeting.password}#`)
    expect((await heard(call, 'listening')).slice(-2)).toEqual(['entered', 'listening'])
    call.press('*6')
    expect(await heard(call, 'listening')).toEqual(['listening'])
  })

  it('a full meeting, and one that ends', async () => {
    await start({ maxMembers: 2 })
    const call = await inside()
    const late = await dial('+4915100099')
    late.press(`${meeting.id}#${meeting.password}#`)
    expect((await heard(late, 'goodbye')).slice(-2)).toEqual(['full', 'goodbye'])
    await a.call('meetings.destroy', { id: meeting.id })
    expect(await heard(call, 'goodbye')).toEqual(['ended', 'goodbye'])
    test.clock.advance(5_000)
    expect([call.isHungUp, late.isHungUp]).toEqual([true, true])
  })

  it('hung up by a member, or without sound: it leaves', async () => {
    const call = await inside()
    expect(await a.call('phones.hangUp', { userID: CALLER })).toEqual({})
    await until(() => call.isHungUp)
    const second = await inside()
    trunk.lose(second)
    await until(() => a.events('meetings.left').length === 2)
  })

  it('who hangs up while the meeting is looked up does not enter', async () => {
    const call = await dial()
    call.press(`${meeting.id}#${meeting.password}#`)
    call.end('hungUp')
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(entered()).toEqual([])
  })

  it('alone for 5 minutes it is hung up', async () => {
    const call = await inside()
    await a.call('meetings.exit')
    test.clock.advance(5 * 60_000)
    await until(() => call.isHungUp)
  })
})
