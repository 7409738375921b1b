/** My own picture is shown as in a mirror, unless the camera looks away from me. */
export const isMirrored = (stream: MediaStream): boolean =>
  stream.getVideoTracks()[0]?.getSettings().facingMode !== 'environment'
