import { readFile } from 'node:fs/promises'
import { StartError } from '../../core/start-error.ts'

const MOST_WORDS = 10_000

/** Case and the width of characters make no difference. */
const plain = (text: string): string => text.normalize('NFKC').toLowerCase()

/** Tells whether a text contains a forbidden word. */
export type WordCheck = (text: string) => boolean

/** One word or phrase per line; empty lines and lines that begin with `#` are skipped. */
export const readWords = (file: string): readonly string[] => [
  ...new Set(
    file
      .replace(/^\ufeff/, '')
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map(plain),
  ),
]

/** Words are found anywhere in the text, also inside longer ones: Chinese has no blanks. */
export const createWordCheck = (words: readonly string[]): WordCheck => {
  const byFirst = new Map<string, string[]>()
  for (const word of words) {
    const first = word.slice(0, 1)
    const same = byFirst.get(first)
    if (same) same.push(word)
    else byFirst.set(first, [word])
  }
  return (text) => {
    if (byFirst.size === 0) return false
    const read = plain(text)
    for (let i = 0; i < read.length; i++)
      if (byFirst.get(read.charAt(i))?.some((word) => read.startsWith(word, i))) return true
    return false
  }
}

/**
 * Reads the list of forbidden words; null: nothing is forbidden.
 * @throws StartError with a plain sentence.
 */
export const openForbiddenWords = async (file: string | null): Promise<WordCheck> => {
  if (file === null) return createWordCheck([])
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new StartError(`The file ${file} (FORBIDDEN_WORDS_FILE) cannot be read.`, { cause })
  })
  const words = readWords(text)
  if (words.length > MOST_WORDS)
    throw new StartError(
      `The file ${file} (FORBIDDEN_WORDS_FILE) has more than ${MOST_WORDS} words.`,
    )
  return createWordCheck(words)
}
