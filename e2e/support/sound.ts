/** Samples of base64 text: signed 16 bit little-endian. */
export const samplesOf = (base64: string): Int16Array => {
  const bytes = Buffer.from(base64, 'base64')
  return Int16Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readInt16LE(i * 2))
}

/** RMS, 1 is the most. */
export const loudness = (samples: Int16Array): number =>
  Math.sqrt(samples.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0) / samples.length)

/** Part of the energy that lies within 8 Hz of a tone; samples in 16 kHz. */
export const share = (samples: Int16Array, hz: number): number => {
  let best = 0
  for (let near = hz - 8; near <= hz + 8; near++) {
    const step = (2 * Math.PI * near) / 16_000
    let re = 0
    let im = 0
    for (const [n, sample] of samples.entries()) {
      re += sample * Math.cos(step * n)
      im += sample * Math.sin(step * n)
    }
    best = Math.max(best, (2 * (re ** 2 + im ** 2)) / samples.length)
  }
  const all = samples.reduce((sum, sample) => sum + sample ** 2, 0)
  return all === 0 ? 0 : best / all
}
