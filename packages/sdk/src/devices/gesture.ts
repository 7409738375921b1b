import type { Unsubscribe } from '../api.ts'

const GESTURES = ['pointerdown', 'keydown'] as const

/** Calls once at the next gesture anywhere in the page: browsers block sound until one (spec 08 §2.3). */
export function onNextGesture(call: () => void): Unsubscribe {
  const stop = () => {
    for (const type of GESTURES) document.removeEventListener(type, heard, true)
  }
  const heard = () => {
    stop()
    call()
  }
  for (const type of GESTURES) document.addEventListener(type, heard, true)
  return stop
}
