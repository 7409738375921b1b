const UNITS = ['B', 'KB', 'MB', 'GB', 'TB']

/** Bytes in the largest unit that leaves a whole part, with at most three digits. */
export const sizeText = (bytes: number): string => {
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1024
    unit++
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1
  return `${value.toFixed(digits)} ${UNITS[unit]}`
}

/** A duration in its largest unit, rounded up. */
export const spanOf = (seconds: number): { unit: 'seconds' | 'minutes' | 'hours'; n: number } => {
  if (seconds <= 90) return { unit: 'seconds', n: Math.max(1, Math.ceil(seconds)) }
  if (seconds <= 90 * 60) return { unit: 'minutes', n: Math.ceil(seconds / 60) }
  return { unit: 'hours', n: Math.ceil(seconds / 3600) }
}
