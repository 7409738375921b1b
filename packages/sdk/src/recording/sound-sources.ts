/** What a new source needs until sound comes from it without gaps, seconds. */
const SETTLE = 0.1
/** How long one source fades into the other, seconds: no click, and no echo that is heard. */
const FADE = 0.02

interface Source {
  readonly node: MediaStreamAudioSourceNode
  readonly gain: GainNode
}

/** The streams that are mixed. */
export interface SoundSources {
  /**
   * Mixes these and no others. Anew: every source is replaced by another one that begins in time. What
   * came late is heard up to there, and the two fade into each other: talk goes on.
   */
  set(streams: readonly MediaStream[], anew: boolean): void
  close(): void
}

export const createSoundSources = (context: AudioContext, into: AudioNode): SoundSources => {
  const sources = new Map<MediaStream, Source>()
  /** Replaced ones, and when they are silent; seconds of the context. */
  const going = new Map<Source, number>()

  const open = (stream: MediaStream, volume: number): Source => {
    const node = context.createMediaStreamSource(stream)
    const gain = new GainNode(context, { gain: volume })
    node.connect(gain).connect(into)
    return { node, gain }
  }
  const shut = ({ node, gain }: Source) => {
    node.disconnect()
    gain.disconnect()
  }
  /** From one volume to another, once a new source has settled. */
  const fade = ({ gain }: Source, from: number, to: number) => {
    const at = context.currentTime + SETTLE
    gain.gain.setValueAtTime(from, at)
    gain.gain.linearRampToValueAtTime(to, at + FADE)
    return at + FADE
  }
  const replace = (stream: MediaStream, old: Source) => {
    const fresh = open(stream, 0)
    fade(fresh, 0, 1)
    going.set(old, fade(old, 1, 0))
    sources.set(stream, fresh)
  }

  return {
    set(streams, anew) {
      for (const [source, silentAt] of going)
        if (context.currentTime > silentAt) {
          shut(source)
          going.delete(source)
        }
      for (const [stream, source] of sources)
        if (!streams.includes(stream)) {
          shut(source)
          sources.delete(stream)
        }
      // Where time stands still the last ones have not gone yet.
      const isTurn = anew && going.size === 0
      for (const stream of streams) {
        const source = sources.get(stream)
        if (source && isTurn) replace(stream, source)
        if (source || stream.getAudioTracks().length === 0) continue
        sources.set(stream, open(stream, 1))
      }
    },
    close() {
      for (const source of [...sources.values(), ...going.keys()]) shut(source)
      sources.clear()
      going.clear()
    },
  }
}
