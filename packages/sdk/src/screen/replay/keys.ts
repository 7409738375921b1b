import { keyOf } from '../keyboard.ts'
import { edit, isEditable } from './edit.ts'
import type { Modifiers } from './mouse.ts'
import { focused } from './target.ts'

const SHIFT = 16
const CONTROL = 17
const ALT = 18
const META = [91, 92]
const CAPS = 20
const FOCUS_ORDER = 'a[href],button,input,select,textarea,[tabindex],[contenteditable=true]'

/** Turns key messages into DOM events in this page, and into what keys do there (spec 09 §7.1). */
export class KeyReplay {
  /** Keys that are down, by `vk` and extended flag. */
  readonly #down = new Map<string, { vk: number; extended: boolean }>()
  #caps = false

  constructor(private readonly page: () => Document) {}

  get modifiers(): Modifiers {
    const has = (vk: number) => this.#down.has(`${vk}false`) || this.#down.has(`${vk}true`)
    return {
      shiftKey: has(SHIFT),
      ctrlKey: has(CONTROL),
      altKey: has(ALT),
      metaKey: META.some(has),
    }
  }

  press(vk: number, extended: boolean): void {
    const id = `${vk}${extended}`
    const repeat = this.#down.has(id)
    this.#down.set(id, { vk, extended })
    if (vk === CAPS && !repeat) this.#caps = !this.#caps
    const target = this.#target()
    if (this.#fire('keydown', vk, extended, repeat, target)) this.#act(vk, extended, target)
  }

  release(vk: number, extended: boolean): void {
    this.#down.delete(`${vk}${extended}`)
    this.#fire('keyup', vk, extended, false, this.#target())
  }

  /** The right is gone: nothing stays down. */
  releaseAll(): void {
    for (const { vk, extended } of [...this.#down.values()]) this.release(vk, extended)
    this.#caps = false
  }

  /** `key` of a DOM event under the present modifiers. */
  keyName(vk: number, extended: boolean): string {
    const name = keyOf(vk, extended)
    if (!name) return ''
    const isLetter = vk >= 65 && vk <= 90
    const { shiftKey } = this.modifiers
    return shiftKey !== (isLetter && this.#caps) ? name.shifted : name.key
  }

  #target(): Element {
    return focused(this.page()) ?? this.page().body
  }

  #fire(type: string, vk: number, extended: boolean, repeat: boolean, on: Element): boolean {
    const own = on.ownerDocument.defaultView ?? window
    const event = new own.KeyboardEvent(type, {
      bubbles: true,
      cancelable: true,
      composed: true,
      view: own,
      key: this.keyName(vk, extended),
      code: keyOf(vk, extended)?.code ?? '',
      keyCode: vk,
      which: vk,
      repeat,
      ...this.modifiers,
    } as KeyboardEventInit)
    return on.dispatchEvent(event)
  }

  #act(vk: number, extended: boolean, target: Element): void {
    const key = this.keyName(vk, extended)
    const modifiers = this.modifiers
    if (isEditable(target) && edit(target, key, modifiers)) return
    if (modifiers.ctrlKey || modifiers.altKey || modifiers.metaKey) return
    if (key === 'Tab') this.#moveFocus(target, modifiers.shiftKey ? -1 : 1)
    else if (key === 'Enter' && target.matches('button,a[href],input,summary'))
      (target as HTMLElement).click()
    else if (key === ' ' && target.matches('button,a[href],input,summary'))
      (target as HTMLElement).click()
  }

  #moveFocus(from: Element, step: number): void {
    const all = [...from.ownerDocument.querySelectorAll<HTMLElement>(FOCUS_ORDER)].filter(
      (e) =>
        e.tabIndex >= 0 &&
        !e.matches(':disabled') &&
        e.getClientRects().length > 0 &&
        !e.closest('[data-crv-no-remote]'),
    )
    const at = all.indexOf(from as HTMLElement)
    const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length
    all[next]?.focus()
  }
}
