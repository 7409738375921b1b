/** How long a path may be away before it is built anew, ms. */
const PATIENCE = 1_500
/** How long a new path may take before another is tried, ms. */
const AGAIN = 5_000

/** Says that the page's network is another one; not every browser has it. */
const networkOf = (): EventTarget | null =>
  'connection' in navigator && navigator.connection instanceof EventTarget
    ? navigator.connection
    : null

/** Agreed with the server, but without a single address to try: no relay took us in. */
export const isStranded = (pc: RTCPeerConnection): boolean =>
  pc.iceConnectionState === 'new' &&
  pc.iceGatheringState === 'complete' &&
  pc.signalingState === 'stable' &&
  pc.remoteDescription !== null

/**
 * Calls `restart` when the path failed, was disconnected or had no way to begin for 1.5 s, or the page's network changed; and
 * again every 5 s until it stands. Returns the function that ends watching.
 */
export function watchIce(pc: RTCPeerConnection, restart: () => Promise<void>): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null
  let restarting = false
  const bad = () =>
    pc.iceConnectionState === 'failed' || pc.iceConnectionState === 'disconnected' || isStranded(pc)
  const stop = () => {
    if (timer !== null) clearTimeout(timer)
    timer = null
  }
  const attempt = () => {
    timer = null
    if (!bad()) return
    timer = setTimeout(attempt, AGAIN)
    start()
  }
  const start = () => {
    if (restarting) return
    restarting = true
    restart()
      .catch((error) => console.warn('A media connection could not be resumed yet:', error))
      .finally(() => {
        restarting = false
      })
  }
  const changed = () => {
    if (!bad()) stop()
    else if (timer === null)
      timer = setTimeout(attempt, pc.iceConnectionState === 'failed' ? 0 : PATIENCE)
  }
  /** The old path may look alive for seconds yet. */
  const moved = () => {
    if (pc.iceConnectionState !== 'new' && pc.iceConnectionState !== 'closed') start()
  }
  const network = networkOf()
  const events = ['iceconnectionstatechange', 'icegatheringstatechange', 'signalingstatechange']
  for (const name of events) pc.addEventListener(name, changed)
  globalThis.addEventListener('online', moved)
  network?.addEventListener('change', moved)
  return () => {
    stop()
    for (const name of events) pc.removeEventListener(name, changed)
    globalThis.removeEventListener('online', moved)
    network?.removeEventListener('change', moved)
  }
}
