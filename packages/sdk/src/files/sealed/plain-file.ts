import type { Content } from '../content.ts'
import type { FileKeys } from './file-keys.ts'
import { openPlain, sealedBy } from './plain-content.ts'

/**
 * What a file holds, for sending it away: itself, or decrypted piece by piece. Rejects like
 * {@link openPlain}.
 */
export const plainFile = async (file: Blob, keys: FileKeys): Promise<Content> => {
  if ((await sealedBy(file)) === null) return file
  const plain = await openPlain(file, keys)
  return {
    size: plain.size,
    slice: async (from, to) => new Blob([await plain.read(from, to)]),
  }
}
