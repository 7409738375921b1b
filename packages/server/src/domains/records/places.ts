import { LIMITS } from '@yuntang/protocol'

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/

/** A place that a page named, in its one form: `/a/b`; null when it is none. */
export const readPlace = (given: string): string | null => {
  const parts = given.split(/[\\/]+/).filter((part) => part !== '' && part !== '.')
  const place = `/${parts.join('/')}`
  const isBad = parts.length === 0 || parts.includes('..') || CONTROL.test(given)
  return isBad || place.length > LIMITS.recordPathChars ? null : place
}

/** Last part of a name that may have directories and characters that names have not. */
export const readName = (given: string): string | null => {
  const name = given.slice(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1)
  return name === '' || name === '.' || name === '..' || CONTROL.test(name) ? null : name
}

const twoDigits = (number: number) => String(number).padStart(2, '0')

/** `YYYY-MM-DD` where the server stands. */
const dayOf = (at: number): string => {
  const date = new Date(at)
  return `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`
}

/** The `count` places that a name may get, from the `first`th on: `a.mp4`, `a (2).mp4`, … (spec 06 §7). */
export const placesFor = (name: string, at: number, first: number, count: number): string[] => {
  const dot = name.lastIndexOf('.')
  const end = dot > 0 ? dot : name.length
  const [stem, extension] = [name.slice(0, end), name.slice(end)]
  return Array.from({ length: count }, (_, i) => {
    const number = first + i
    return `/${dayOf(at)}/${number === 1 ? name : `${stem} (${number})${extension}`}`
  })
}
