import { LIMITS } from '@yuntang/protocol'
import type { CameraWatch, RtcRequest } from './port.ts'

/** Tells the server which cameras this page shows, and how large screen and media: the last list of a tick, once when it changed. */
export class WatchList {
  #wanted: readonly CameraWatch[] = []
  #screen = 0
  #media = 0
  /** What the server knows; null when it has lost it. */
  #known: string | null = '{"videos":[]}'
  #busy = false
  #closed = false
  readonly #request: RtcRequest

  constructor(request: RtcRequest) {
    this.#request = request
  }

  set(list: readonly CameraWatch[]): void {
    this.#wanted = list
      .filter(({ height }) => height > 0)
      .slice(0, LIMITS.watchesPerMember)
      .map(({ userID, videoID, height }) => ({
        userID,
        videoID,
        height: Math.min(8192, Math.max(1, Math.round(height))),
      }))
    this.#soon()
  }

  /** Lines of the shared screen; 0 for not at all. */
  setScreen(height: number): void {
    this.#screen = Math.min(8192, Math.max(0, Math.round(height)))
    this.#soon()
  }

  /** Lines of the shared media; 0 for not at all. */
  setMedia(height: number): void {
    this.#media = Math.min(8192, Math.max(0, Math.round(height)))
    this.#soon()
  }

  /** The server knows nothing any more, not even what is being told right now. */
  forget(): void {
    this.#known = null
    this.#soon()
  }

  /** Sends what an earlier failure left unsent. */
  flush(): void {
    this.#soon()
  }

  close(): void {
    this.#closed = true
  }

  #soon(): void {
    if (this.#busy) return
    this.#busy = true
    queueMicrotask(() => {
      this.#send().catch((error) => {
        this.#busy = false
        console.warn('The server could not be told what is watched:', error)
      })
    })
  }

  #list() {
    return {
      videos: [...this.#wanted],
      ...(this.#screen > 0 ? { screen: this.#screen } : {}),
      ...(this.#media > 0 ? { media: this.#media } : {}),
    }
  }

  async #send(): Promise<void> {
    while (!this.#closed) {
      const list = this.#list()
      const wanted = JSON.stringify(list)
      if (wanted === this.#known) break
      // A `forget` during the request counts against what it tells.
      this.#known = wanted
      try {
        await this.#request('rtc.watch', list)
      } catch (error) {
        this.#known = null
        // What was set meanwhile has not been refused.
        if (JSON.stringify(this.#list()) === wanted) throw error
      }
    }
    // In the same breath as the last look: whatever is set from now on has to begin anew.
    this.#busy = false
  }
}
