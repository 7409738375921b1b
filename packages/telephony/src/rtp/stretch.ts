/** Shortens by `n`: blends the first `n` samples into the next `n`. The result is behind them. */
export const shorten = (sound: Int16Array, n: number): void => {
  for (let i = 0; i < n; i++)
    sound[n + i] = ((sound[i] as number) * (n - i) + (sound[n + i] as number) * i) / n
}

/** `2n` samples as `3n`: the first `n` come twice, blended where they meet. */
export const lengthen = (sound: Int16Array, n: number): Int16Array => {
  const out = new Int16Array(3 * n)
  out.set(sound.subarray(0, n))
  for (let i = 0; i < n; i++)
    out[n + i] = ((sound[n + i] as number) * (n - i) + (sound[i] as number) * i) / n
  out.set(sound.subarray(n, 2 * n), 2 * n)
  return out
}

export const rms = (sound: Int16Array): number => {
  let sum = 0
  for (let i = 0; i < sound.length; i++) sum += (sound[i] as number) ** 2
  return sound.length ? Math.sqrt(sum / sound.length) : 0
}
