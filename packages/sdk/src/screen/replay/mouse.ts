import { around, isKept, type Spot, spotAt } from './target.ts'

/** Keys that are down while the mouse acts. */
export interface Modifiers {
  readonly shiftKey: boolean
  readonly ctrlKey: boolean
  readonly altKey: boolean
  readonly metaKey: boolean
}

/** DOM `button` and `buttons` by MOUSE_KEY_TYPE. */
const BUTTONS = [
  [0, 0],
  [0, 1],
  [1, 4],
  [2, 2],
  [0, 0],
  [3, 8],
] as const
const WHEEL = 4
const NOTCH = 120

const FOCUSABLE =
  'a[href],button,input,select,textarea,[tabindex],[contenteditable=""],[contenteditable=true]'

/** Turns mouse messages into DOM events in this page (spec 09 §7.1). */
export class MouseReplay {
  #over: Element | null = null
  /** Where each button that is down was pressed. */
  readonly #pressed = new Map<number, Element>()
  #buttons = 0
  /** Buttons whose release was part of a double click already. */
  readonly #skipUp = new Set<number>()

  constructor(
    private readonly page: () => Document,
    private readonly modifiers: () => Modifiers,
  ) {}

  /** `msgType` and `keyType` as of the classic API; the place in CSS pixels of the page. */
  act(msgType: number, keyType: number, left: number, top: number): void {
    const spot = spotAt(this.page(), left, top)
    const isSkipped = msgType === 2 && this.#skipUp.delete(keyType)
    if (!spot) {
      this.#leave(left, top)
      if (msgType === 2) this.#lift(keyType)
      return
    }
    if (keyType === WHEEL) {
      if (msgType === 1 || msgType === 2) this.#wheel(spot, msgType === 1 ? -NOTCH : NOTCH)
    } else if (msgType === 0) this.#move(spot)
    else if (msgType === 1) {
      this.#skipUp.delete(keyType)
      this.#down(spot, keyType, 1)
    } else if (msgType === 2) {
      if (!isSkipped) this.#up(spot, keyType, 1)
    } else if (msgType === 3) {
      this.#down(spot, keyType, 2)
      this.#up(spot, keyType, 2)
      this.#fire(spot, 'dblclick', keyType, 2)
      this.#skipUp.add(keyType)
    }
  }

  /** Buttons that are still down count as released nowhere. */
  release(): void {
    this.#buttons = 0
    this.#pressed.clear()
    this.#skipUp.clear()
  }

  /** The button is up; answers where it was pressed. */
  #lift(keyType: number): Element | null {
    this.#buttons &= ~(BUTTONS[keyType]?.[1] ?? 0)
    const pressed = this.#pressed.get(keyType)
    this.#pressed.delete(keyType)
    return pressed?.isConnected ? pressed : null
  }

  #init({ x, y, element }: Spot, keyType: number, detail: number): PointerEventInit {
    return {
      bubbles: true,
      cancelable: true,
      composed: true,
      view: element.ownerDocument.defaultView,
      clientX: x,
      clientY: y,
      button: BUTTONS[keyType]?.[0] ?? 0,
      buttons: this.#buttons,
      detail,
      pointerId: 1,
      isPrimary: true,
      pointerType: 'mouse',
      ...this.modifiers(),
    }
  }

  /** False when a listener prevented it. */
  #fire(spot: Spot, type: string, keyType: number, detail = 0, more: object = {}): boolean {
    const own = spot.element.ownerDocument.defaultView ?? window
    const Kind = type.startsWith('pointer') ? own.PointerEvent : own.MouseEvent
    const init = { ...this.#init(spot, keyType, detail), ...more }
    return spot.element.dispatchEvent(new Kind(type, init))
  }

  /** The mouse is over nothing that it may touch. */
  #leave(x: number, y: number): void {
    if (this.#over) this.#out({ element: this.#over, x, y }, null)
    this.#over = null
  }

  #out(spot: Spot, to: Element | null): void {
    if (!spot.element.isConnected) return
    for (const type of ['pointerout', 'mouseout'])
      this.#fire(spot, type, 0, 0, { relatedTarget: to })
    for (const type of ['pointerleave', 'mouseleave']) this.#cross(spot, type, to)
  }

  #move(spot: Spot): void {
    const before = this.#over
    if (before !== spot.element) {
      this.#over = spot.element
      if (before) this.#out({ ...spot, element: before }, spot.element)
      for (const type of ['pointerover', 'mouseover'])
        this.#fire(spot, type, 0, 0, { relatedTarget: before })
      for (const type of ['pointerenter', 'mouseenter']) this.#cross(spot, type, before)
    }
    this.#fire(spot, 'pointermove', 0)
    this.#fire(spot, 'mousemove', 0)
  }

  /** Enter and leave do not bubble: each element between the two is told. */
  #cross(spot: Spot, type: string, other: Element | null): void {
    for (let at: Element | null = spot.element; at && !at.contains(other); at = at.parentElement)
      this.#fire({ ...spot, element: at }, type, 0, 0, { bubbles: false, relatedTarget: other })
  }

  #down(spot: Spot, keyType: number, detail: number): void {
    this.#buttons |= BUTTONS[keyType]?.[1] ?? 0
    this.#pressed.set(keyType, spot.element)
    const wanted = this.#fire(spot, 'pointerdown', keyType, detail)
    if (!this.#fire(spot, 'mousedown', keyType, detail) || !wanted) return
    const near = spot.element.closest<HTMLElement>(FOCUSABLE)
    if (near) near.focus()
    else (spot.element.ownerDocument.activeElement as HTMLElement | null)?.blur?.()
  }

  #up(spot: Spot, keyType: number, detail: number): void {
    let hit = this.#lift(keyType)
    this.#fire(spot, 'pointerup', keyType, detail)
    this.#fire(spot, 'mouseup', keyType, detail)
    while (hit && !hit.contains(spot.element)) hit = hit.parentElement
    if (!hit?.isConnected || isLabelOfKept(hit)) return
    const on = { ...spot, element: hit }
    if (keyType === 1) {
      if ('click' in hit) (hit as HTMLElement).click()
      else this.#fire(on, 'click', keyType, detail)
    } else if (keyType === 3) this.#fire(on, 'contextmenu', keyType, detail)
    else this.#fire(on, 'auxclick', keyType, detail)
  }

  #wheel(spot: Spot, deltaY: number): void {
    const own = spot.element.ownerDocument.defaultView ?? window
    const event = new own.WheelEvent('wheel', { ...this.#init(spot, 0, 0), deltaY })
    if (!spot.element.dispatchEvent(event)) return
    for (let at: Element | null = spot.element; at; at = around(at)) {
      const { overflowY } = (at.ownerDocument.defaultView ?? own).getComputedStyle(at)
      const isRoot = at === at.ownerDocument.scrollingElement
      if (at.scrollHeight <= at.clientHeight) continue
      if (isRoot ? /hidden|clip/.test(overflowY) : !/auto|scroll/.test(overflowY)) continue
      const before = at.scrollTop
      at.scrollTop += deltaY
      if (at.scrollTop !== before) return
    }
  }
}

/** A click on a label clicks what it belongs to. */
const isLabelOfKept = (element: Element): boolean => {
  const control = element.closest('label')?.control
  return control ? isKept(control) : false
}
