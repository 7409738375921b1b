import { describe, expect, it } from 'vitest'
import { createThrottle } from '../../src/accounts/throttle.ts'
import { createFakeClock } from '../../src/core/clock.ts'

describe('throttle', () => {
  it('allows so many attempts per name and window, then none until the window ends', () => {
    const clock = createFakeClock()
    const throttle = createThrottle(clock, 3, 60_000)
    expect([1, 2, 3, 4].map(() => throttle.take('a'))).toEqual([true, true, true, false])
    expect(throttle.take('b')).toBe(true)
    clock.advance(59_999)
    expect(throttle.take('a')).toBe(false)
    clock.advance(1)
    expect(throttle.take('a')).toBe(true)
  })

  it('an attempt given back is not counted', () => {
    const throttle = createThrottle(createFakeClock(), 1, 60_000)
    for (let i = 0; i < 5; i++) {
      expect(throttle.take('a')).toBe(true)
      throttle.giveBack('a')
    }
    throttle.giveBack('never taken')
    expect(throttle.take('a')).toBe(true)
    expect(throttle.take('a')).toBe(false)
  })

  it('holds at most 10000 names, forgetting the oldest', () => {
    const throttle = createThrottle(createFakeClock(), 1, 60_000)
    throttle.take('first')
    throttle.take('second')
    for (let i = 0; i < 9999; i++) throttle.take(`name ${i}`)
    expect(throttle.take('second')).toBe(false)
    expect(throttle.take('first')).toBe(true)
  })
})
