/** Samples first in, first out, of a fixed capacity. */
export class SampleFifo {
  readonly #samples: Int16Array
  #length = 0

  constructor(capacity: number) {
    this.#samples = new Int16Array(capacity)
  }

  get length(): number {
    return this.#length
  }

  /** What does not fit is dropped. */
  push(sound: Int16Array): void {
    const n = Math.min(sound.length, this.#samples.length - this.#length)
    this.#samples.set(sound.subarray(0, n), this.#length)
    this.#length += n
  }

  /** The first `n` in place; valid until the next call. */
  front(n: number): Int16Array {
    return this.#samples.subarray(0, Math.min(n, this.#length))
  }

  drop(n: number): void {
    const left = Math.max(0, this.#length - n)
    this.#samples.copyWithin(0, this.#length - left, this.#length)
    this.#length = left
  }

  /** Puts sound in place of the first `n`. */
  replace(n: number, sound: Int16Array): void {
    const rest = this.#samples.slice(n, this.#length)
    this.#length = 0
    this.push(sound)
    this.push(rest)
  }

  take(out: Int16Array): void {
    out.set(this.front(out.length))
    this.drop(out.length)
  }
}
