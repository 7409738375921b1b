import type { BoardElement, Boards, ElementInput } from '@yuntang/sdk'
import { draftOf, isWorthKeeping, regular, stampOf, type Trace } from './drafts.ts'
import { between, type Point, type Rect } from './geometry.ts'
import { stepsBetween } from './hits.ts'
import { moved, pulled, resized } from './resize.ts'
import type { Scene } from './scene.ts'
import type { DrawTool, Options, Style } from './tools.ts'

/** A place in board units while something is pressed. */
export interface Press extends Trace {
  readonly shift: boolean
}

/** From a press to a release. */
export interface Gesture {
  move(press: Press): void
  end(): void
  cancel(): void
}

/** What gestures act on: one page. */
export interface Desk {
  readonly boards: Boards
  readonly scene: Scene
  readonly boardID: string
  readonly page: number
  /** The author that new elements carry. */
  readonly me: string
  /** Screen pixels for one board unit. */
  scale(): number
}

/** Others see what grows or moves this often (spec 12 §6). */
export const EVERY_MS = 100
/** More than that are told at the end only: a hundred actions a second is the limit (spec 12 §1). */
const MOST_LIVE = 8
/** A longer stroke goes on as another element. */
const MOST_TRACES = 4_000

/** Calls `send` every 100 ms while there is news. */
const paced = (send: () => void) => {
  let news = false
  const timer = setInterval(() => {
    if (news) send()
    news = false
  }, EVERY_MS)
  return {
    touch() {
      news = true
    },
    stop: () => clearInterval(timer),
  }
}

/** What is not on the page yet, as it is drawn meanwhile. */
export const asDraft = (element: ElementInput): BoardElement =>
  ({ orderID: 0, left: 0, top: 0, ...element }) as BoardElement

/** A new element that grows while it is drawn. */
export const drawGesture = (desk: Desk, tool: DrawTool, style: Style, from: Press): Gesture => {
  const { boards, scene, boardID, page } = desk
  const isStroke = tool === 'pen' || tool === 'marker'
  let traces: Trace[] = [from]
  let elementID = boards.newElementID()
  let isThere = false

  const element = (): ElementInput => ({
    ...draftOf(tool, traces, style),
    elementID,
    userID: desk.me,
  })
  const shown = () => asDraft(element())
  const put = () => {
    if (isThere) boards.modify(boardID, page, element(), { continues: true })
    else isThere = boards.add(boardID, page, element()) !== null
    scene.lift({ ids: [elementID], by: { x: 0, y: 0 } })
  }
  const pace = paced(put)
  const show = () => {
    scene.draft(shown)
    pace.touch()
  }
  const settle = () => {
    scene.lift(null)
    scene.draft(null)
  }
  show()
  return {
    move(press) {
      const last = traces.at(-1) as Trace
      if (!isStroke) {
        const first = traces[0] as Trace
        traces = [first, { ...press, ...(press.shift ? regular(tool, first, press) : {}) }]
      } else if (Math.hypot(press.x - last.x, press.y - last.y) * desk.scale() >= 1) {
        traces.push(press)
        if (traces.length >= MOST_TRACES) {
          put()
          settle()
          traces = [press]
          elementID = boards.newElementID()
          isThere = false
        }
      } else return
      show()
    },
    end() {
      pace.stop()
      if (isWorthKeeping(tool, traces)) put()
      else if (isThere) boards.delete(boardID, page, [elementID])
      settle()
    },
    cancel() {
      pace.stop()
      settle()
      if (isThere) boards.undo()
    },
  }
}

/** A stamp stands where it is let go. */
export const stampGesture = (desk: Desk, options: Options, from: Press): Gesture => {
  const { boards, scene, boardID, page, me } = desk
  const elementID = boards.newElementID()
  let at: Point = from
  const element = () => ({ ...stampOf(at, options), elementID, userID: me })
  const show = () => scene.draft(() => asDraft(element()))
  show()
  return {
    move(press) {
      at = press
      show()
    },
    end() {
      boards.add(boardID, page, element())
      scene.draft(null)
    },
    cancel: () => scene.draft(null),
  }
}

/** Takes away what it touches, at the end and in one step of undo. */
export const eraseGesture = (desk: Desk, from: Press, slack: number): Gesture => {
  const { boards, scene, boardID, page } = desk
  const touched = new Set<string>()
  let last: Point = from
  const touch = (at: Point) => {
    const item = scene.entries.hit(at, slack)
    if (!item || touched.has(item.id)) return
    touched.add(item.id)
    scene.fade(item.id, true)
  }
  touch(from)
  return {
    move(press) {
      for (const at of stepsBetween(last, press, slack)) touch(at)
      last = press
    },
    end() {
      if (touched.size > 0) boards.delete(boardID, page, [...touched])
    },
    cancel() {
      for (const id of touched) scene.fade(id, false)
    },
  }
}

/** Writes new contents of several elements as one step of undo. */
export const writeAll = (
  { boards, boardID, page }: Desk,
  elements: readonly BoardElement[],
  continues: boolean,
): void => {
  const write = () => {
    for (const element of elements) boards.modify(boardID, page, element, { continues })
  }
  if (continues) write()
  else boards.step(write)
}

/** Live changes of what is chosen: shown at once, told to others ten times a second. */
const change = (desk: Desk, next: (press: Press) => BoardElement[]) => {
  const { scene, boards, boardID, page } = desk
  let now: BoardElement[] | null = null
  let isBegun = false
  const tell = () => {
    if (!now) return
    const present = now.filter(({ elementID }) => boards.element(boardID, page, elementID))
    writeAll(desk, present, isBegun)
    isBegun = true
  }
  const pace = paced(tell)
  return {
    show(press: Press) {
      now = next(press)
      if (now.length <= MOST_LIVE) pace.touch()
    },
    end() {
      pace.stop()
      tell()
      scene.lift(null)
    },
    cancel() {
      pace.stop()
      scene.lift(null)
      if (isBegun) boards.undo()
    },
  }
}

const chosen = ({ boards, boardID, page }: Desk, ids: readonly string[]): BoardElement[] =>
  ids.flatMap((id) => boards.element(boardID, page, id) ?? [])

/** `shown` follows each change of the frame. */
export const moveGesture = (
  desk: Desk,
  ids: readonly string[],
  from: Press,
  shown: () => void,
): Gesture => {
  const elements = chosen(desk, ids)
  const by = (press: Point) => ({ x: press.x - from.x, y: press.y - from.y })
  const live = change(desk, (press) => {
    const { x, y } = by(press)
    return elements.map((element) => moved(element, x, y))
  })
  let isMoving = false
  return {
    move(press) {
      const { x, y } = by(press)
      isMoving ||= Math.hypot(x, y) * desk.scale() >= 3
      if (!isMoving) return
      desk.scene.lift({ ids, by: { x, y } })
      live.show(press)
      shown()
    },
    end() {
      live.end()
      shown()
    },
    cancel() {
      live.cancel()
      shown()
    },
  }
}

export const resizeGesture = (
  desk: Desk,
  ids: readonly string[],
  { from, frame, handle }: { from: Press; frame: Rect; handle: Point },
  shown: () => void,
): Gesture => {
  const elements = chosen(desk, ids)
  // Corners of pictures and of texts keep their proportions without a key.
  const evenly = elements.some(({ type }) => type === 8 || type === 9 || type === 10)
  const isCorner = handle.x !== 0.5 && handle.y !== 0.5
  const to = (press: Press) => {
    const by = { x: press.x - from.x, y: press.y - from.y }
    return pulled(frame, handle, by, isCorner && evenly !== press.shift)
  }
  const next = (press: Press) => elements.map((element) => resized(element, frame, to(press)))
  const live = change(desk, next)
  return {
    move(press) {
      desk.scene.lift({ elements: next(press) })
      live.show(press)
      shown()
    },
    end() {
      live.end()
      shown()
    },
    cancel() {
      live.cancel()
      shown()
    },
  }
}

/** Chooses what is wholly within a rectangle. `shown` gets it in board units, null at the end. */
export const bandGesture = (
  desk: Desk,
  from: Press,
  { shown, choose }: { shown(band: Rect | null): void; choose(ids: string[]): void },
): Gesture => ({
  move(press) {
    const band = between(from, press)
    shown(band)
    choose(desk.scene.entries.within(band))
  },
  end: () => shown(null),
  cancel: () => shown(null),
})
