/** What people write between the digits to read them better. */
const BLANKS = /[\s()[\]./\u2010-\u2015-]/g
const NUMBER = /^[\d+*#]{3,32}$/

/** The number to call in what was typed, also in full-width characters; null when it is none. */
export const readNumber = (text: string): string | null => {
  const plain = text.normalize('NFKC').replace(BLANKS, '')
  return NUMBER.test(plain) && /\d/.test(plain) ? plain : null
}

/** How long a call has lasted: 4:07, 1:04:07. */
export const shownDuration = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const two = (n: number) => String(n).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor(seconds / 60) % 60
  const rest = two(seconds % 60)
  return hours ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`
}

/** The server invents such a user ID for a caller whose number is withheld (docs/phones.md). */
export const isWithheld = (userID: string): boolean => /^tel_[\w-]{12}$/.test(userID)
