import { rmsLevel } from '../devices/mic-graph.ts'

/** Measures received streams for which the browser reports no audio level. */
export class TrackMeter {
  #context: AudioContext | null = null
  readonly #analysers = new WeakMap<MediaStream, AnalyserNode>()
  readonly #samples = new Float32Array(8192)

  /** RMS of about the last 200 ms, dBFS. */
  level(stream: MediaStream): number {
    this.#context ??= new AudioContext()
    let analyser = this.#analysers.get(stream)
    if (!analyser) {
      analyser = this.#context.createAnalyser()
      analyser.fftSize = this.#samples.length
      this.#context.createMediaStreamSource(stream).connect(analyser)
      this.#analysers.set(stream, analyser)
    }
    analyser.getFloatTimeDomainData(this.#samples)
    return rmsLevel(this.#samples)
  }

  close(): void {
    this.#context?.close().catch(() => {})
  }
}
