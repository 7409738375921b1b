import type { VideoConfig } from '../api.ts'
import { changeVideo, DEFAULT_VIDEO, videoSize } from '../devices/video-config.ts'
import { cameraEncodings, type Encoding } from '../media/encodings.ts'

/** Spec 10, CRVideo_SetMediacfg. */
export const DEFAULT_MEDIA: VideoConfig = changeVideo(DEFAULT_VIDEO, { sizeType: 12, fps: 24 })

/** By what a picture is divided so that it lies inside the configured size; never enlarged. */
export const mediaScale = (
  config: VideoConfig,
  { width, height }: { width: number; height: number },
): number => {
  const most = videoSize(config)
  return Math.max(1, width / most.width, height / most.height)
}

/** The encodings of shared media, smallest first; they differ in size, as a camera's. */
export function mediaEncodings(
  config: VideoConfig,
  size: { width: number; height: number },
  needed: ReadonlySet<string> | null,
): Encoding[] {
  const scale = mediaScale(config, size)
  return cameraEncodings(config, size.height / scale, needed).map((encoding) => ({
    ...encoding,
    scaleResolutionDownBy: encoding.scaleResolutionDownBy * scale,
  }))
}
