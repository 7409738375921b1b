import { LIMITS } from '@yuntang/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createWordCheck, readWords } from '../../src/domains/im/forbidden-words.ts'
import { createInOrder } from '../../src/domains/im/in-order.ts'
import { apply, decide, emptyIm, type ImCommand, type ImState } from '../../src/domains/im/state.ts'

const said = (over: Partial<ImCommand> = {}): ImCommand => ({
  from: 'a',
  to: '',
  text: 'hello',
  at: 10_000,
  present: true,
  forbidden: false,
  ...over,
})

describe('11 §1: what the server answers to a message', () => {
  it.each<[string, Partial<ImCommand>, string]>([
    ['empty text', { text: '' }, 'param.invalid'],
    ['one byte more than 32 KiB', { text: 'x'.repeat(LIMITS.imBytes + 1) }, 'im.too-large'],
    ['32 KiB count as UTF-8', { text: '云'.repeat(LIMITS.imBytes / 3 + 1) }, 'im.too-large'],
    ['a recipient who is not inside', { present: false }, 'im.absent'],
    ['a forbidden word', { forbidden: true }, 'im.forbidden'],
  ])('%s', (_, over, error) => {
    expect(decide(emptyIm(0), said(over))).toEqual({ error })
  })

  it('exactly 32 KiB are taken, under the next number', () => {
    const text = 'x'.repeat(LIMITS.imBytes)
    expect(decide(emptyIm(6), said({ text }))).toEqual({ fact: { seq: 7, from: 'a', at: 10_000 } })
  })

  it('the 21st message within 2 s is refused, of that member only; refused ones do not count', () => {
    let state = emptyIm(0)
    const send = (over: Partial<ImCommand>) => {
      const decision = decide(state, said(over))
      if ('error' in decision) return decision.error
      state = apply(state, decision.fact)
      return decision.fact.seq
    }
    for (let i = 0; i < 20; i++) expect(send({ at: 10_000 + i * 10 })).toBe(i + 1)
    expect(send({ at: 10_500 })).toBe('im.rate')
    expect(send({ at: 10_500, from: 'b' })).toBe(21)
    expect(send({ at: 11_999 })).toBe('im.rate')
    expect(send({ at: 12_000 })).toBe(22)
    expect(send({ at: 12_000 })).toBe('im.rate')
  })

  it('whatever is sent: never more than 20 in any 2 s, numbers without gaps, nobody kept for ever', () => {
    const moves = fc.array(fc.record({ from: fc.constantFrom('a', 'b'), wait: fc.nat(400) }), {
      maxLength: 200,
    })
    fc.assert(
      fc.property(moves, (list) => {
        let state: ImState = emptyIm(0)
        let at = 0
        const taken: { from: string; at: number }[] = []
        for (const { from, wait } of list) {
          at += wait
          const decision = decide(state, said({ from, at }))
          if ('error' in decision) continue
          state = apply(state, decision.fact)
          taken.push({ from, at })
          expect(decision.fact.seq).toBe(taken.length)
          const recent = taken.filter((m) => m.from === from && m.at > at - LIMITS.imWindow)
          expect(recent.length).toBeLessThanOrEqual(LIMITS.imBurst)
        }
        const later = apply(state, { seq: 1, from: 'c', at: at + LIMITS.imWindow })
        expect([...later.recent.keys()]).toEqual(['c'])
      }),
    )
  })
})

describe('11 §1: forbidden words', () => {
  const check = createWordCheck(readWords('\ufeff# a comment\n\n坏词\r\n  Bad Word \n坏\n'))
  it.each([
    ['a 坏词 inside', true],
    ['很坏', true],
    ['BAD WORDS', true],
    ['ｂａｄ　ｗｏｒｄ', true],
    ['bad  word', false],
    ['# a comment', false],
    ['', false],
  ])('%j: %s', (text, found) => expect(check(text)).toBe(found))

  it('without a list nothing is forbidden', () => {
    expect(createWordCheck([])('anything')).toBe(false)
  })
})

it('11 §1: steps run once each, in the order of their numbers, whenever they are ready', () => {
  fc.assert(
    fc.property(fc.nat(30), fc.array(fc.nat(), { minLength: 1, maxLength: 30 }), (done, keys) => {
      const order = keys
        .map((key, i) => ({ key, number: done + 1 + i }))
        .sort((a, b) => a.key - b.key)
      const ran: number[] = []
      const turns = createInOrder(done)
      for (const { number } of order)
        turns.ready(number, number % 3 === 0 ? null : () => ran.push(number))
      const all = keys.map((_, i) => done + 1 + i)
      expect(ran).toEqual(all.filter((number) => number % 3 !== 0))
      expect(turns.done).toBe(done + keys.length)
    }),
  )
})
