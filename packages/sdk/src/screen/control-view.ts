import type { Screen } from './api.ts'
import { vkOf } from './keyboard.ts'
import { createSharePlace } from './share-place.ts'

/** MOUSE_KEY_TYPE by DOM `button`, and what it is in DOM `buttons`. */
const BUTTONS = [1, 2, 3, 5, 5]
const BITS = [1, 4, 2, 8, 16]
const WHEEL = 4
const [MOVE, DOWN, UP, DOUBLE] = [0, 1, 2, 3]

/** CSS pixels of a turn that count as one notch; a touchpad turns by a few at a time. */
const NOTCH_PX = 100
/** CSS pixels of a line and of a page, for browsers that count in them. */
const DELTA_PX = [1, 40, 800]

/** Between the two presses of a double click: ms, CSS pixels. */
const DOUBLE_MS = 500
const DOUBLE_PX = 5

interface Press {
  readonly at: number
  readonly button: number
  readonly x: number
  readonly y: number
}

const isSecond = (one: Press | null, two: Press): boolean =>
  one?.button === two.button &&
  two.at - one.at < DOUBLE_MS &&
  Math.hypot(two.x - one.x, two.y - one.y) < DOUBLE_PX

export interface ControlView {
  /** The view stops sending; keys and buttons that are down are released. Idempotent. */
  close(): void
}

/**
 * Sends what happens on a view of the share to the sharer, while I hold the right (spec 13 §4 ctrlOpen).
 * Without it events behave normally. `picture` fills what `element` has room for.
 */
export function controlView(
  element: HTMLElement,
  picture: HTMLElement,
  screen: Screen,
  me: string,
  keepsRatio: () => boolean,
): ControlView {
  const abort = new AbortController()
  const held = new Map<string, { vk: number; extended: boolean }>()
  const buttons = new Set<number>()
  let last = { x: 0, y: 0 }
  let pressed: Press | null = null
  let turned = 0

  const mine = () => screen.holder === me
  const at = (event: MouseEvent) => {
    const { area } = screen
    if (!mine() || !area) return null
    const box = picture.getBoundingClientRect()
    return createSharePlace(box, area, keepsRatio()).toShare(event)
  }
  const on = <K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (event: HTMLElementEventMap[K]) => void,
  ) => element.addEventListener(type, listener, { signal: abort.signal, passive: false })

  const mouse = (event: PointerEvent | MouseEvent, msgType: number, button: number) => {
    const point = at(event)
    // A drag that began in the picture goes on over the bars.
    if (!point || (!point.inside && buttons.size === 0)) return false
    last = point
    event.preventDefault()
    return screen.sendMouse(msgType, button, point.x, point.y)
  }
  const releaseButtons = () => {
    for (const button of buttons) screen.sendMouse(UP, button, last.x, last.y)
    buttons.clear()
  }
  const releaseAll = () => {
    for (const { vk, extended } of held.values()) screen.sendKey(1, vk, extended)
    held.clear()
    releaseButtons()
  }

  const hadTabIndex = element.hasAttribute('tabindex')
  const { touchAction } = picture.style
  if (!hadTabIndex) element.tabIndex = 0
  // A finger that drags is a mouse that drags, as long as it is mine.
  const follow = () => {
    picture.style.touchAction = mine() ? 'none' : touchAction
    if (mine()) return
    held.clear()
    buttons.clear()
  }
  follow()
  const unfollow = screen.on('changed', follow)
  const press = (event: PointerEvent) => {
    const button = BUTTONS[event.button] ?? 0
    const before = pressed
    pressed = { at: event.timeStamp, button, x: event.clientX, y: event.clientY }
    const isDouble = button === 1 && isSecond(before, pressed)
    if (!mouse(event, isDouble ? DOUBLE : DOWN, button)) return
    // A third press begins anew.
    if (isDouble) pressed = null
    buttons.add(button)
    element.setPointerCapture(event.pointerId)
    element.focus()
  }
  const lift = (event: PointerEvent) => {
    const button = BUTTONS[event.button] ?? 0
    if (!buttons.has(button)) return
    mouse(event, UP, button)
    buttons.delete(button)
  }
  on('pointermove', (event) => {
    mouse(event, MOVE, 0)
    // A further button beside one that is down comes as a move.
    const bit = BITS[event.button]
    if (bit !== undefined) (event.buttons & bit ? press : lift)(event)
  })
  on('pointerdown', press)
  on('pointerup', lift)
  on('pointercancel', releaseButtons)
  on('contextmenu', (event) => {
    if (mine()) event.preventDefault()
  })
  on('wheel', (event) => {
    if (!at(event)?.inside) return
    event.preventDefault()
    const by = event.deltaY * (DELTA_PX[event.deltaMode] ?? 1)
    turned = Math.sign(by) === Math.sign(turned) ? turned + by : by
    if (Math.abs(turned) < NOTCH_PX) return
    mouse(event, turned < 0 ? DOWN : UP, WHEEL)
    turned = 0
  })
  const key = (event: KeyboardEvent, isDown: boolean) => {
    const known = mine() ? vkOf(event.code) : null
    if (!known || event.isComposing) return
    event.preventDefault()
    event.stopPropagation()
    if (isDown) held.set(event.code, known)
    else held.delete(event.code)
    screen.sendKey(isDown ? 0 : 1, known.vk, known.extended)
  }
  on('keydown', (event) => key(event, true))
  on('keyup', (event) => key(event, false))
  on('blur', releaseAll)

  return {
    close() {
      if (abort.signal.aborted) return
      abort.abort()
      unfollow()
      releaseAll()
      picture.style.touchAction = touchAction
      if (!hadTabIndex) element.removeAttribute('tabindex')
    },
  }
}
