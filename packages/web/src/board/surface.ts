import type { Board, BoardElement, Meeting } from '@yuntang/sdk'
import { onScopeDispose, type Ref, shallowRef, watch } from 'vue'
import { isInside, type Point, type Rect } from './geometry.ts'
import {
  bandGesture,
  type Desk,
  drawGesture,
  eraseGesture,
  type Gesture,
  moveGesture,
  type Press,
  resizeGesture,
  stampGesture,
} from './gestures.ts'
import { followInput, type Touch } from './input.ts'
import { createLaser } from './laser.ts'
import { createPolygon } from './polygon.ts'
import { handleAt } from './resize.ts'
import { createScene, type Scene } from './scene.ts'
import type { PictureOf } from './shapes.ts'
import type { Spot } from './spots.ts'
import { isDrawTool, type Options, type Tool } from './tools.ts'
import {
  fitView,
  keepInSight,
  pinched,
  rectToScreen,
  toBoard,
  type View,
  zoomAt,
} from './viewport.ts'

/** Text that is being written: a new one at a place, or one that is there. */
export interface Writing {
  readonly at: Point
  readonly element: BoardElement | null
}

export interface SurfaceOptions {
  readonly meeting: Meeting
  readonly board: Board
  readonly page: Ref<number>
  readonly tool: Ref<Tool>
  readonly style: Ref<Options>
  readonly pictureOf: PictureOf
  showSpot(spot: Spot): void
}

/** Pixels around what a pointer must hit. */
const slackOf = ({ isFinger }: Touch) => (isFinger ? 14 : 6)
const MARGIN = 16

/** The page on the screen and what mouse, pen and fingers do to it, until the calling scope ends. */
export const useSurface = (options: SurfaceOptions) => {
  const { meeting, board, page, tool, style } = options
  const boards = meeting.board
  const { boardID } = board
  const view = shallowRef<View>({ scale: 1, x: 0, y: 0 })
  const selected = shallowRef<readonly string[]>([])
  /** Around what is selected, board units. */
  const frame = shallowRef<Rect | null>(null)
  const band = shallowRef<Rect | null>(null)
  const writing = shallowRef<Writing | null>(null)
  const isSpaceDown = shallowRef(false)
  const area = { width: 1, height: 1 }
  let scene: Scene | null = null
  let gesture: Gesture | null = null
  let panFrom: Point | null = null
  /** The whole page is shown until somebody zooms or pans. */
  let isFitted = true
  const cleanups: (() => void)[] = []
  const polygon = createPolygon(() => style.value)
  const laser = createLaser(options)

  const look = (next: View, fitted = false) => {
    isFitted = fitted
    view.value = fitted ? next : keepInSight(next, board, area)
    scene?.look(view.value)
  }
  const fit = () => look(fitView(board, area, Math.min(MARGIN, area.width / 40)), true)
  const showFrame = () => {
    frame.value = scene?.frame(selected.value) ?? null
  }
  const select = (ids: readonly string[]) => {
    selected.value = ids
    showFrame()
  }
  const desk = (): Desk | null =>
    scene && {
      ...{ boards, scene, boardID, page: page.value, me: meeting.me },
      scale: () => view.value.scale,
    }
  const pressOf = (touch: Touch): Press => ({
    ...toBoard(view.value, touch),
    pressure: touch.pressure,
    shift: touch.shift,
  })
  const slackAt = (touch: Touch) => slackOf(touch) / view.value.scale

  const selecting = (at: Desk, touch: Touch, press: Press): Gesture => {
    const handle =
      frame.value && handleAt(rectToScreen(view.value, frame.value), touch, slackOf(touch) + 6)
    if (handle && frame.value)
      return resizeGesture(
        at,
        selected.value,
        { from: press, frame: frame.value, handle },
        showFrame,
      )
    const item = at.scene.entries.hit(press, slackAt(touch))
    const inFrame = frame.value !== null && isInside(press, frame.value)
    if (item && press.shift) {
      const others = selected.value.filter((id) => id !== item.id)
      select(others.length < selected.value.length ? others : [...others, item.id])
    } else if (item && !selected.value.includes(item.id) && !(inFrame && selected.value.length > 1))
      select([item.id])
    else if (!item && !inFrame) {
      select([])
      return bandGesture(at, press, {
        shown: (now) => {
          band.value = now
        },
        choose: select,
      })
    }
    return moveGesture(at, selected.value, press, showFrame)
  }
  const write = (press: Press, slack: number) => {
    const item = scene?.entries.hit(press, slack)
    const element = item?.kind === 'text' ? boards.element(boardID, page.value, item.id) : null
    writing.value = { at: element ? { x: element.left, y: element.top } : press, element }
  }
  const begin = (at: Desk, touch: Touch): Gesture | null => {
    const press = pressOf(touch)
    const slack = slackAt(touch)
    if (touch.isEraser) return eraseGesture(at, press, slack)
    if (isDrawTool(tool.value)) return drawGesture(at, tool.value, style.value, press)
    if (tool.value === 'polygon') return polygon.press(at, press, slack)
    if (tool.value === 'stamp') return stampGesture(at, style.value, press)
    if (tool.value === 'eraser') return eraseGesture(at, press, slack)
    if (tool.value === 'select') return selecting(at, touch, press)
    if (tool.value === 'text') write(press, slack)
    return null
  }
  const pan = (touch: Touch) => {
    if (!panFrom) return
    const { x, y, scale } = view.value
    look({ scale, x: x + touch.x - panFrom.x, y: y + touch.y - panFrom.y })
    panFrom = touch
  }
  const cancel = () => {
    const ended = gesture
    gesture = null
    panFrom = null
    ended?.cancel()
  }

  const attach = (box: HTMLDivElement) => {
    const mine = createScene(box, board, options.pictureOf)
    scene = mine
    const measure = () => {
      Object.assign(area, { width: box.clientWidth || 1, height: box.clientHeight || 1 })
      mine.resize(area)
      if (isFitted) fit()
      else look(view.value)
    }
    const observer = new ResizeObserver(measure)
    observer.observe(box)
    measure()
    open()
    const stopInput = followInput(box, {
      isPanning: () => isSpaceDown.value || tool.value === 'hand',
      pan(touch) {
        panFrom = touch
      },
      down(touch) {
        if (tool.value === 'laser') laser.point(toBoard(view.value, touch))
        const at = desk()
        gesture = at && begin(at, touch)
      },
      move(touches) {
        const last = touches.at(-1)
        if (last && panFrom) pan(last)
        else if (last && tool.value === 'laser') laser.point(toBoard(view.value, last))
        for (const touch of touches) gesture?.move(pressOf(touch))
      },
      up(touch) {
        const ended = gesture
        gesture = null
        panFrom = null
        ended?.end()
        if (tool.value === 'laser' && touch.isFinger) laser.hide()
      },
      cancel,
      pinch: (before, now) => look(pinched(view.value, before, now)),
      wheel(at, dx, dy, zooms) {
        if (zooms) look(zoomAt(view.value, Math.exp(-dy / 240), at))
        else look({ ...view.value, x: view.value.x - dx, y: view.value.y - dy })
      },
      hover(touch) {
        if (tool.value === 'polygon')
          polygon.hover(touch && pressOf(touch), touch ? slackAt(touch) : 0)
        if (tool.value !== 'laser') return
        if (touch) laser.point(toBoard(view.value, touch))
        else laser.hide()
      },
    })
    const doubleClick = (event: MouseEvent) => {
      if (tool.value !== 'select') return
      const { left, top } = box.getBoundingClientRect()
      const at = toBoard(view.value, { x: event.clientX - left, y: event.clientY - top })
      const item = mine.entries.hit(at, 4 / view.value.scale)
      if (item?.kind === 'text') write({ ...at, pressure: null, shift: false }, 4)
    }
    box.addEventListener('dblclick', doubleClick)
    cleanups.push(
      () => observer.disconnect(),
      stopInput,
      () => box.removeEventListener('dblclick', doubleClick),
      () => mine.close(),
    )
  }

  const show = (isOther: boolean) =>
    scene?.reset(boards.elements(boardID, page.value), boards.image(boardID, page.value), isOther)
  const open = () => {
    cancel()
    polygon.leave()
    select([])
    writing.value = null
    show(true)
  }
  const follow = (ids: readonly string[] | null) => {
    if (!scene) return
    if (ids === null) show(false)
    else
      for (const id of ids) {
        const element = boards.element(boardID, page.value, id)
        if (element) scene.put(element)
        else scene.remove(id)
      }
    const left = selected.value.filter((id) => scene?.entries.get(id))
    if (left.length < selected.value.length) select(left)
    else if (!gesture) showFrame()
  }

  const stops = [
    boards.on('changed', (at) => {
      if (at.boardID === boardID && at.page === page.value) follow(at.ids)
    }),
    boards.on('loaded', () => follow(null)),
    watch(page, () => {
      open()
      fit()
    }),
    // Below its editor a text would be seen twice.
    watch(
      writing,
      (now) => scene?.lift(now?.element ? { elements: [], ids: [now.element.elementID] } : null),
      { flush: 'sync' },
    ),
    watch(tool, (now) => {
      cancel()
      polygon.leave()
      if (now !== 'select') select([])
    }),
  ]
  onScopeDispose(() => {
    cancel()
    polygon.leave()
    for (const stop of stops) stop()
    for (const cleanup of cleanups) cleanup()
    scene = null
  })

  return {
    view,
    selected,
    frame,
    band,
    writing,
    polygon,
    isSpaceDown,
    attach,
    fit,
    select,
    desk,
    /** About the middle of what is seen. */
    zoom: (by: number) => look(zoomAt(view.value, by, { x: area.width / 2, y: area.height / 2 })),
    scroll: (dx: number, dy: number) =>
      look({ ...view.value, x: view.value.x + dx, y: view.value.y + dy }),
    /** Where on the page a mouse is. */
    placeOf({ clientX, clientY }: MouseEvent): Point {
      const { left = 0, top = 0 } = scene?.stage.content.getBoundingClientRect() ?? {}
      return toBoard(view.value, { x: clientX - left, y: clientY - top })
    },
    /** The middle of what is seen of the page, board units. */
    middle: () => toBoard(view.value, { x: area.width / 2, y: area.height / 2 }),
    arrived: (key: string) => scene?.arrived(key),
  }
}

export type Surface = ReturnType<typeof useSurface>
