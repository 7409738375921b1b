/** Lookups of meetings under way: a meeting that ends meanwhile must not get a call (spec 03 §1). */
export class Lookups {
  readonly #open = new Set<{ readonly meetingID: number; ended: boolean }>()

  /** Runs `look`; the function it gets tells whether the meeting ended since. */
  async watch<T>(meetingID: number, look: (ended: () => boolean) => Promise<T>): Promise<T> {
    const lookup = { meetingID, ended: false }
    this.#open.add(lookup)
    try {
      return await look(() => lookup.ended)
    } finally {
      this.#open.delete(lookup)
    }
  }

  ended(meetingID: number): void {
    for (const lookup of this.#open) if (lookup.meetingID === meetingID) lookup.ended = true
  }
}
