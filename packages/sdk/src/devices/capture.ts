/** One track of the wanted kind. Rejects with the browser's DOMException (NotAllowedError, …). */
export async function captureTrack(
  kind: 'audio' | 'video',
  constraints: MediaTrackConstraints,
): Promise<MediaStreamTrack> {
  if (!('mediaDevices' in navigator))
    throw new DOMException(
      'Devices need a page served over https or localhost',
      'NotSupportedError',
    )
  const stream = await navigator.mediaDevices.getUserMedia({ [kind]: constraints })
  const [track] = stream.getTracks()
  if (!track) throw new DOMException('The browser found no such device', 'NotFoundError')
  return track
}
