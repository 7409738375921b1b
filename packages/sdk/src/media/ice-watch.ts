/** How long a path may be away before it is built anew, ms. */
const PATIENCE = 5_000

/**
 * Calls `restart` when the path failed, or was disconnected for 5 s, and again every 5 s until it
 * stands. Returns the function that ends watching.
 */
export function watchIce(pc: RTCPeerConnection, restart: () => Promise<void>): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null
  let restarting = false
  const bad = () => pc.iceConnectionState === 'failed' || pc.iceConnectionState === 'disconnected'
  const stop = () => {
    if (timer !== null) clearTimeout(timer)
    timer = null
  }
  const attempt = () => {
    timer = null
    if (!bad()) return
    timer = setTimeout(attempt, PATIENCE)
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
  pc.addEventListener('iceconnectionstatechange', changed)
  return () => {
    stop()
    pc.removeEventListener('iceconnectionstatechange', changed)
  }
}
