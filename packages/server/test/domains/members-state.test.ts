import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { apply, type Command, emptyRoom } from '../../src/domains/members/state.ts'
import { camera, createRoomRun, devices } from '../support/members.ts'

const enter = (userID: string, d = devices()): Command => ({
  type: 'enter',
  userID,
  nickName: '',
  devices: d,
})

describe('08 §2: the status machine on the server', () => {
  it('a member enters closed where there is a device and without one otherwise', () => {
    const room = createRoomRun()
    room.do(enter('a'))
    room.do(enter('b', devices(false, [])))
    expect(room.state().members.map((m) => [m.audio, m.video])).toEqual([
      [2, 2],
      [1, 1],
    ])
  })

  it('opening tells 2 → 3 once; a call that changes nothing tells nothing', () => {
    const room = createRoomRun()
    room.do(enter('a'))
    const open: Command = { type: 'openMic', userID: 'a', maxOpen: 9 }
    expect(room.do(open)).toEqual([
      { event: 'members.audioStatus', data: { userID: 'a', old: 2, now: 3 } },
    ])
    expect(room.do(open)).toEqual([])
    expect(room.do({ type: 'close', userID: 'a', kind: 'mic' })).toHaveLength(1)
    expect(room.do({ type: 'close', userID: 'a', kind: 'mic' })).toEqual([])
  })

  it('the limit of open microphones refuses the next one', () => {
    const room = createRoomRun()
    room.do(enter('a'))
    room.do(enter('b'))
    room.do({ type: 'openMic', userID: 'a', maxOpen: 1 })
    expect(room.do({ type: 'openMic', userID: 'b', maxOpen: 1 })).toBe('mic.limit')
  })

  it('08 §6: the default camera is first among those sent, unknown ones are refused', () => {
    const room = createRoomRun()
    room.do(enter('a', { ...devices(true, [camera(1), camera(2)]), defaultVideo: 2 }))
    expect(room.do({ type: 'openCamera', userID: 'a', sending: [3] })).toBe('device.none')
    room.do({ type: 'openCamera', userID: 'a', sending: [1, 2] })
    expect(room.state().members[0]?.sending).toEqual([2, 1])
  })

  it('08 §2: the camera in use vanishes, another exists: the status stays open', () => {
    const room = createRoomRun()
    room.do(enter('a', devices(true, [camera(1), camera(2)])))
    room.do({ type: 'openCamera', userID: 'a', sending: [1] })
    const left = { ...devices(true, [camera(2)]), defaultVideo: 2 }
    room.do({ type: 'setDevices', userID: 'a', devices: left })
    expect(room.state().members[0]).toMatchObject({ video: 3, sending: [2], defaultVideo: 2 })
  })

  it('the last camera vanishes: 3 → 1; it comes back: 1 → 2', () => {
    const room = createRoomRun()
    room.do(enter('a'))
    room.do({ type: 'openCamera', userID: 'a', sending: [1] })
    room.do({ type: 'setDevices', userID: 'a', devices: devices(true, []) })
    expect(room.state().members[0]).toMatchObject({ video: 1, sending: [], defaultVideo: 0 })
    room.do({ type: 'setDevices', userID: 'a', devices: devices() })
    expect(room.state().members[0]).toMatchObject({ video: 2, defaultVideo: 1 })
  })

  it('08 §3: closing all microphones tells of each open one in member order', () => {
    const room = createRoomRun()
    for (const u of ['c', 'a', 'b']) room.do(enter(u))
    for (const u of ['b', 'c']) room.do({ type: 'openMic', userID: u, maxOpen: 9 })
    const facts = room.do({ type: 'closeAllMics' })
    expect(facts).toMatchObject([{ data: { userID: 'c' } }, { data: { userID: 'b' } }])
  })
})

const user = fc.constantFrom('a', 'b', 'c')
const cameras = fc.subarray([1, 2, 3]).map((ids) => ids.map(camera))
const command: fc.Arbitrary<Command> = fc.oneof(
  user.map((u) => enter(u)),
  user.map((userID): Command => ({ type: 'leave', userID, cause: 'lost' })),
  user.map((userID): Command => ({ type: 'openMic', userID, maxOpen: 2 })),
  fc
    .tuple(user, fc.subarray([1, 2, 3]))
    .map(([userID, sending]): Command => ({ type: 'openCamera', userID, sending })),
  fc
    .tuple(user, fc.constantFrom('mic' as const, 'camera' as const))
    .map(([userID, kind]): Command => ({ type: 'close', userID, kind })),
  fc.constant<Command>({ type: 'closeAllMics' }),
  fc.tuple(user, fc.boolean(), cameras).map(
    ([userID, mic, list]): Command => ({
      type: 'setDevices',
      userID,
      devices: devices(mic, list),
    }),
  ),
)

describe('07 §1.6: what is announced is what was applied', () => {
  it('folding the events gives the snapshot, and no member is ever in an impossible state', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const room = createRoomRun()
        for (const c of commands) {
          const seated = room.state().members.some((m) => 'userID' in c && m.userID === c.userID)
          if (c.type === 'enter' && seated) continue // seats see to that before
          room.do(c)
        }
        expect(room.facts.reduce(apply, emptyRoom)).toEqual(room.state())
        for (const m of room.state().members) {
          expect(m.video === 3).toBe(m.sending.length > 0)
          expect(m.cameras.length === 0).toBe(m.video === 1)
          for (const id of m.sending) expect(m.cameras.map((c) => c.videoID)).toContain(id)
        }
      }),
      { seed: 20261125, numRuns: 300 },
    )
  })
})
