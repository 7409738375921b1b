import { HTTP_RESULT } from './api.ts'
import { Failure, type HttpPorts, type Run } from './run.ts'

/** A piece is stored when it is so long, or so old. */
const PIECE_BYTES = 8 * 1024 * 1024
const PIECE_MS = 5000

const full = () => {
  throw new Failure(HTTP_RESULT.file)
}

/** Removes the pieces of a partial file. */
export const dropPieces = async (files: HttpPorts['files'], key: string): Promise<void> => {
  for (let i = 0; await files.remove(`${key}.part/${i}`); i++);
}

/**
 * A download next to its target, in pieces: what the browser's store writes can be read only when
 * it is closed, so one long file would be lost with the page.
 */
export const createPartialFile = ({ env, files }: HttpPorts, run: Run) => {
  let held: Uint8Array<ArrayBuffer>[] = []
  let heldBytes = 0
  let since = env.now()

  const flush = async () => {
    since = env.now()
    if (heldBytes === 0) return
    const piece = new Blob(held)
    const { pieces, done } = run.kept
    held = []
    heldBytes = 0
    await files.put(`${run.key}.part/${pieces}`, piece).catch(full)
    run.keep({ pieces: pieces + 1, done: done + piece.size })
  }
  const pieces = async () => {
    const found: Blob[] = []
    for (let i = 0; i < run.kept.pieces; i++) {
      const piece = await files.get(`${run.key}.part/${i}`)
      if (piece) found.push(piece)
    }
    return new Blob(found)
  }
  const drop = async () => {
    run.keep({ pieces: 0, done: 0, size: 0, validator: '' })
    await dropPieces(files, run.key)
  }

  return {
    get bytes() {
      return run.kept.done + heldBytes
    },
    drop,
    flush,
    /** Bytes that can be gone on from. */
    async check() {
      if (run.kept.pieces > 0 && (await pieces()).size !== run.kept.done) await drop()
      return run.kept.done
    },
    async write(bytes: Uint8Array<ArrayBuffer>) {
      held.push(bytes)
      heldBytes += bytes.byteLength
      if (heldBytes >= PIECE_BYTES || env.now() - since >= PIECE_MS) await flush()
    },
    /** Moves it into place. */
    async finish() {
      await flush()
      const whole = await pieces()
      if (whole.size !== run.kept.done) full()
      run.signal.throwIfAborted()
      await files.put(run.key, whole).catch(full)
      run.keep({ pieces: 0, size: whole.size, done: whole.size, finished: true })
      await dropPieces(files, run.key)
    },
  }
}
