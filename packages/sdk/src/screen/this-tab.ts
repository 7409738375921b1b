/** Not in every browser, nor in the type library (Capture Handle, W3C). */
interface Capturee {
  setCaptureHandleConfig?(config: {
    handle: string
    exposeOrigin: boolean
    permittedOrigins: string[]
  }): void
}
interface CapturedTrack {
  getCaptureHandle?(): { handle?: string; origin?: string } | null
}

/** Unguessable, so that no other page can pass for this one. */
let handle = ''

/** From now on a captured picture of this tab can be told from others, by pages of this origin. */
export function markThisTab(): void {
  if (!handle) renewMark()
}

/** Marks this tab anew: a capture that began in the same moment may have missed the mark. */
export function renewMark(): void {
  handle = Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(16)).join(
    '',
  )
  try {
    const { mediaDevices } = navigator as { mediaDevices: Capturee }
    mediaDevices.setCaptureHandleConfig?.({
      handle,
      exposeOrigin: false,
      permittedOrigins: [location.origin],
    })
  } catch {
    // Only a page that is not inside another one may say who it is.
  }
}

/** Whether a captured picture is proven to be of this very tab. */
export function isThisTab(track: MediaStreamTrack): boolean {
  const found = (track as CapturedTrack).getCaptureHandle?.()?.handle
  return handle !== '' && found === handle
}
