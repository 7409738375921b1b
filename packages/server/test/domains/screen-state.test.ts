import type { ScreenShare } from '@yuntang/protocol'
import { describe, expect, it } from 'vitest'
import {
  apply,
  decide,
  type ScreenCommand,
  type ScreenState,
} from '../../src/domains/screen/state.ts'

const rect = { x: 0, y: 0, w: 1280, h: 720 }
const other = { x: 10, y: 20, w: 640, h: 360 }
const share = (over: Partial<ScreenShare> = {}): ScreenShare => ({
  userID: 'a',
  rect,
  holder: '',
  ...over,
})
const told = (state: ScreenState, command: ScreenCommand) => {
  const decision = decide(state, command)
  return 'error' in decision ? decision.error : decision.facts.map((f) => [f.event, f.data])
}

describe('09 §3: what follows from a command', () => {
  it.each<[string, ScreenState, ScreenCommand, unknown]>([
    [
      'nobody shares: I do',
      null,
      { type: 'start', userID: 'a', rect },
      [['screen.started', { userID: 'a', rect }]],
    ],
    ['my own share goes on', share(), { type: 'start', userID: 'a', rect }, []],
    [
      'my own share with another region',
      share(),
      { type: 'start', userID: 'a', rect: other },
      [['screen.resized', { rect: other }]],
    ],
    ['somebody else shares', share(), { type: 'start', userID: 'b', rect }, 'screen.taken'],
    [
      'the sharer changes the region',
      share(),
      { type: 'resize', userID: 'a', rect: other },
      [['screen.resized', { rect: other }]],
    ],
    [
      'nobody else changes it',
      share(),
      { type: 'resize', userID: 'b', rect: other },
      'screen.none',
    ],
    [
      'the sharer stops',
      share(),
      { type: 'stop', userID: 'a' },
      [['screen.stopped', { userID: 'a' }]],
    ],
    ['nobody else stops it', share(), { type: 'stop', userID: 'b' }, 'screen.none'],
    ['nothing to stop', null, { type: 'stop', userID: 'a' }, 'screen.none'],
    [
      'the sharer leaves',
      share(),
      { type: 'leave', userID: 'a' },
      [['screen.stopped', { userID: 'a' }]],
    ],
    ['somebody else leaves', share(), { type: 'leave', userID: 'b' }, []],
    ['somebody leaves where nobody shares', null, { type: 'leave', userID: 'b' }, []],
  ])('%s', (_, state, command, expected) => {
    expect(told(state, command)).toEqual(expected)
  })

  it('what was told leads to the next state', () => {
    const after = (state: ScreenState, command: ScreenCommand) => {
      const decision = decide(state, command)
      return 'error' in decision ? state : decision.facts.reduce(apply, state)
    }
    expect(after(null, { type: 'start', userID: 'a', rect })).toEqual(share())
    expect(after(share(), { type: 'resize', userID: 'a', rect: other })).toEqual(
      share({ rect: other }),
    )
    expect(after(share(), { type: 'stop', userID: 'a' })).toBeNull()
  })
})
