import { computed, onMounted, onUnmounted, type Ref, ref } from 'vue'
import { flipped, MOST_ZOOM, moved, pinchedTo, type View, WHOLE, zoomed } from './zoom.ts'

const STEP = 1.4
/** CSS pixels of an arrow key. */
const PAN_STEP = 60
const TAP_MS = 300
const TAP_PX = 20

interface Finger {
  readonly x: number
  readonly y: number
}

/**
 * Looking closer at what a frame shows: fingers, the wheel with Ctrl, keys, and `by` for buttons.
 * `free`: fingers and keys do not belong to a pen or to remote control now.
 */
export const useZoom = (frame: Ref<HTMLElement | null>, free: () => boolean) => {
  const view = ref<View>(WHOLE)
  const fingers = new Map<number, Finger>()
  let tapped = { at: Number.NEGATIVE_INFINITY, x: 0, y: 0 }

  const area = () => ({
    width: frame.value?.clientWidth ?? 0,
    height: frame.value?.clientHeight ?? 0,
  })
  const spot = ({ clientX, clientY }: MouseEvent): Finger => {
    const { left = 0, top = 0 } = frame.value?.getBoundingClientRect() ?? {}
    return { x: clientX - left, y: clientY - top }
  }
  const middle = () => ({ x: area().width / 2, y: area().height / 2 })
  const by = (factor: number) => {
    view.value = zoomed(view.value, factor, middle(), area())
  }
  const whole = () => {
    view.value = WHOLE
  }
  const pan = (x: number, y: number) => {
    view.value = moved(view.value, { x, y }, area())
  }

  const down = (event: PointerEvent) => {
    if (!free() || event.button !== 0) return
    fingers.set(event.pointerId, spot(event))
    if (event.pointerType === 'mouse') frame.value?.setPointerCapture(event.pointerId)
  }
  const move = (event: PointerEvent) => {
    const before = fingers.get(event.pointerId)
    if (!before || !free()) return
    const now = spot(event)
    const [one, two] = [...fingers.entries()]
    fingers.set(event.pointerId, now)
    if (!two) pan(now.x - before.x, now.y - before.y)
    else if (one) {
      const still = one[0] === event.pointerId ? two[1] : one[1]
      view.value = pinchedTo(view.value, [before, still], [now, still], area())
    }
  }
  const up = (event: PointerEvent) => {
    if (!fingers.delete(event.pointerId) || event.type !== 'pointerup') return
    if (event.pointerType === 'mouse') return
    const at = spot(event)
    const isSecond =
      event.timeStamp - tapped.at < TAP_MS && Math.hypot(at.x - tapped.x, at.y - tapped.y) < TAP_PX
    if (isSecond) view.value = flipped(view.value, at, area())
    tapped = { ...at, at: isSecond ? Number.NEGATIVE_INFINITY : event.timeStamp }
  }
  const wheel = (event: WheelEvent) => {
    if (!free()) return
    if (event.ctrlKey)
      view.value = zoomed(view.value, 2 ** (-event.deltaY / 200), spot(event), area())
    else if (view.value.scale > 1) pan(-event.deltaX, -event.deltaY)
    else return
    event.preventDefault()
  }
  const KEYS: Readonly<Record<string, () => void>> = {
    '+': () => by(STEP),
    '=': () => by(STEP),
    '-': () => by(1 / STEP),
    '0': whole,
    ArrowLeft: () => pan(PAN_STEP, 0),
    ArrowRight: () => pan(-PAN_STEP, 0),
    ArrowUp: () => pan(0, PAN_STEP),
    ArrowDown: () => pan(0, -PAN_STEP),
  }
  const key = (event: KeyboardEvent) => {
    const run = free() && !event.ctrlKey && !event.metaKey && !event.altKey && KEYS[event.key]
    if (!run) return
    event.preventDefault()
    run()
  }
  /** Another size of the frame shows another part. */
  const size = new ResizeObserver(() => pan(0, 0))

  onMounted(() => {
    const element = frame.value
    if (!element) return
    element.addEventListener('pointerdown', down)
    element.addEventListener('pointermove', move)
    element.addEventListener('pointerup', up)
    element.addEventListener('pointercancel', up)
    element.addEventListener('wheel', wheel, { passive: false })
    element.addEventListener('keydown', key)
    size.observe(element)
  })
  onUnmounted(() => size.disconnect())

  return {
    scale: computed(() => view.value.scale),
    style: computed(() => {
      const { scale, x, y } = view.value
      return scale === 1 ? {} : { transform: `translate(${x}px, ${y}px) scale(${scale})` }
    }),
    canGrow: computed(() => view.value.scale < MOST_ZOOM),
    larger: () => by(STEP),
    smaller: () => by(1 / STEP),
    whole,
  }
}
