import type { Locale } from '../i18n/index.ts'
import { hasTexts, onDevice, parseStored } from '../ui/settings.ts'
import first from './default-script.json'
import { MOST_TEXT } from './messages.ts'

/** One thing that is said and shown to both. */
export interface ScriptStep {
  readonly id: string
  readonly text: string
  /** What speaks it: an address of this site, a path of the file store, or `""` for nobody. */
  readonly sound: string
}

export const MOST_STEPS = 50

const builtIn = (locale: Locale): ScriptStep[] =>
  first[locale].map(({ id, text }) => ({ id, text, sound: `/prompts/${locale}-${id}.mp3` }))

const isStep = (value: unknown): value is ScriptStep => hasTexts(value, 'id', 'text', 'sound')
const isScript = (value: unknown): value is ScriptStep[] =>
  Array.isArray(value) && value.length <= MOST_STEPS && value.every(isStep)

const keyOf = (locale: Locale) => `script.${locale}`

/** This browser's script in a language; the built-in one at first. */
export const readScript = (locale: Locale): readonly ScriptStep[] =>
  parseStored(onDevice.read(keyOf(locale)), isScript) ?? builtIn(locale)

export const keepScript = (locale: Locale, steps: readonly ScriptStep[]): void =>
  onDevice.write(keyOf(locale), JSON.stringify(steps))

/** Back to the built-in script. */
export const resetScript = (locale: Locale): readonly ScriptStep[] => {
  onDevice.remove(keyOf(locale))
  return builtIn(locale)
}

/** Other words are not what the built-in voice says: it falls silent. */
export const withText = (step: ScriptStep, text: string): ScriptStep => {
  const words = text.slice(0, MOST_TEXT)
  const spoken = Object.values(first)
    .flat()
    .some(({ id, text: own }) => id === step.id && own === words)
  const isBuiltIn = step.sound.startsWith('/prompts/')
  return { ...step, text: words, sound: isBuiltIn && !spoken ? '' : step.sound }
}
