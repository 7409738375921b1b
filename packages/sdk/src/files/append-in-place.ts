import type { ContentWriter } from './contents.ts'

/** What the worker is asked, one at a time; an answer follows each. */
type Order =
  | { readonly do: 'open'; readonly folder: string; readonly id: string; readonly least: number }
  | { readonly do: 'write'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly do: 'close' }

/**
 * Runs in a worker, the only place where the private file system writes in place: a writable stream
 * would lose everything that was not closed. Self-contained, because its text becomes the worker.
 */
function worker(): void {
  interface Access {
    write(bytes: Uint8Array, at: { at: number }): number
    flush(): void
    truncate(size: number): void
    getSize(): number
    close(): void
  }
  interface InPlace {
    createSyncAccessHandle(): Promise<Access>
  }
  let access: Access | null = null
  let end = 0
  const run = async (order: Order) => {
    if (order.do === 'open') {
      const root = await navigator.storage.getDirectory()
      const folder = await root.getDirectoryHandle(order.folder, { create: true })
      const file = await folder.getFileHandle(order.id, { create: true })
      access = await (file as unknown as InPlace).createSyncAccessHandle()
      // What the browser says of its room is a guess: it is tried.
      access.truncate(order.least)
      const fits = access.getSize() >= order.least
      access.truncate(0)
      if (fits) return
      access.close()
      throw new DOMException('No room', 'QuotaExceededError')
    } else if (order.do === 'write') {
      let from = 0
      while (access && from < order.bytes.length) {
        const written = access.write(order.bytes.subarray(from), { at: end })
        // Chromium answers a full disk with an error number instead of throwing.
        if (written === 0 || written > order.bytes.length - from)
          throw new DOMException('No room', 'QuotaExceededError')
        from += written
        end += written
      }
      access?.flush()
    } else {
      access?.close()
      access = null
    }
  }
  self.onmessage = ({ data }: MessageEvent<Order>) => {
    run(data).then(
      () => self.postMessage(''),
      (error: unknown) => self.postMessage(String(error)),
    )
  }
}

/**
 * Writes a content so that every byte stays once its `write` has resolved. Rejects with a
 * QuotaExceededError where there is no room for `least` bytes.
 */
export const appendInPlace = async (
  folder: string,
  id: string,
  least: number,
  remove: () => Promise<void>,
): Promise<ContentWriter> => {
  const url = URL.createObjectURL(new Blob([`(${worker})()`], { type: 'text/javascript' }))
  const thread = new Worker(url)
  URL.revokeObjectURL(url)
  let last: Promise<void> = Promise.resolve()
  let over = false

  const ask = (order: Order) => {
    const next = last.then(
      () =>
        new Promise<void>((resolve, reject) => {
          thread.onmessage = ({ data }: MessageEvent<string>) =>
            data === '' ? resolve() : reject(new Error(data))
          thread.onerror = (event) => reject(new Error(event.message))
          thread.postMessage(order)
        }),
    )
    last = next.catch(() => {})
    return next
  }
  const close = async () => {
    if (over) return
    over = true
    try {
      await ask({ do: 'close' })
    } finally {
      thread.terminate()
    }
  }

  try {
    await ask({ do: 'open', folder, id, least })
  } catch (error) {
    thread.terminate()
    await remove().catch(() => {})
    throw error
  }
  return {
    write: async (bytes) => {
      const whole = bytes instanceof Blob ? new Uint8Array(await bytes.arrayBuffer()) : bytes
      await ask({ do: 'write', bytes: whole })
    },
    close,
    async discard() {
      await close().catch(() => {})
      await remove()
    },
  }
}
