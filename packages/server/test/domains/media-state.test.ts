import type { SharedPlay } from '@yuntang/protocol'
import { describe, expect, it } from 'vitest'
import { mayStop } from '../../src/domains/media/policy.ts'
import {
  apply,
  decide,
  type MediaCommand,
  type MediaState,
  playAt,
} from '../../src/domains/media/state.ts'

const play = (over: Partial<SharedPlay> = {}): SharedPlay => ({
  userID: 'a',
  name: 'x.mp4',
  duration: 60_000,
  width: 320,
  height: 180,
  paused: 0,
  at: 0,
  ...over,
})
const state = (over: Partial<SharedPlay> = {}, since = 0): MediaState => ({
  play: play(over),
  since,
})

describe('10 §4.1: one shared media per meeting', () => {
  it.each<[string, MediaState, MediaCommand, unknown]>([
    ['nobody plays', null, { type: 'start', play: play() }, [['media.started', play()]]],
    [
      'again by the player: where it is',
      state(),
      { type: 'start', play: play({ paused: 1, at: 7 }) },
      [['media.moved', { userID: 'a', paused: 1, at: 7 }]],
    ],
    ['by another', state(), { type: 'start', play: play({ userID: 'b' }) }, 'playing.taken'],
    [
      'only the player moves',
      state(),
      { type: 'move', userID: 'b', paused: 1, at: 0 },
      'playing.none',
    ],
    ['nothing moves', null, { type: 'move', userID: 'a', paused: 1, at: 0 }, 'playing.none'],
    [
      'the end names the player',
      state(),
      { type: 'stop', reason: 1 },
      [['media.stopped', { userID: 'a', reason: 1 }]],
    ],
    ['nothing to stop', null, { type: 'stop', reason: 0 }, 'playing.none'],
  ])('%s', (_title, before, command, expected) => {
    const decision = decide(before, command)
    const told =
      'error' in decision ? decision.error : decision.facts.map(({ event, data }) => [event, data])
    expect(told).toEqual(expected)
  })

  it('late joiners learn where the player is now', () => {
    expect(playAt(state({ at: 500 }, 1_000), 3_000, 1e9)?.at).toBe(2_500)
    expect(playAt(state({ at: 500, paused: 1 }, 1_000), 3_000, 1e9)?.at).toBe(500)
    expect(playAt(state({ at: 500, duration: 0 }, 1_000), 3_000, 1_000)?.at).toBe(1_000)
    expect(playAt(state({ at: 59_000 }, 1_000), 9_000, 1e9)?.at).toBe(60_000)
    expect(playAt(state({ at: 99_000, paused: 1 }, 1_000), 9_000, 1e9)?.at).toBe(60_000)
    const moved = { event: 'media.moved', data: { userID: 'a', paused: 0, at: 9 } } as const
    expect(apply(state(), moved, 70)).toEqual(state({ at: 9 }, 70))
    expect(apply(null, moved, 70)).toBeNull()
  })

  it('CRVideo_StopPlayMedia: the player, and under policy owner the owner', () => {
    expect(mayStop(state(), 'open', 'o', 'a')).toBe(true)
    expect(mayStop(state(), 'open', 'o', 'o')).toBe(false)
    expect(mayStop(state(), 'owner', 'o', 'o')).toBe(true)
    expect(mayStop(state(), 'owner', 'o', 'b')).toBe(false)
    expect(mayStop(null, 'owner', 'o', 'o')).toBe(false)
  })
})
