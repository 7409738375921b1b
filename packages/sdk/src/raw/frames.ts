import type { Meeting } from '../api.ts'
import type { Frames, RawMedia } from './api.ts'
import { Eye, WHOLE } from './eye.ts'
import { RateGate } from './rate-gate.ts'

/** Most notices of one camera (spec 08 §8). */
const PER_SECOND = 30

/** {@link RawMedia.frames} on top of a meeting's watches. */
export function createFrames(watch: Meeting['watch']): RawMedia['frames'] {
  return ({ userID, videoID, height = WHOLE, signal }, onFrame = () => {}): Frames => {
    const gate = new RateGate(PER_SECOND)
    const eye = new Eye(
      (onStream) => watch({ userID, videoID, height }, onStream),
      () => {
        if (gate.pass(performance.now())) onFrame(eye.frameTime)
      },
    )
    const close = () => {
      signal?.removeEventListener('abort', close)
      eye.close()
    }
    if (signal?.aborted) close()
    else signal?.addEventListener('abort', close, { once: true })
    return {
      picture: () => eye.picture(),
      get frameTime() {
        return eye.frameTime
      },
      resize: (lines) => eye.resize(lines),
      close,
    }
  }
}
