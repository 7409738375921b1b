import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { readAlaw } from '@yuntang/telephony'

/** What callers are told; the words are in `prompts/texts.json`. */
export const PROMPTS = [
  'welcome',
  'enterNumber',
  'enterPassword',
  'wrongNumber',
  'wrongPassword',
  'entered',
  'listening',
  'muted',
  'unmuted',
  'full',
  'throttled',
  'failed',
  'ended',
  'goodbye',
] as const
export type Prompt = (typeof PROMPTS)[number]

/** Of prompts: Chinese, English, or one after the other. */
export type PromptLanguage = 'zh' | 'en' | 'both'

/** Speech by prompt: 48 kHz mono. */
export type Prompts = Readonly<Record<Prompt, Int16Array>>

const joined = (parts: readonly Int16Array[]): Int16Array => {
  const all = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** Reads the shipped speech (A-law, 8 kHz) of a directory with `zh/` and `en/`. */
export const loadPrompts = async (dir: string, language: PromptLanguage): Promise<Prompts> => {
  const languages = language === 'both' ? ['zh', 'en'] : [language]
  const load = async (prompt: Prompt) => {
    const files = languages.map((name) => readFile(path.join(dir, name, `${prompt}.al`)))
    return [prompt, joined((await Promise.all(files)).map(readAlaw))] as const
  }
  return Object.fromEntries(await Promise.all(PROMPTS.map(load))) as Record<Prompt, Int16Array>
}
