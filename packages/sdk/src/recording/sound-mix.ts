import { onNextGesture } from '../devices/gesture.ts'

/** Mixes the sound of any number of streams into one track. */
export interface SoundMix {
  readonly track: MediaStreamAudioTrack
  /** Mixes these and no others. */
  set(streams: readonly MediaStream[]): void
  close(): void
}

/** How long a page that may make sound needs to begin at most. */
const START_MS = 1000

/** Null while the page may not handle sound: browsers want a gesture first. */
export const createSoundMix = async (): Promise<SoundMix | null> => {
  const context = new AudioContext({ sampleRate: 48_000 })
  const out = context.createMediaStreamDestination()
  // Keeps silence coming when nobody speaks.
  const silence = context.createConstantSource()
  silence.offset.value = 0
  silence.connect(out)
  silence.start()
  const endGesture = onNextGesture(() => {
    context.resume().catch(() => {})
  })
  const sources = new Map<MediaStream, MediaStreamAudioSourceNode>()
  const close = () => {
    endGesture()
    for (const source of sources.values()) source.disconnect()
    sources.clear()
    for (const track of out.stream.getTracks()) track.stop()
    context.close().catch(() => {})
  }
  await Promise.race([
    context.resume(),
    new Promise<void>((resolve) => setTimeout(resolve, START_MS)),
  ])
  const [track] = out.stream.getAudioTracks()
  if (context.state !== 'running' || !track) {
    close()
    return null
  }
  return {
    track: track as MediaStreamAudioTrack,
    set(streams) {
      for (const [known, source] of sources)
        if (!streams.includes(known)) {
          source.disconnect()
          sources.delete(known)
        }
      for (const fresh of streams) {
        if (sources.has(fresh)) continue
        const source = context.createMediaStreamSource(fresh)
        source.connect(out)
        sources.set(fresh, source)
      }
    },
    close,
  }
}
