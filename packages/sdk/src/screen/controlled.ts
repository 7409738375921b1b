import type { KeyInput, MouseInput } from '@yuntang/protocol'
import type { Send } from '../link/link.ts'
import type { ControlChange } from './api.ts'
import type { ScreenCapture } from './capture.ts'
import { createControl, type OwnControl } from './control.ts'
import { showBadge } from './control-badge.ts'
import { Replay } from './replay/replay.ts'

export interface ControlledDeps {
  readonly me: string
  readonly send: Send
  /** My running share; null while I do not share. */
  capture(): ScreenCapture | null
  isMember(userID: string): boolean
  nameOf(userID: string): string
  given(change: ControlChange): void
  released(change: ControlChange): void
}

/** This page as the controlled side: the grant, the badge that shows it, and what the holder does. */
export interface Controlled {
  readonly control: OwnControl
  /** Something of the holder is being carried out right now. */
  readonly active: boolean
  /** Of anybody but the holder nothing is. */
  carryOut(by: string, inputs: readonly (MouseInput | KeyInput)[]): void
  /** Messages were lost: what is down may never be told to be released. */
  letGo(): void
}

export const createControlled = (deps: ControlledDeps): Controlled => {
  let hideBadge: (() => void) | null = null
  const replay = new Replay(() => {
    const capture = deps.capture()
    if (!capture) return null
    return { size: capture.surface, area: capture.area, isThisTab: capture.kind === 'thisTab' }
  })
  const control = createControl({
    me: deps.me,
    send: deps.send,
    sharing: () => deps.capture() !== null,
    isMember: deps.isMember,
    replaying: () => replay.active,
    given(change) {
      hideBadge = showBadge(deps.nameOf(change.userID), () => control.takeBack())
      deps.given(change)
    },
    released(change) {
      hideBadge?.()
      hideBadge = null
      replay.releaseAll()
      deps.released(change)
    },
  })
  return {
    control,
    get active() {
      return replay.active
    },
    carryOut(by, inputs) {
      // Asked for each anew: one of them may have led to the end of the right.
      for (const input of inputs)
        if (deps.capture() && control.granted !== '' && by === control.granted)
          replay.carryOut(by, input)
    },
    letGo: () => replay.releaseAll(),
  }
}
