import type { ByteRange } from './blob-store.ts'

const RANGE = /^bytes=(\d{0,16})-(\d{0,16})$/

/**
 * The part that a `Range` header asks for (RFC 9110 §14.2): null for the whole, also when the header
 * asks for several parts or cannot be read; 'outside' when nothing of it exists.
 */
export const parseRange = (
  header: string | undefined,
  size: number,
): ByteRange | null | 'outside' => {
  const [, first, last] = RANGE.exec(header ?? '') ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return null
  if (first === '') {
    const length = Math.min(Number(last), size)
    return length === 0 ? 'outside' : { start: size - length, end: size - 1 }
  }
  const start = Number(first)
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (last !== '' && Number(last) < start) return null
  return start >= size ? 'outside' : { start, end }
}
