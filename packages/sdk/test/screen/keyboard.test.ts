import { describe, expect, it } from 'vitest'
import { keyOf, vkOf } from '../../src/screen/keyboard.ts'

describe('09 §7: virtual key codes and DOM keys', () => {
  it.each([
    ['KeyA', 65, false, 'a', 'A'],
    ['Digit1', 49, false, '1', '!'],
    ['Enter', 13, false, 'Enter', 'Enter'],
    ['NumpadEnter', 13, true, 'Enter', 'Enter'],
    ['ControlRight', 17, true, 'Control', 'Control'],
    ['ArrowLeft', 37, true, 'ArrowLeft', 'ArrowLeft'],
    ['Delete', 46, true, 'Delete', 'Delete'],
    ['Numpad4', 100, false, '4', '4'],
    ['NumpadDecimal', 110, false, '.', '.'],
    ['F12', 123, false, 'F12', 'F12'],
    ['Quote', 222, false, "'", '"'],
    ['MetaRight', 92, false, 'Meta', 'Meta'],
  ] as const)('%s', (code, vk, extended, key, shifted) => {
    expect(vkOf(code)).toEqual({ vk, extended })
    expect(keyOf(vk, extended)).toEqual({ code, key, shifted })
  })

  it('the cursor keys of the keypad are the plain variant', () => {
    expect(keyOf(37, false)?.code).toBe('Numpad4')
    expect(keyOf(46, false)?.code).toBe('NumpadDecimal')
  })

  it('what is no key is none', () => {
    expect(keyOf(7, false)).toBeNull()
    expect(vkOf('BrowserBack')).toBeNull()
  })
})
