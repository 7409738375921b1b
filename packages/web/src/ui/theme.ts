import { ref, watchEffect } from 'vue'
import { readSetting, writeSetting } from './settings.ts'

export type Theme = 'light' | 'dark'

const system = matchMedia('(prefers-color-scheme: dark)')
const stored = readSetting('theme')
let chosen = stored === 'light' || stored === 'dark'

/** Follows the system until the person chooses. */
export const theme = ref<Theme>(
  stored === 'light' || stored === 'dark' ? stored : system.matches ? 'dark' : 'light',
)

system.addEventListener('change', () => {
  if (!chosen) theme.value = system.matches ? 'dark' : 'light'
})

export const toggleTheme = (): void => {
  chosen = true
  theme.value = theme.value === 'dark' ? 'light' : 'dark'
  writeSetting('theme', theme.value)
}

watchEffect(() => {
  document.documentElement.dataset.theme = theme.value
})
