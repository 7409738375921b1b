/** How long after `beforeunload` the page may still be on its way out; a visitor may have stayed. */
const GRACE = 3_000

/** Events in whose handlers a page says goodbye. */
const GOODBYES: ReadonlySet<string | undefined> = new Set(['beforeunload', 'pagehide', 'unload'])

/**
 * Tells whether the document is being unloaded: a logout from an unload handler counts as the unload
 * itself, so that a call survives a reload (spec 00 §10).
 */
export const watchUnloading = (after: (ms: number, run: () => void) => () => void) => {
  let leaving = false
  let cancel = () => {}
  const set = (now: boolean) => {
    cancel()
    leaving = now
  }
  const before = () => {
    set(true)
    cancel = after(GRACE, () => set(false))
  }
  const hide = () => set(true)
  const show = () => set(false)
  // Capturing, so that it is known before later handlers of the page run.
  const listeners = { beforeunload: before, pagehide: hide, pageshow: show }
  for (const [name, listener] of Object.entries(listeners))
    globalThis.addEventListener?.(name, listener, { capture: true })
  return {
    get leaving() {
      // A handler that the page set before this client was made runs before the listeners here.
      return leaving || GOODBYES.has(globalThis.event?.type)
    },
    close() {
      cancel()
      for (const [name, listener] of Object.entries(listeners))
        globalThis.removeEventListener?.(name, listener, { capture: true })
    },
  }
}
