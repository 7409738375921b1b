/** Samples between -1 and 1 as signed 16 bit little-endian, cut into blocks of one size. */
export class PcmBlocks {
  #block: Uint8Array<ArrayBuffer>
  #used = 0

  /** An even number of bytes. */
  constructor(
    private readonly size: number,
    private readonly onBlock: (block: Uint8Array<ArrayBuffer>) => void,
  ) {
    this.#block = new Uint8Array(size)
  }

  push(samples: Float32Array): void {
    for (const sample of samples) {
      const value = Math.round(Math.max(-1, Math.min(1, sample)) * 32_767)
      this.#block[this.#used] = value & 0xff
      this.#block[this.#used + 1] = (value >> 8) & 0xff
      this.#used += 2
      if (this.#used === this.size) this.flush()
    }
  }

  /** What is there, if anything. */
  flush(): void {
    if (this.#used === 0) return
    const block = this.#block.slice(0, this.#used)
    this.#used = 0
    this.onBlock(block)
  }
}
