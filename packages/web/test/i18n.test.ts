import { describe, expect, it } from 'vitest'
import { en } from '../src/i18n/en.ts'
import { errorsEn } from '../src/i18n/errors-en.ts'
import { errorsZh } from '../src/i18n/errors-zh.ts'
import { zh } from '../src/i18n/zh.ts'

type Tree = { [key: string]: string | Tree }

const flatten = (tree: Tree, prefix = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[prefix + key, value] as [string, string]]
      : flatten(value, `${prefix}${key}.`),
  )

const slots = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort()

describe.each([
  ['pages', flatten(en), flatten(zh)],
  ['errors', flatten(errorsEn), flatten(errorsZh)],
])('words of %s', (_, english, chinese) => {
  it('both languages have the same keys', () => {
    expect(chinese.map(([key]) => key).sort()).toEqual(english.map(([key]) => key).sort())
  })

  it('no text is empty, and the filled-in slots agree', () => {
    const other = new Map(chinese)
    for (const [key, text] of english) {
      expect(text.trim(), key).not.toBe('')
      expect(other.get(key)?.trim(), key).toBeTruthy()
      expect(slots(other.get(key) ?? ''), key).toEqual(slots(text))
    }
  })
})
