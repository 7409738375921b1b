/** After its last change a picture is repeated at full pace for so long: it gets sharp meanwhile, ms. */
const SETTLE_MS = 3_000
/** From then on so often: whoever comes later sees it soon, ms. */
const STILL_MS = 500
/** A frame that comes so soon after it was asked for is no change, ms. */
const ASKED_MS = 60

/**
 * Makes a source of the page's own, a canvas for instance, repeat a picture that stands still, as
 * captured screens do: who comes later would see nothing, and nobody would see it sharp. Browsers ask
 * a source for its last picture when somebody new looks at it. `video` shows the source already;
 * `fps` may change at any time. Answers how to end it.
 */
export const repeatStill = (
  source: MediaStreamTrack,
  video: HTMLVideoElement,
  fps: () => number,
): (() => void) => {
  if (!('requestVideoFrameCallback' in video)) return () => {}
  const eye = document.createElement('video')
  eye.muted = true
  let changed = performance.now()
  let asked = 0
  const look = () => {
    const now = performance.now()
    if (now - asked > ASKED_MS) changed = now
    frame = video.requestVideoFrameCallback(look)
  }
  let frame = video.requestVideoFrameCallback(look)
  const repeat = () => {
    const pace = 1000 / fps()
    const now = performance.now()
    const still = now - changed
    if (still >= pace) {
      asked = now
      eye.srcObject = new MediaStream([source])
    }
    timer = setTimeout(repeat, still < SETTLE_MS ? pace : Math.max(pace, STILL_MS))
  }
  let timer = setTimeout(repeat, STILL_MS)
  return () => {
    clearTimeout(timer)
    video.cancelVideoFrameCallback(frame)
    eye.srcObject = null
  }
}
