import type { Player } from './player.ts'

/** The player's picture alone: what is shown must not be heard twice. */
export class PlayerStream {
  #stream: MediaStream | null = null

  /** The same stream as long as its track is the same. */
  of(player: Player): MediaStream | null {
    const track = player.videoTrack
    if (!track) this.#stream = null
    else if (this.#stream?.getVideoTracks()[0] !== track) this.#stream = new MediaStream([track])
    return this.#stream
  }
}
