import { nextTick, type Ref } from 'vue'
import { allOn, nudge, type Place } from './actions.ts'
import type { BoardKeys } from './keys.ts'
import { type Marks, markKey } from './marks.ts'
import type { Surface } from './surface.ts'
import { TOOLS, type Tool } from './tools.ts'

/** Board units of an arrow key. */
const STEP = 4

export interface KeyTargets {
  readonly surface: Surface
  readonly tool: Ref<Tool>
  readonly page: Ref<number>
  turn(page: number): void
  place(): Place
  undo(): void
  remove(): void
  copy(): void
  /** Of the texts that are selected; null: none is. */
  marks(): Marks | null
  mark(change: Partial<Marks>): void
}

/** What each key does on a board. */
export const boardKeys = (targets: KeyTargets): BoardKeys => {
  const { surface, tool, page, turn, place } = targets
  const { selected, polygon } = surface
  const ofSelection = (work: () => void) => () => {
    if (selected.value.length === 0) return false
    work()
    return true
  }
  const always = (work: () => void) => () => {
    work()
    return true
  }
  const shift = (dx: number, dy: number) =>
    ofSelection(() => nudge(place(), selected.value, dx * STEP, dy * STEP))
  const selectAll = () => {
    tool.value = 'select'
    void nextTick().then(() => surface.select(allOn(place())))
  }
  const removeSelected = ofSelection(targets.remove)
  const leaveSelected = ofSelection(() => surface.select([]))
  const marked = (name: string) => {
    const now = targets.marks()
    const change = now && markKey(name, now)
    if (change) targets.mark(change)
    return change !== null
  }
  const redo = always(() => place().boards.redo())
  const keys: Readonly<Record<string, () => boolean>> = {
    'ctrl+z': always(targets.undo),
    'ctrl+shift+z': redo,
    'ctrl+y': redo,
    'ctrl+a': always(selectAll),
    'ctrl+d': ofSelection(targets.copy),
    delete: removeSelected,
    backspace: () => polygon.back() || removeSelected(),
    enter: polygon.close,
    escape: () => polygon.giveUp() || leaveSelected(),
    arrowleft: shift(-1, 0),
    arrowright: shift(1, 0),
    arrowup: shift(0, -1),
    arrowdown: shift(0, 1),
    pageup: always(() => turn(page.value - 1)),
    pagedown: always(() => turn(page.value + 1)),
    '+': always(() => surface.zoom(1.25)),
    '=': always(() => surface.zoom(1.25)),
    '-': always(() => surface.zoom(0.8)),
    ...Object.fromEntries(
      TOOLS.map(({ key, name }) => [
        key,
        always(() => {
          tool.value = name
        }),
      ]),
    ),
  }
  return {
    pressed: (name) => keys[name]?.() ?? marked(name),
    space(isDown) {
      surface.isSpaceDown.value = isDown
    },
  }
}
