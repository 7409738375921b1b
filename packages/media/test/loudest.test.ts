import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Loudest } from '../src/bridge/loudest.ts'
import type { BridgedPacket } from '../src/index.ts'
import { fakeEngine, MIC, page, settled } from './support/page.ts'
import './support/seed.ts'

test('only the loudest four pass, a louder one takes the place of the weakest', () => {
  const loudest = new Loudest<string>()
  const say = (levels: Record<string, number>, now: number) =>
    Object.entries(levels)
      .filter(([who, level]) => loudest.admit(who, level, now))
      .map(([who]) => who)
  expect(say({ a: 20, b: 30, c: 40, d: 50, e: 60 }, 0)).toEqual(['a', 'b', 'c', 'd'])
  expect(say({ e: 46 }, 20)).toEqual([]) // not louder by much: two would take turns
  expect(say({ e: 25 }, 40)).toEqual(['e'])
  expect(say({ a: 20, b: 30, c: 40, d: 50, e: 25 }, 60)).toEqual(['a', 'b', 'c', 'e'])
})

test('a pause between words keeps the place, silence gives it up', () => {
  const loudest = new Loudest<string>()
  expect(loudest.admit('a', 20, 0)).toBe(true)
  expect(loudest.admit('a', 127, 700)).toBe(true)
  expect(loudest.admit('a', 127, 900)).toBe(false)
  expect(loudest.admit('b', 90, 900)).toBe(false)
})

test('property: never more than four sounds pass within a turn, whatever the levels', () => {
  const turn = fc.array(fc.integer({ min: 0, max: 127 }), { minLength: 9, maxLength: 9 })
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 60 }), (turns) => {
      const loudest = new Loudest<number>()
      for (const [n, levels] of turns.entries()) {
        const holders = levels.filter((_level, who) => loudest.admit(who, 127, n * 20))
        expect(holders.length).toBeLessThanOrEqual(4)
        for (const [who, level] of levels.entries()) loudest.admit(who, level, n * 20)
      }
    }),
  )
})

test('a page that floods is bounded: a bridge gets no more than 400 packets a second', async () => {
  const e = fakeEngine()
  const heard: BridgedPacket[] = []
  e.engine.on('bridged', ({ packets }) => heard.push(...packets))
  const a = page(e, 'a')
  await a.publish([MIC])
  await e.engine.openBridge({ room: 'r', peer: 'ear', speaks: false, listens: true })
  for (let ms = 0; ms < 2000; ms += 10) {
    for (let i = 0; i < 50; i++) a.sendAudio({ ext: { 1: Buffer.from([10]) } })
    e.advance(10)
  }
  await settled()
  expect(heard.length).toBeGreaterThan(700)
  expect(heard.length).toBeLessThan(1000)
  await e.engine.close()
})
