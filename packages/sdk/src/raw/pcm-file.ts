import { YuntangError } from '../errors.ts'
import type { FileStore, IncomingFile } from '../files/files.ts'

/** Writes a growing file from front to back; after a failure what was written stays. */
export class PcmFile {
  #file: IncomingFile | null = null
  #error: YuntangError | null = null
  #tail: Promise<void>

  constructor(
    private readonly files: Pick<FileStore, 'receive' | 'room'>,
    path: string,
    private readonly onFailed: () => void,
  ) {
    this.#tail = files.receive(path, 0).then(
      (file) => {
        this.#file = file
      },
      (error: unknown) => this.#fail(error),
    )
  }

  write(block: Uint8Array<ArrayBuffer>): void {
    this.#tail = this.#tail
      .then(async () => {
        if (this.#error || !this.#file) return
        // A write that fails may cost what was written before it.
        if ((await this.files.room()) < block.length) throw new YuntangError('files.full')
        await this.#file.write(block)
      })
      .catch((error: unknown) => this.#fail(error))
  }

  /** The path leads to what was written; answers what went wrong. */
  async close(): Promise<YuntangError | null> {
    await this.#tail
    try {
      await this.#file?.close()
      this.#file?.commit()
    } catch (error) {
      this.#fail(error)
      await this.#file?.discard().catch(() => {})
    }
    return this.#error
  }

  #fail(error: unknown): void {
    if (this.#error) return
    this.#error = error instanceof YuntangError ? error : new YuntangError('files.full')
    this.onFailed()
  }
}
