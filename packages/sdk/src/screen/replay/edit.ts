import type { Modifiers } from './mouse.ts'

const NOT_TEXT = /^(button|checkbox|color|file|hidden|image|radio|range|reset|submit)$/

/** A text field, text area or editable element. */
export const isEditable = (element: Element): element is HTMLElement =>
  element.localName === 'textarea' ||
  (element.localName === 'input' && !NOT_TEXT.test((element as HTMLInputElement).type)) ||
  (element as HTMLElement).isContentEditable === true

const SUBMIT = 'button:not([type]),[type=submit],[type=image]'

const MOVES: Readonly<Record<string, readonly [string, string]>> = {
  ArrowLeft: ['backward', 'character'],
  ArrowRight: ['forward', 'character'],
  ArrowUp: ['backward', 'line'],
  ArrowDown: ['forward', 'line'],
  Home: ['backward', 'lineboundary'],
  End: ['forward', 'lineboundary'],
}

/** What a key does in a text; false when it does nothing there (spec 09 §7.1). */
export function edit(element: HTMLElement, key: string, modifiers: Modifiers): boolean {
  const page = element.ownerDocument
  // The only way to edit that fires `input`, keeps the undo history and works for every kind of text.
  const command = (name: string, value = '') => page.execCommand(name, false, value)
  const { ctrlKey, altKey, metaKey, shiftKey } = modifiers
  if (ctrlKey && !altKey && key.toLowerCase() === 'a') return command('selectAll')
  if (ctrlKey || altKey || metaKey) return false
  const move = MOVES[key]
  if (move) {
    page.getSelection()?.modify(shiftKey ? 'extend' : 'move', ...move)
    return true
  }
  switch (key) {
    case 'Backspace':
      return command('delete')
    case 'Delete':
      return command('forwardDelete')
    case 'Enter':
      return enter(element, command)
    default:
      return [...key].length === 1 && command('insertText', key)
  }
}

const enter = (element: HTMLElement, command: (name: string) => boolean): boolean => {
  if (element.localName === 'textarea') return command('insertLineBreak')
  if (element.isContentEditable) return command('insertParagraph')
  const { form } = element as HTMLInputElement
  if (!form) return false
  // The form's first button is meant, as its own listeners expect.
  const submit = [...form.elements].find((control) => control.matches(SUBMIT))
  if (submit) (submit as HTMLElement).click()
  else form.requestSubmit()
  return true
}
