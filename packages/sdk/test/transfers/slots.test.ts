import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  MOST_RUNNING,
  NO_TRANSFERS,
  type SlotCommand,
  type Slots,
  step,
} from '../../src/transfers/slots.ts'

const run = (...commands: [SlotCommand['do'], string][]): Slots =>
  commands.reduce((slots, [action, id]) => step(slots, { do: action, id }), NO_TRANSFERS)
const five = ['a', 'b', 'c', 'd', 'e'].map((id): [SlotCommand['do'], string] => ['add', id])

describe('06 §1: 3 transfers at a time, more wait their turn, one per ID', () => {
  it('the first three run, others wait in order', () => {
    expect(run(...five)).toEqual({
      running: ['a', 'b', 'c'],
      waiting: ['d', 'e'],
      paused: [],
    })
  })
  it('the end of one starts who waits longest', () => {
    expect(run(...five, ['remove', 'b']).running).toEqual(['a', 'c', 'd'])
  })
  it('a pause gives the slot away, and going on waits its turn', () => {
    expect(run(...five, ['pause', 'a'], ['resume', 'a'])).toEqual({
      running: ['b', 'c', 'd'],
      waiting: ['e', 'a'],
      paused: [],
    })
  })
  it('a waiting transfer can be paused', () => {
    expect(run(...five, ['pause', 'd'])).toMatchObject({ waiting: ['e'], paused: ['d'] })
  })
  it('what makes no sense changes nothing', () => {
    const slots = run(...five)
    for (const command of [
      { do: 'add', id: 'a' },
      { do: 'pause', id: 'x' },
      { do: 'resume', id: 'a' },
    ] as const)
      expect(step(slots, command)).toBe(slots)
  })

  it('whatever is asked: no slot idle while one waits, nobody twice, nobody forgotten', () => {
    const command = fc.record({
      do: fc.constantFrom('add' as const, 'pause' as const, 'resume' as const, 'remove' as const),
      id: fc.constantFrom(...'abcdefg'),
    })
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const alive = new Set<string>()
        let slots = NO_TRANSFERS
        for (const next of commands) {
          const kept = slots.running.filter((id) => id !== next.id)
          slots = step(slots, next)
          if (next.do === 'add') alive.add(next.id)
          if (next.do === 'remove') alive.delete(next.id)
          const all = [...slots.running, ...slots.waiting, ...slots.paused]
          expect([...all].sort()).toEqual([...alive].sort())
          expect(slots.running.length).toBeLessThanOrEqual(MOST_RUNNING)
          if (slots.waiting.length > 0) expect(slots.running.length).toBe(MOST_RUNNING)
          for (const id of kept) expect(slots.running).toContain(id)
        }
      }),
    )
  })
})
