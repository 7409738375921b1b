import { onScopeDispose } from 'vue'
import { isComposing } from '../ui/composing.ts'

/** What each key does, by the key's value in lower case. */
export type Shortcuts = Readonly<Record<string, () => void>>

const TYPING = 'input:not([type="checkbox"]), textarea, select, [contenteditable]'

/** Single keys, while nobody types and no dialog is open, until the calling scope ends. */
export const useShortcuts = (shortcuts: Shortcuts): void => {
  const pressed = (event: KeyboardEvent) => {
    if (isComposing(event)) return
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented)
      return
    const key = event.key.toLowerCase()
    const isTyping = event.target instanceof Element && event.target.closest(TYPING)
    if ((isTyping && key !== 'escape') || document.querySelector('dialog[open]')) return
    const action = shortcuts[key]
    if (!action) return
    event.preventDefault()
    action()
  }
  document.addEventListener('keydown', pressed)
  onScopeDispose(() => document.removeEventListener('keydown', pressed))
}
