import { expect, test } from 'vitest'
import { BoundedSender } from '../src/process/bounded-sender.ts'

test('sound for a process that does not read is dropped, and goes on when it reads again', () => {
  const waiting: (() => void)[] = []
  const posted: number[] = []
  const sender = new BoundedSender((message, sent) => {
    posted.push((message as { n: number }).n)
    waiting.push(() => sent(null))
  })
  for (let n = 0; n < 1_000; n++) sender.send({ n })
  expect(posted).toEqual(Array.from({ length: 200 }, (_, n) => n))
  for (const sent of waiting.splice(0)) sent()
  sender.send({ n: 1_000 })
  expect(posted.at(-1)).toBe(1_000)
})
