import type { Member } from '@yuntang/protocol'
import { describe, expect, it } from 'vitest'
import {
  fold,
  fromSnapshot,
  isOtherSet,
  type MeetingEvent,
  watchable,
} from '../../src/meeting/replica.ts'

const member = (userID: string, change: Partial<Member> = {}): Member => ({
  userID,
  nickName: `Nick ${userID}`,
  audio: 2,
  video: 2,
  cameras: [{ videoID: 1, name: 'Front' }],
  sending: [],
  defaultVideo: 1,
  multiVideo: false,
  ...change,
})

const after = (...events: MeetingEvent[]) =>
  events.reduce(fold, fromSnapshot({ members: [member('a'), member('b')] }))

describe('replica', () => {
  it('07 §4: members in order of entry', () => {
    const replica = after({ name: 'meetings.entered', data: { member: member('0') } })
    expect(replica.members.map(({ userID }) => userID)).toEqual(['a', 'b', '0'])
  })
  it('07 §2: a member that left is gone, its nickname keeps answering', () => {
    const replica = after({ name: 'meetings.left', data: { userID: 'b', cause: 'lost' } })
    expect(replica.members.map(({ userID }) => userID)).toEqual(['a'])
    expect(replica.nickNames.get('b')).toBe('Nick b')
  })
  it('08 §2: statuses follow the events, of that member only', () => {
    const replica = after({ name: 'members.audioStatus', data: { userID: 'b', old: 2, now: 3 } })
    expect(replica.members.map(({ audio }) => audio)).toEqual([2, 3])
  })
  it('08 §4: watchable are the cameras open now, default first, in order of entry', () => {
    const sent: MeetingEvent = {
      name: 'members.videoStatus',
      data: { userID: 'b', old: 2, now: 3, sending: [2, 1] },
    }
    const shut: MeetingEvent = {
      name: 'members.videoStatus',
      data: { userID: 'b', old: 3, now: 2, sending: [] },
    }
    expect(watchable(after(sent).members)).toEqual([
      { userID: 'b', videoID: 2 },
      { userID: 'b', videoID: 1 },
    ])
    expect(watchable(after(sent, shut).members)).toEqual([])
  })
  it('08 §4: camera list and default camera follow the events', () => {
    const cameras = [{ videoID: 4, name: 'Desk' }]
    const replica = after(
      { name: 'members.devices', data: { userID: 'a', cameras, multiVideo: true, changed: true } },
      { name: 'members.defaultVideo', data: { userID: 'a', videoID: 4 } },
    )
    expect(replica.members[0]).toMatchObject({ cameras, multiVideo: true, defaultVideo: 4 })
  })
})

it.each([
  [[1], [3], false],
  [[1], [1, 3], true],
  [[1, 3], [3], true],
  [[1, 3], [3, 1], false],
  [[1, 2], [1, 3], true],
])('08 §6: cameras %j → %j is another set in multi-camera mode: %j', (before, now, expected) => {
  expect(isOtherSet(before, now)).toBe(expected)
})
