/** Tones, their length and the pause after it: a call that comes in, and one that goes out. */
const PATTERNS = {
  incoming: { hertz: [440, 554], on: 0.9, every: 2.4, volume: 0.22 },
  outgoing: { hertz: [425], on: 1, every: 4, volume: 0.06 },
} as const

/** Softens the edges of a tone, in seconds. */
const EDGE = 0.03

let context: AudioContext | null = null

const burst = (
  audio: AudioContext,
  { hertz, on, volume }: (typeof PATTERNS)['incoming' | 'outgoing'],
) => {
  const start = audio.currentTime
  const gain = audio.createGain()
  gain.gain.setValueAtTime(0, start)
  gain.gain.linearRampToValueAtTime(volume, start + EDGE)
  gain.gain.setValueAtTime(volume, start + on - EDGE)
  gain.gain.linearRampToValueAtTime(0, start + on)
  gain.connect(audio.destination)
  for (const frequency of hertz) {
    const tone = audio.createOscillator()
    tone.frequency.value = frequency
    tone.connect(gain)
    tone.start(start)
    tone.stop(start + on)
  }
  return () => gain.disconnect()
}

/** Rings until the returned function is called; silent where the browser forbids sound. */
export const ring = (which: keyof typeof PATTERNS): (() => void) => {
  const pattern = PATTERNS[which]
  context ??= new AudioContext()
  const audio = context
  let silence = () => {}
  const play = () => {
    if (audio.state === 'suspended') audio.resume().catch(() => {})
    silence()
    silence = burst(audio, pattern)
  }
  play()
  const timer = setInterval(play, pattern.every * 1000)
  return () => {
    clearInterval(timer)
    silence()
  }
}
