/** Keys by Windows virtual key code, US layout (spec 09 §7). */
export interface KeyName {
  readonly code: string
  /** `key` without and with Shift. */
  readonly key: string
  readonly shifted: string
}

const KEYS = new Map<string, KeyName>()
const VKS = new Map<string, { vk: number; extended: boolean }>()

const put = (vk: number, extended: boolean, code: string, key: string, shifted = key) => {
  KEYS.set(`${vk}${extended}`, { code, key, shifted })
  // The plain variant names the code first; a right-hand key is only extended.
  if (!VKS.has(code)) VKS.set(code, { vk, extended })
}
/** A key that is the same with and without the extended flag. */
const plain = (vk: number, code: string, key: string, shifted = key) => {
  put(vk, false, code, key, shifted)
  put(vk, true, code, key, shifted)
}

plain(8, 'Backspace', 'Backspace')
plain(9, 'Tab', 'Tab')
put(13, false, 'Enter', 'Enter')
put(13, true, 'NumpadEnter', 'Enter')
for (const [vk, name, key] of [
  [16, 'Shift', 'Shift'],
  [17, 'Control', 'Control'],
  [18, 'Alt', 'Alt'],
] as const) {
  put(vk, false, `${name}Left`, key)
  put(vk, true, `${name}Right`, key)
}
plain(19, 'Pause', 'Pause')
plain(20, 'CapsLock', 'CapsLock')
plain(27, 'Escape', 'Escape')
plain(32, 'Space', ' ')
const CURSOR = 'PageUp PageDown End Home ArrowLeft ArrowUp ArrowRight ArrowDown'.split(' ')
const KEYPAD = [9, 3, 1, 7, 4, 8, 6, 2]
for (const [i, name] of CURSOR.entries()) put(33 + i, true, name, name)
for (const [i, name] of CURSOR.entries()) put(33 + i, false, `Numpad${KEYPAD[i]}`, name)
plain(44, 'PrintScreen', 'PrintScreen')
put(45, true, 'Insert', 'Insert')
put(45, false, 'Numpad0', 'Insert')
put(46, true, 'Delete', 'Delete')
put(46, false, 'NumpadDecimal', 'Delete')
for (const [i, shifted] of [...')!@#$%^&*('].entries())
  plain(48 + i, `Digit${i}`, String(i), shifted)
for (let i = 0; i < 26; i++) {
  const letter = String.fromCharCode(65 + i)
  plain(65 + i, `Key${letter}`, letter.toLowerCase(), letter)
}
plain(91, 'MetaLeft', 'Meta')
plain(92, 'MetaRight', 'Meta')
plain(93, 'ContextMenu', 'ContextMenu')
for (const code of ['Numpad0', 'NumpadDecimal', ...KEYPAD.map((n) => `Numpad${n}`)])
  VKS.delete(code)
for (let i = 0; i < 10; i++) plain(96 + i, `Numpad${i}`, String(i))
for (const [vk, name, key] of [
  [106, 'Multiply', '*'],
  [107, 'Add', '+'],
  [109, 'Subtract', '-'],
  [110, 'Decimal', '.'],
  [111, 'Divide', '/'],
] as const)
  plain(vk, `Numpad${name}`, key)
for (let i = 1; i <= 12; i++) plain(111 + i, `F${i}`, `F${i}`)
plain(144, 'NumLock', 'NumLock')
plain(145, 'ScrollLock', 'ScrollLock')
for (const [vk, code, key, shifted] of [
  [186, 'Semicolon', ';', ':'],
  [187, 'Equal', '=', '+'],
  [188, 'Comma', ',', '<'],
  [189, 'Minus', '-', '_'],
  [190, 'Period', '.', '>'],
  [191, 'Slash', '/', '?'],
  [192, 'Backquote', '`', '~'],
  [219, 'BracketLeft', '[', '{'],
  [220, 'Backslash', '\\', '|'],
  [221, 'BracketRight', ']', '}'],
  [222, 'Quote', "'", '"'],
] as const)
  plain(vk, code, key, shifted)

/** Null for a code that has no key. */
export const keyOf = (vk: number, extended: boolean): KeyName | null =>
  KEYS.get(`${vk}${extended}`) ?? null

/** The virtual key of a DOM `code`; null for a key that is not transmitted. */
export const vkOf = (code: string): { vk: number; extended: boolean } | null =>
  VKS.get(code) ?? null
