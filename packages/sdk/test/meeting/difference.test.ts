import type { Member } from '@yuntang/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { difference } from '../../src/meeting/difference.ts'
import { fold, fromSnapshot } from '../../src/meeting/replica.ts'

const member = (userID: string, change: Partial<Member> = {}): Member => ({
  userID,
  nickName: userID,
  audio: 2,
  video: 2,
  cameras: [{ videoID: 1, name: 'c' }],
  sending: [],
  defaultVideo: 1,
  multiVideo: false,
  ...change,
})

const anyMember = fc.record({
  userID: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  nickName: fc.constantFrom('', 'n', 'm'),
  audio: fc.constantFrom(1 as const, 2 as const, 3 as const),
  video: fc.constantFrom(1 as const, 2 as const, 3 as const),
  cameras: fc.uniqueArray(
    fc.record({ videoID: fc.integer({ min: 1, max: 3 }), name: fc.constantFrom('x', 'y') }),
    { selector: (camera) => camera.videoID, maxLength: 3 },
  ),
  sending: fc.uniqueArray(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
  defaultVideo: fc.integer({ min: 0, max: 3 }),
  multiVideo: fc.boolean(),
})
const anyMembers = fc.uniqueArray(anyMember, { selector: (m) => m.userID, maxLength: 5 })
const byID = (members: readonly Member[]) =>
  [...members].sort((a, b) => a.userID.localeCompare(b.userID))

describe('07 §5.1: a snapshot becomes the equivalent change callbacks', () => {
  it('folding the difference gives the snapshot, whatever was missed; the same again gives none', () => {
    fc.assert(
      fc.property(anyMembers, anyMembers, (before, now) => {
        let replica = fromSnapshot({ members: before })
        for (const event of difference(before, now)) replica = fold(replica, event)
        expect(byID(replica.members)).toEqual(byID(now))
        expect(difference(now, now)).toEqual([])
      }),
    )
  })

  it('who left comes first, then who entered in order, then what changed', () => {
    const before = [member('a'), member('b'), member('c')]
    const now = [member('c', { audio: 3 }), member('e'), member('d')]
    expect(
      difference(before, now).map(({ name, data }) => [
        name,
        'member' in data ? data.member?.userID : 'userID' in data && data.userID,
      ]),
    ).toEqual([
      ['meetings.left', 'a'],
      ['meetings.left', 'b'],
      ['meetings.entered', 'e'],
      ['meetings.entered', 'd'],
      ['members.audioStatus', 'c'],
    ])
  })

  it('a status that changed and changed back is told not at all, otherwise from old to now', () => {
    const [before, now] = [[member('a', { audio: 3 })], [member('a', { video: 3, sending: [1] })]]
    expect(difference(before, now)).toEqual([
      { name: 'members.audioStatus', data: { userID: 'a', old: 3, now: 2 } },
      { name: 'members.videoStatus', data: { userID: 'a', old: 2, now: 3, sending: [1] } },
    ])
  })

  it('the same user under another nickname has left and entered', () => {
    const names = difference([member('a')], [member('a', { nickName: 'new' })]).map((e) => e.name)
    expect(names).toEqual(['meetings.left', 'meetings.entered'])
  })
})
