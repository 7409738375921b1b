import type { AudioConfig } from '../api.ts'
import { micConstraints } from './audio-config.ts'
import { captureTrack } from './capture.ts'
import { MicGraph } from './mic-graph.ts'

/** What the microphone reads from the page's configuration whenever it needs it. */
export interface MicSetup {
  readonly audio: AudioConfig
  /** Configured device; `""` the system's default. */
  readonly deviceId: string
  /** 0–255 */
  readonly volume: number
}

const released = () => new DOMException('The microphone was closed meanwhile', 'AbortError')

/** The page's one microphone. */
export class Mic {
  #graph: MicGraph | null = null
  #opening: Promise<MediaStreamTrack> | null = null
  /** Constraints of the capture in use, to see whether a change needs another one. */
  #used = ''
  /** Grows with every release and exchange: late captures of an older one are thrown away. */
  #turn = 0

  readonly #setup: () => MicSetup
  readonly #lost: () => void

  /** `lost`: the device in use ended by itself. */
  constructor(setup: () => MicSetup, lost: () => void) {
    this.#setup = setup
    this.#lost = lost
  }

  /** What is sent; null while closed. */
  get track(): MediaStreamTrack | null {
    return this.#graph?.track ?? null
  }

  get level(): number {
    return this.#graph?.level ?? Number.NEGATIVE_INFINITY
  }

  open(): Promise<MediaStreamTrack> {
    if (this.#graph) return Promise.resolve(this.#graph.track)
    this.#opening ??= this.#open()
    return this.#opening
  }

  release(): void {
    this.#turn++
    this.#opening = null
    this.#graph?.stop()
    this.#graph = null
  }

  /** Applies gain at once and exchanges the capture when the device or its processing changed. */
  async refresh(): Promise<void> {
    const graph = this.#graph
    if (!graph) return
    const { audio, deviceId, volume } = this.#setup()
    graph.shape(volume / 255, audio.privAgc === 1)
    const wanted = JSON.stringify(micConstraints(audio, deviceId))
    if (wanted === this.#used && graph.capture?.readyState === 'live') return
    try {
      const capture = await this.#capture(++this.#turn)
      graph.setCapture(capture)
    } catch {
      // The old device stays in use (spec 08 §4).
    }
  }

  async #open(): Promise<MediaStreamTrack> {
    const turn = ++this.#turn
    try {
      const capture = await this.#capture(turn)
      const { audio, volume } = this.#setup()
      this.#graph = new MicGraph(capture)
      this.#graph.shape(volume / 255, audio.privAgc === 1)
      return this.#graph.track
    } finally {
      if (turn === this.#turn) this.#opening = null
    }
  }

  async #capture(turn: number): Promise<MediaStreamTrack> {
    const { audio, deviceId } = this.#setup()
    const constraints = micConstraints(audio, deviceId)
    const track = await captureTrack('audio', constraints)
    if (turn !== this.#turn) {
      track.stop()
      throw released()
    }
    this.#used = JSON.stringify(constraints)
    track.addEventListener('ended', this.#lost)
    return track
  }
}
