import { LIMITS } from '@yuntang/protocol'
import { lastComponent } from '../files/paths.ts'

const FORM = /^0_[0-9a-f]{32}_/

/** Type 1 is everything that was not made as a shared file (spec 06 §2). */
export const typeOfFileID = (fileID: string): 0 | 1 => (FORM.test(fileID) ? 0 : 1)

/** Whole characters of at most `length` code units. */
const cut = (text: string, length: number) => text.slice(0, length).replace(/[\ud800-\udbff]$/, '')

/**
 * A new ID of a file on the net disk (spec 06 §2): `<type>_<32 hex digits>_<name>`, at most 255
 * characters, shortened before the extension.
 */
export const makeNetFileID = (type: 0 | 1, nameHint: string, random: string): string => {
  const clean = lastComponent(nameHint).replace(/[^\p{L}\p{M}\p{Nd}._-]/gu, '_') || 'file'
  const dot = clean.lastIndexOf('.')
  const extension = dot > 0 ? cut(clean.slice(dot), 32) : ''
  const stem = dot > 0 ? clean.slice(0, dot) : clean
  const start = `${type}_${random}_`
  const room = LIMITS.fileIDChars - start.length - extension.length
  return start + cut(stem, room) + extension
}
