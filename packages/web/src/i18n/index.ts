import { YuntangError } from '@yuntang/sdk'
import { createI18n } from 'vue-i18n'
import { readSetting, writeSetting } from '../ui/settings.ts'
import { en } from './en.ts'
import { errorsEn } from './errors-en.ts'
import { errorsZh } from './errors-zh.ts'
import { zh } from './zh.ts'

export type Locale = 'en' | 'zh'

const first = (): Locale => {
  const stored = readSetting('locale')
  if (stored === 'en' || stored === 'zh') return stored
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

export const i18n = createI18n({
  legacy: false,
  locale: first(),
  fallbackLocale: 'en',
  messages: { en, zh },
})

export const toggleLocale = (): void => {
  const next: Locale = i18n.global.locale.value === 'zh' ? 'en' : 'zh'
  i18n.global.locale.value = next
  writeSetting('locale', next)
}

/** Plain words for an error code; `fallback` for a code this app does not know yet. */
export const errorWords = (code: string, fallback = code): string => {
  const words: Readonly<Record<string, string>> =
    i18n.global.locale.value === 'zh' ? errorsZh : errorsEn
  return words[code] ?? fallback
}

/** Plain words for whatever was thrown. */
export const errorText = (error: unknown): string => {
  if (error instanceof YuntangError) return errorWords(error.code, error.message)
  return error instanceof Error ? error.message : String(error)
}
