/** A piece of a message: plain text, or an address that may be opened. */
export interface Piece {
  readonly text: string
  readonly href?: string
}

/**
 * What an address consists of when it is copied from a browser: a Chinese sentence may go on behind
 * it. Listed, because a class that leaves characters out loses k and s, too: U+212A and U+017F are
 * the same letters where case makes no difference.
 */
const REST = '[!#-&(-;=?-_a-z{-~]*'
const HOST = '(?:[\\p{L}\\p{N}-]+\\.)*[a-z0-9[]'
const ADDRESS = new RegExp(
  [
    `https?:\\/\\/${HOST}${REST}`,
    '(?<![\\w.@/+-])[a-z0-9][\\w.+-]{0,63}@(?:[a-z0-9-]{1,63}\\.){1,8}[a-z]{2,24}(?![\\w@-])',
    `(?<![\\w.@/-])www\\.[a-z0-9-]+\\.[a-z]${REST}`,
  ].join('|'),
  'giu',
)
/** Marks that end a sentence rather than an address. */
const TAIL = /[.,;:!?*_~|]+$/

const count = (text: string, mark: string) => text.split(mark).length - 1

/** An address without what the sentence around it put behind. */
const trimmed = (found: string): string => {
  let text = found.replace(TAIL, '')
  for (const [open, close] of [
    ['(', ')'],
    ['[', ']'],
    ['{', '}'],
  ] as const)
    while (text.endsWith(close) && count(text, close) > count(text, open))
      text = text.slice(0, -1).replace(TAIL, '')
  return text
}

/** Web and mail addresses become links, and none that hides its host behind a user name. */
const hrefOf = (text: string): string | null => {
  if (/^[^:/@]+@[^:/@]+$/.test(text)) return `mailto:${text}`
  const address = /^www\./i.test(text) ? `https://${text}` : text
  if (!URL.canParse(address)) return null
  const { protocol, username, password, href } = new URL(address)
  const isWeb = protocol === 'https:' || protocol === 'http:'
  return isWeb && username === '' && password === '' ? href : null
}

/** Cuts a message at its addresses; the pieces joined are the message. */
export const piecesOf = (message: string): Piece[] => {
  const pieces: Piece[] = []
  let from = 0
  for (const { 0: found, index } of message.matchAll(ADDRESS)) {
    const text = trimmed(found)
    const href = hrefOf(text)
    if (href === null) continue
    if (index > from) pieces.push({ text: message.slice(from, index) })
    pieces.push({ text, href })
    from = index + text.length
  }
  if (from < message.length) pieces.push({ text: message.slice(from) })
  return pieces
}
