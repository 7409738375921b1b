import type { ScreenShare } from '@yuntang/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { createEmitter } from '../../src/emitter.ts'
import type { ScreenEvents } from '../../src/screen/api.ts'
import { createTheirShare, type TheirShare } from '../../src/screen/their-share.ts'

const share = (over: Partial<ScreenShare> = {}): ScreenShare => ({
  userID: 'ann',
  rect: { x: 0, y: 0, w: 100, h: 50 },
  holder: '',
  since: 1,
  ...over,
})

describe('09 §3, §7: another member’s share on a page', () => {
  let log: string[]
  let theirs: TheirShare
  const open = (first: ScreenShare | null) => {
    const events = createEmitter<ScreenEvents>()
    for (const name of ['started', 'stopped', 'area', 'given', 'released'] as const)
      events.on(name, (data: object) => log.push(`${name} ${Object.values(data).join()}`))
    theirs = createTheirShare(first, {
      me: 'me',
      events,
      over: () => false,
      began: () => log.push('began'),
      ended: () => log.push('ended'),
      released: () => log.push('void'),
    })
  }
  beforeEach(() => {
    log = []
    open(null)
  })

  it('start, size and holder are told in this order', () => {
    theirs.started(share({ holder: 'ben' }))
    expect(log).toEqual(['began', 'started ann', 'area 0,0,100,50', 'given ann,ben'])
  })

  it('an end first releases the right', () => {
    open(share({ holder: 'me' }))
    expect(theirs.mine).toBe(true)
    theirs.stopped()
    expect(log).toEqual(['void', 'released ann,me', 'ended', 'stopped ann'])
    expect(theirs.mine).toBe(false)
  })

  it('passed on: the former holder loses it first', () => {
    open(share({ holder: 'ben' }))
    theirs.setHolder('cleo', 'ann')
    expect(log).toEqual(['released ann,ben', 'given ann,cleo'])
  })

  it('07 §5: after a restart the same share with the same holder is told by nothing', () => {
    open(share({ holder: 'me' }))
    theirs.resync(share({ holder: 'me' }))
    expect(log).toEqual([])
    expect(theirs.mine).toBe(true)
  })

  it('another share of the same member, begun meanwhile, is another one', () => {
    open(share({ holder: 'me' }))
    theirs.resync(share({ since: 2 }))
    expect(log).toEqual([
      'void',
      'released ann,me',
      'ended',
      'stopped ann',
      'began',
      'started ann',
      'area 0,0,100,50',
    ])
  })

  it('what changed meanwhile is told: region, holder, end', () => {
    open(share())
    theirs.resync(share({ rect: { x: 1, y: 2, w: 3, h: 4 }, holder: 'ben' }))
    expect(log).toEqual(['area 1,2,3,4', 'given ann,ben'])
    theirs.resync(null)
    expect(log.slice(2)).toEqual(['released ann,ben', 'ended', 'stopped ann'])
  })
})
