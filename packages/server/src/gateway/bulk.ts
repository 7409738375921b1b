/** Frames up to this size never wait. */
const SMALL = 64

/**
 * Binary frames on their way out of one socket, handed to it one at a time, so that requests and
 * events never wait behind more than one of them. Its users bound what waits here.
 */
export class BulkQueue {
  #waiting: Uint8Array[] = []
  #busy = false

  /** `write` calls back when the frame has left this process. */
  constructor(private readonly write: (frame: Uint8Array, written: () => void) => void) {}

  push(frame: Uint8Array): void {
    if (frame.length <= SMALL) this.write(frame, () => {})
    else {
      this.#waiting.push(frame)
      this.#next()
    }
  }

  #next(): void {
    if (this.#busy) return
    const frame = this.#waiting.shift()
    if (!frame) return
    this.#busy = true
    this.write(frame, () => {
      this.#busy = false
      this.#next()
    })
  }

  /** The socket is gone. */
  clear(): void {
    this.#waiting = []
  }
}
