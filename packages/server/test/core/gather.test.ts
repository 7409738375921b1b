import { expect, it } from 'vitest'
import { createGatherer } from '../../src/core/gather.ts'

it('what comes while one write runs goes together in the next, in order', async () => {
  const writes: string[] = []
  const gather = createGatherer(async (items: readonly string[]) => {
    writes.push(items.join(''))
    await new Promise((r) => setTimeout(r, 5))
    return items.length
  })
  const first = gather.add('a')
  await new Promise((r) => setTimeout(r, 1))
  expect(await Promise.all([first, gather.add('b'), gather.add('c')])).toEqual([1, 2, 2])
  expect(writes).toEqual(['a', 'bc'])
})

it('a write that fails rejects to those in it only', async () => {
  const gather = createGatherer(async (items: readonly number[]) => {
    if (items.includes(0)) throw new Error('no')
    return items.length
  })
  await expect(Promise.all([gather.add(0), gather.add(1)])).rejects.toThrow('no')
  expect(await gather.add(2)).toBe(1)
})
