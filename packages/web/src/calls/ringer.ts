/** Tones, their length and the pause after it: a call that comes in, and one that goes out. */
const PATTERNS = {
  incoming: { hertz: [440, 554], on: 0.9, every: 2.4, volume: 0.22 },
  outgoing: { hertz: [425], on: 1, every: 4, volume: 0.06 },
} as const

/** Softens the edges of a tone, in seconds. */
const EDGE = 0.03
/** Longer than anything rings (T_RING, T_ASSIGN), in seconds. */
const LONGEST = 60

let context: AudioContext | null = null

/**
 * Rings until the returned function is called; silent where the browser forbids sound. All bursts
 * are written down at once: timers of a page in the background come late or hardly ever.
 */
export const ring = (which: keyof typeof PATTERNS): (() => void) => {
  const { hertz, on, every, volume } = PATTERNS[which]
  context ??= new AudioContext()
  const audio = context
  // A page that nobody has touched yet may begin to ring with the first touch.
  if (audio.state === 'suspended') audio.resume().catch(() => {})
  const begin = audio.currentTime
  const gain = audio.createGain()
  gain.gain.setValueAtTime(0, begin)
  for (let start = begin; start < begin + LONGEST; start += every) {
    gain.gain.setValueAtTime(0, start)
    gain.gain.linearRampToValueAtTime(volume, start + EDGE)
    gain.gain.setValueAtTime(volume, start + on - EDGE)
    gain.gain.linearRampToValueAtTime(0, start + on)
  }
  const tones = hertz.map((frequency) => {
    const tone = audio.createOscillator()
    tone.frequency.value = frequency
    tone.connect(gain)
    tone.start(begin)
    tone.stop(begin + LONGEST)
    return tone
  })
  gain.connect(audio.destination)
  return () => {
    for (const tone of tones) tone.stop()
    gain.disconnect()
  }
}
