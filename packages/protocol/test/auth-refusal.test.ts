import { expect, it } from 'vitest'
import { parseRefusal, refusalMessage } from '../src/index.ts'

it('02 §3: code and text of a refused user check survive the way to the page', () => {
  const refusal = { code: -42, desc: '"今天不行"' }
  expect(parseRefusal(refusalMessage(refusal))).toEqual(refusal)
  expect(parseRefusal(refusalMessage({ code: 1, desc: 'x'.repeat(5000) }))?.desc).toHaveLength(1000)
  for (const other of ['The user check refused this user', 'null', '{}', '7', ''])
    expect(parseRefusal(other)).toBeNull()
})
