import { nextTick, type Ref } from 'vue'
import { allOn, nudge, type Place } from './actions.ts'
import type { BoardKeys } from './keys.ts'
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
  remove(): void
  copy(): void
}

/** What each key does on a board. */
export const boardKeys = (targets: KeyTargets): BoardKeys => {
  const { surface, tool, page, turn, place } = targets
  const { selected } = surface
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
  const redo = always(() => place().boards.redo())
  const keys: Readonly<Record<string, () => boolean>> = {
    'ctrl+z': always(() => place().boards.undo()),
    'ctrl+shift+z': redo,
    'ctrl+y': redo,
    'ctrl+a': always(selectAll),
    'ctrl+d': ofSelection(targets.copy),
    delete: ofSelection(targets.remove),
    backspace: ofSelection(targets.remove),
    escape: ofSelection(() => surface.select([])),
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
      TOOLS.filter(({ key }) => key !== '').map(({ key, name }) => [
        key,
        always(() => {
          tool.value = name
        }),
      ]),
    ),
  }
  return {
    pressed: (name) => keys[name]?.() ?? false,
    space(isDown) {
      surface.isSpaceDown.value = isDown
    },
  }
}
