import { expect, it } from 'vitest'
import { createFakeClock } from '../../src/core/clock.ts'
import { WriteBehind } from '../../src/core/write-behind.ts'

const settled = () => new Promise((resolve) => setTimeout(resolve, 0))

const behind = () => {
  const clock = createFakeClock()
  const written: string[] = []
  const state = { broken: false, failed: 0 }
  const writes = new WriteBehind<string[]>(clock, {
    async write(meeting, changes) {
      // What changes meanwhile is not part of it any more.
      const text = changes.join('')
      await settled()
      if (state.broken) throw new Error('disk full')
      written.push(`${meeting}:${text}`)
    },
    failed: () => {
      state.failed++
    },
    merge: (failed, later) => [...failed, ...later],
  })
  const change = (meeting: number, what: string) =>
    writes.set(meeting, [...(writes.waiting(meeting) ?? []), what])
  const second = async () => {
    clock.advance(1_000)
    for (let i = 0; i < 5; i++) await settled()
  }
  return { clock, written, state, writes, change, second }
}

it('what changed in a second is written in one go, each meeting by itself', async () => {
  const { written, change, second } = behind()
  change(1, 'a')
  change(2, 'x')
  change(1, 'b')
  expect(written).toEqual([])
  await second()
  expect(written).toEqual(['1:ab', '2:x'])
  await second()
  expect(written).toHaveLength(2)
})

it('what could not be written is tried again, before what came later', async () => {
  const { written, state, change, second } = behind()
  state.broken = true
  change(1, 'a')
  await second()
  change(1, 'b')
  state.broken = false
  await second()
  expect(state.failed).toBe(1)
  expect(written).toEqual(['1:ab'])
})

it('of a meeting that ended nothing is written, nor tried again', async () => {
  const { clock, written, state, writes, change, second } = behind()
  state.broken = true
  change(1, 'a')
  clock.advance(1_000)
  change(1, 'b')
  writes.end(1, async () => {
    written.push('removed')
  })
  await second()
  state.broken = false
  await second()
  expect(written).toEqual(['removed'])
  expect(clock.pending()).toBeLessThanOrEqual(1)
})

it('closing writes what waits, and no timer is left', async () => {
  const { clock, written, writes, change } = behind()
  change(1, 'a')
  await writes.close()
  expect(written).toEqual(['1:a'])
  change(1, 'b')
  expect(clock.pending()).toBe(0)
})
