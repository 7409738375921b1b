/** A message longer than this is shown by its beginning at first. */
const MOST_CHARS = 1_500
const MOST_LINES = 20

/** What of a message is shown at first; the message itself unless it is long. */
export const beginningOf = (text: string): string => {
  let end = 0
  for (let line = 0; line < MOST_LINES && end >= 0; line++) end = text.indexOf('\n', end + 1)
  const cut = Math.min(end < 0 ? text.length : end, MOST_CHARS)
  // A button for one more line would take as much room as the line.
  if (text.length - cut < 80 && !text.slice(cut + 1).includes('\n')) return text
  const half = text.charCodeAt(cut - 1)
  return text.slice(0, half >= 0xd800 && half < 0xdc00 ? cut - 1 : cut)
}

/** Messages of one person within this time stand together. */
const TOGETHER_MS = 3 * 60_000

interface Said {
  readonly from: string
  readonly to: string
  readonly at: number
}

/** Whether a message goes on from the one before, so that it needs no name of its own. */
export const isContinued = (before: Said | undefined, now: Said): boolean =>
  before !== undefined &&
  before.from === now.from &&
  before.to === now.to &&
  now.at - before.at < TOGETHER_MS
