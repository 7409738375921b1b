import { computed, ref, watchEffect } from 'vue'
import { readSetting, writeSetting } from './settings.ts'

export const THEMES = ['system', 'light', 'dark'] as const
export type ThemeChoice = (typeof THEMES)[number]

const system = matchMedia('(prefers-color-scheme: dark)')
const systemIsDark = ref(system.matches)
system.addEventListener('change', () => {
  systemIsDark.value = system.matches
})

const stored = readSetting('theme')
export const themeChoice = ref<ThemeChoice>(THEMES.find((name) => name === stored) ?? 'system')

/** What is on the screen. */
export const theme = computed<'light' | 'dark'>(() => {
  if (themeChoice.value !== 'system') return themeChoice.value
  return systemIsDark.value ? 'dark' : 'light'
})

export const nextTheme = (): void => {
  const at = THEMES.indexOf(themeChoice.value)
  themeChoice.value = THEMES[(at + 1) % THEMES.length] ?? 'system'
  writeSetting('theme', themeChoice.value)
}

watchEffect(() => {
  document.documentElement.dataset.theme = theme.value
})
