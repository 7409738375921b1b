/** A tone, `samples` long, from sample `from` on. */
export const tone = (
  hz: number,
  samples: number,
  rate: number,
  { from = 0, amplitude = 8_000 } = {},
): Int16Array =>
  Int16Array.from({ length: samples }, (_, i) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * hz * (from + i)) / rate)),
  )

/** Amplitude of a tone in a sound (Goertzel's algorithm as a plain correlation). */
export const amplitudeOf = (sound: Int16Array, hz: number, rate: number): number => {
  let re = 0
  let im = 0
  for (let i = 0; i < sound.length; i++) {
    const turn = (2 * Math.PI * hz * i) / rate
    re += (sound[i] as number) * Math.cos(turn)
    im += (sound[i] as number) * Math.sin(turn)
  }
  return sound.length ? (2 * Math.hypot(re, im)) / sound.length : 0
}

export const joined = (parts: readonly Int16Array[]): Int16Array => {
  const out = new Int16Array(parts.reduce((n, p) => n + p.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
