import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { loadPrompts, PROMPTS } from '../../src/domains/phones/prompts.ts'

const DIR = fileURLToPath(new URL('../../prompts', import.meta.url))
const SECOND = 48_000

it('every prompt has words and speech in both languages, said one after the other', async () => {
  const texts = JSON.parse(readFileSync(`${DIR}/texts.json`, 'utf8')) as Record<string, object>
  expect(Object.keys(texts).sort()).toEqual([...PROMPTS].sort())
  const [zh, en, both] = await Promise.all([
    loadPrompts(DIR, 'zh'),
    loadPrompts(DIR, 'en'),
    loadPrompts(DIR, 'both'),
  ])
  for (const prompt of PROMPTS) {
    expect(Object.keys(texts[prompt] as object)).toEqual(['zh', 'en'])
    for (const speech of [zh[prompt], en[prompt]]) {
      expect(speech.length, prompt).toBeGreaterThan(SECOND / 2)
      expect(speech.length, prompt).toBeLessThan(SECOND * 6)
      expect(Math.max(...speech.subarray(0, SECOND)), prompt).toBeGreaterThan(4_000)
    }
    expect(both[prompt].length).toBe(zh[prompt].length + en[prompt].length)
  }
})
