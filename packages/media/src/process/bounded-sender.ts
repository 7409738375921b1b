/** Messages that may wait for the other process to read. */
const MAX_WAITING = 200

type Send = (message: object, sent: (error: Error | null) => void) => void

/** Sends what is worth nothing later: when the other side does not read, it is dropped. */
export class BoundedSender {
  #waiting = 0

  constructor(private readonly post: Send) {}

  send(message: object): void {
    if (this.#waiting >= MAX_WAITING) return
    this.#waiting += 1
    this.post(message, () => void this.#waiting--)
  }
}
