/** What the client does when its page or its network comes and goes (spec 00 §10). */
export interface PageLife {
  /** The page is being unloaded; it may be kept for the back button. */
  unload(): void
  /** It was kept and is shown again. */
  restored(): void
  /** Network or page are back: what waits may go on. */
  awake(): void
}

/** Follows the page; returns the function that ends it. Does nothing outside a browser. */
export const followPage = (life: PageLife): (() => void) => {
  const { document } = globalThis
  if (!globalThis.addEventListener) return () => {}
  const abort = new AbortController()
  const { signal } = abort
  globalThis.addEventListener('pagehide', () => life.unload(), { signal })
  globalThis.addEventListener(
    'pageshow',
    ({ persisted }) => {
      if (persisted) life.restored()
    },
    { signal },
  )
  globalThis.addEventListener('online', () => life.awake(), { signal })
  const seen = () => {
    if (document.visibilityState === 'visible') life.awake()
  }
  document?.addEventListener('visibilitychange', seen, { signal })
  // Chromium's page lifecycle: a frozen tab goes on.
  document?.addEventListener('resume', () => life.awake(), { signal })
  const connection = networkOf(globalThis.navigator)
  connection?.addEventListener('change', () => life.awake(), { signal })
  return () => abort.abort()
}

/** The Network Information API, where there is one: Wi-Fi became mobile, say. */
const networkOf = (navigator: Navigator | undefined): EventTarget | null => {
  const connection: unknown = navigator && 'connection' in navigator ? navigator.connection : null
  return connection instanceof EventTarget ? connection : null
}
