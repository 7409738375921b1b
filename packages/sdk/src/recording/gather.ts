/** What is gathered at most, bytes: a block of a sealed file. */
const MOST = 64 * 1024
/** How long a byte waits at most, ms: what a piece of the file consists of comes in one go. */
const WAIT = 100

/** Makes few pieces of many. */
export interface Gather {
  /** Copies; what is given may be used again. Resolves when there is room for more. */
  add(bytes: Uint8Array): Promise<void>
  /** Writes what has waited long enough; asked often, because what comes next may come late. */
  due(): Promise<void>
  /** Resolves when everything has been written. */
  flush(): Promise<void>
}

/** Writers of media files hand out a few bytes at a time; a disk wants them together. */
export const createGather = (
  write: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>,
  now: () => number,
): Gather => {
  const buffer = new Uint8Array(MOST)
  let used = 0
  let since = 0
  const flush = async () => {
    if (used === 0) return
    const piece = buffer.slice(0, used)
    used = 0
    await write(piece)
  }
  const due = async () => {
    if (now() - since >= WAIT) await flush()
  }
  return {
    async add(bytes) {
      for (let from = 0; from < bytes.length; ) {
        if (used === 0) since = now()
        const part = bytes.subarray(from, from + MOST - used)
        buffer.set(part, used)
        used += part.length
        from += part.length
        if (used === MOST) await flush()
      }
      await due()
    },
    due,
    flush,
  }
}
