/** What is sent away; a Blob is one, and so is what has to be decrypted first. */
export interface Content {
  /** Bytes. */
  readonly size: number
  slice(from: number, to: number): Blob | Promise<Blob>
}

/** Decrypted at a time. */
const PIECE = 4 * 1024 * 1024

/** All of a content as one file, as forms need it. Rejects with the abort's reason. */
export const wholeOf = async (content: Content, signal: AbortSignal): Promise<Blob> => {
  if (content instanceof Blob) return content
  const pieces: Blob[] = []
  for (let from = 0; from < content.size; from += PIECE) {
    pieces.push(await content.slice(from, from + PIECE))
    signal.throwIfAborted()
  }
  return new Blob(pieces)
}
