/** A piece of a message: plain text, or an address that may be opened. */
export interface Piece {
  readonly text: string
  readonly href?: string
}

const ADDRESS = /https?:\/\/[^\s<>"'`\u3000-\u303f\uff00-\uffef]+/gi
/** Marks that end a sentence rather than an address. */
const TAIL = /[.,;:!?…]+$/

const count = (text: string, mark: string) => text.split(mark).length - 1

/** An address without what the sentence around it put behind. */
const trimmed = (found: string): string => {
  let text = found.replace(TAIL, '')
  for (const [open, close] of [
    ['(', ')'],
    ['[', ']'],
  ] as const)
    while (text.endsWith(close) && count(text, close) > count(text, open))
      text = text.slice(0, -1).replace(TAIL, '')
  return text
}

/** Only web addresses become links, and none that hides its host behind a user name. */
const hrefOf = (text: string): string | null => {
  if (!URL.canParse(text)) return null
  const { protocol, username, password, href } = new URL(text)
  const isWeb = protocol === 'https:' || protocol === 'http:'
  return isWeb && username === '' && password === '' ? href : null
}

/** Cuts a message at its web addresses; the pieces joined are the message. */
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
