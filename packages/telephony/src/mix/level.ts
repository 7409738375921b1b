/** Loudness of a frame as RFC 6464 wants it: −dBov, 0 (loudest) to 127 (silence). */
export const frameLevel = (frame: Int16Array): number => {
  let sum = 0
  for (let i = 0; i < frame.length; i++) sum += (frame[i] as number) ** 2
  if (sum === 0) return 127
  const dbov = 10 * Math.log10(sum / frame.length / 32_768 ** 2)
  return Math.min(127, Math.max(0, Math.round(-dbov)))
}
