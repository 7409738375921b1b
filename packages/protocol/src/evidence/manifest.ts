import { Check } from 'typebox/value'
import { chainOn, chainStart } from './chain.ts'
import { EVIDENCE } from './constants.ts'
import { Manifest } from './format.ts'

/** Why a manifest cannot be used. */
export type ManifestFault =
  /** Not a manifest at all, or damaged. */
  | 'unreadable'
  /** Of a format that this version does not know. */
  | 'version'
  /** Its parts do not belong together. */
  | 'inconsistent'

export type ReadManifest =
  | { readonly ok: true; readonly manifest: Manifest }
  | { readonly ok: false; readonly fault: ManifestFault }

const failed = (fault: ManifestFault): ReadManifest => ({ ok: false, fault })

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Stamps in the order of a manifest. */
export const inOrder = (
  a: { bytes: number; time: number },
  b: { bytes: number; time: number },
): number => a.bytes - b.bytes || a.time - b.time

/** Reads a manifest and checks that its parts fit each other; signatures are checked elsewhere. */
export const readManifest = (text: string): ReadManifest => {
  if (text.length > EVIDENCE.manifestChars) return failed('unreadable')
  const read = parse(text.replace(/^\uFEFF/, ''))
  const { format } = (read ?? {}) as { format?: unknown }
  if (typeof format !== 'string' || !format.startsWith('yuntang-evidence/'))
    return failed('unreadable')
  if (format !== EVIDENCE.format) return failed('version')
  if (!Check(Manifest, read)) return failed('unreadable')
  const { file, chunks, recording, stamps } = read
  const bytes = chunks.reduce((sum, [length]) => sum + length, 0)
  const fits =
    bytes === file.bytes &&
    stamps.every((stamp, i) => {
      const before = stamps[i - 1]
      return stamp.recording === recording && (!before || inOrder(before, stamp) <= 0)
    })
  if (!fits || chainOn(chainStart(recording), chunks) !== file.head) return failed('inconsistent')
  return { ok: true, manifest: read }
}
