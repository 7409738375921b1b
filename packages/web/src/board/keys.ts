import { onScopeDispose } from 'vue'

export interface BoardKeys {
  /** By the key's value in lower case; `ctrl+`, `shift+` before it. False: the key is not ours. */
  pressed(name: string): boolean
  space(isDown: boolean): void
}

const TYPING = 'input:not([type="checkbox"]), textarea, select, [contenteditable]'
const PRESSABLE = 'button, a, [role="tab"]'

/** The name of a key with what is held down. */
export const keyName = (event: {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  shiftKey: boolean
}): string => {
  const key = event.key.toLowerCase()
  const ctrl = event.ctrlKey || event.metaKey ? 'ctrl+' : ''
  // A shifted sign is another sign already.
  const shift = event.shiftKey && (key.length > 1 || ctrl) ? 'shift+' : ''
  return `${ctrl}${shift}${key}`
}

/** The keys of the board, before those of the meeting, until the calling scope ends. */
export const useBoardKeys = (keys: BoardKeys): void => {
  const isOurs = ({ target, altKey }: KeyboardEvent) =>
    !altKey &&
    !document.querySelector('dialog[open]') &&
    !(target instanceof Element && target.closest(TYPING))
  const down = (event: KeyboardEvent) => {
    if (event.defaultPrevented || !isOurs(event)) return
    const within = (part: string) =>
      event.target instanceof Element ? event.target.closest(part) : null
    if ((event.key === ' ' || event.key === 'Enter') && within(PRESSABLE)) return
    // An open panel, or the button that opened it: it closes.
    if (event.key === 'Escape' && within('.anchor')?.querySelector('.pop')) return
    if (event.key === ' ') {
      keys.space(true)
      event.preventDefault()
    } else if (keys.pressed(keyName(event))) event.preventDefault()
  }
  const up = (event: KeyboardEvent) => {
    if (event.key === ' ') keys.space(false)
  }
  const away = () => keys.space(false)
  document.addEventListener('keydown', down, true)
  document.addEventListener('keyup', up, true)
  window.addEventListener('blur', away)
  onScopeDispose(() => {
    document.removeEventListener('keydown', down, true)
    document.removeEventListener('keyup', up, true)
    window.removeEventListener('blur', away)
  })
}
