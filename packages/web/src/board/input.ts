import type { Point } from './geometry.ts'

/** A pointer on the canvas, pixels from its corner. */
export interface Touch extends Point {
  /** 0…1; null when the device cannot tell. */
  readonly pressure: number | null
  readonly isFinger: boolean
  /** The other end of a pen. */
  readonly isEraser: boolean
  readonly shift: boolean
}

export interface InputPorts {
  /** The middle button, or the space bar held down. */
  pan(touch: Touch): void
  down(touch: Touch): void
  /** All places since the last call, oldest first. */
  move(touches: readonly Touch[]): void
  up(touch: Touch): void
  /** What was begun is not wanted: a second finger came, or the system took the pointer. */
  cancel(): void
  pinch(before: readonly [Point, Point], now: readonly [Point, Point]): void
  wheel(at: Point, dx: number, dy: number, zooms: boolean): void
  /** The mouse is over the page and nothing is pressed; null: it left. */
  hover(touch: Touch | null): void
  isPanning(): boolean
}

const LINE_PIXELS = 16
/** Of Pointer Events. */
const ERASER = { button: 5, buttons: 32 }

/** Follows mouse, pen and fingers on an element until it is closed. */
export const followInput = (box: HTMLElement, ports: InputPorts): (() => void) => {
  const abort = new AbortController()
  const { signal } = abort
  const fingers = new Map<number, Point>()
  /** The pointer that draws. */
  let active: number | null = null
  let isPenDown = false
  let pinching = false

  const touchOf = (event: PointerEvent): Touch => {
    const { left, top } = box.getBoundingClientRect()
    return {
      x: event.clientX - left,
      y: event.clientY - top,
      pressure: event.pointerType === 'pen' ? event.pressure : null,
      isFinger: event.pointerType === 'touch',
      isEraser: event.button === ERASER.button || (event.buttons & ERASER.buttons) !== 0,
      shift: event.shiftKey,
    }
  }
  const pair = (): readonly [Point, Point] | null => {
    const [a, b] = [...fingers.values()]
    return a && b ? [a, b] : null
  }

  const pointerDown = (event: PointerEvent) => {
    if (event.button > 1 && event.button !== ERASER.button) return
    const touch = touchOf(event)
    const isPen = event.pointerType === 'pen'
    // The hand rests on the screen while the pen draws, and often comes down before it.
    if (touch.isFinger && isPenDown) return
    if (isPen) {
      if (active !== null) ports.cancel()
      active = null
      pinching = false
      fingers.clear()
    }
    if (touch.isFinger) fingers.set(event.pointerId, touch)
    if (active !== null) {
      if (!touch.isFinger || fingers.size < 2) return
      ports.cancel()
      active = null
      pinching = true
      return
    }
    if (pinching) return
    const focused = document.activeElement
    if (focused instanceof HTMLElement) focused.blur()
    box.setPointerCapture(event.pointerId)
    active = event.pointerId
    isPenDown = isPen
    if (event.button === 1 || ports.isPanning()) ports.pan(touch)
    else ports.down(touch)
  }
  const pointerMove = (event: PointerEvent) => {
    const touch = touchOf(event)
    const before = pair()
    if (fingers.has(event.pointerId)) fingers.set(event.pointerId, touch)
    const now = pair()
    if (pinching) {
      if (before && now) ports.pinch(before, now)
      return
    }
    if (active === null) {
      if (!touch.isFinger) ports.hover(touch)
      return
    }
    if (event.pointerId !== active) return
    const all = event.getCoalescedEvents?.() ?? []
    ports.move(all.length > 0 ? all.map(touchOf) : [touch])
  }
  const release = (event: PointerEvent, isCancelled: boolean) => {
    fingers.delete(event.pointerId)
    if (fingers.size === 0) pinching = false
    if (event.pointerId !== active) return
    active = null
    isPenDown = false
    if (isCancelled) ports.cancel()
    else ports.up(touchOf(event))
  }

  box.addEventListener('pointerdown', pointerDown, { signal })
  box.addEventListener('pointermove', pointerMove, { signal })
  box.addEventListener('pointerup', (event) => release(event, false), { signal })
  box.addEventListener('pointercancel', (event) => release(event, true), { signal })
  box.addEventListener('pointerleave', () => active === null && ports.hover(null), { signal })
  box.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault()
      const { left, top } = box.getBoundingClientRect()
      const unit = event.deltaMode === 1 ? LINE_PIXELS : 1
      const [dx, dy] = [event.deltaX * unit, event.deltaY * unit]
      const sideways = event.shiftKey && dx === 0
      const at = { x: event.clientX - left, y: event.clientY - top }
      ports.wheel(at, sideways ? dy : dx, sideways ? 0 : dy, event.ctrlKey || event.metaKey)
    },
    { signal, passive: false },
  )
  // Else a text field that a press opens would lose the focus at once; the middle button scrolls.
  box.addEventListener('mousedown', (event) => event.preventDefault(), { signal })
  box.addEventListener('contextmenu', (event) => event.preventDefault(), { signal })
  return () => abort.abort()
}
