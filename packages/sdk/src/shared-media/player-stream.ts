import type { Player } from './player.ts'

/** One half of what a player plays: what is shown must not be heard twice. */
export class PlayerStream {
  #stream: MediaStream | null = null

  constructor(private readonly half: 'videoTrack' | 'audioTrack') {}

  /** The same stream as long as its track is the same. */
  of(player: Player): MediaStream | null {
    const track = player[this.half]
    if (!track) this.#stream = null
    else if (this.#stream?.getTracks()[0] !== track) this.#stream = new MediaStream([track])
    return this.#stream
  }
}
