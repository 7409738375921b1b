import type { FileStore } from '../files/files.ts'
import { safeName } from '../files/paths.ts'

/** Takes in one buffer or file, chunk by chunk. */
export interface Sink {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>
  /** All is written. */
  close(): Promise<void>
  /** The page is told. */
  commit(): void
  /** Nothing of it stays. */
  discard(): Promise<void>
}

/** Text is decoded as it comes, so that its bytes are never held beside it. */
export const createTextSink = (deliver: (text: string) => void): Sink => {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let text = ''
  return {
    async write(bytes) {
      text += decoder.decode(bytes, { stream: true })
    },
    async close() {
      text += decoder.decode()
    },
    commit: () => deliver(text),
    async discard() {
      text = ''
    },
  }
}

/** A file goes to the store as it comes, under `<work>/Temp/<task>/<name>` (spec 04 §6). */
export const openFileSink = async (
  files: FileStore,
  incoming: { readonly task: string; readonly name: string; readonly size: number },
  deliver: (file: { path: string; name: string }) => void,
): Promise<Sink> => {
  const name = safeName(incoming.name)
  const path = `${files.work}/Temp/${safeName(incoming.task)}/${name}`
  const file = await files.receive(path, incoming.size)
  return {
    write: (bytes) => file.write(bytes),
    close: () => file.close(),
    commit() {
      file.commit()
      deliver({ path, name })
    },
    discard: () => file.discard(),
  }
}
