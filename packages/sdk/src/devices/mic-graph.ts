import { onNextGesture } from './gesture.ts'

/** About 170 ms at 48 kHz, close to the 200 ms of spec 08 §5. */
const WINDOW = 8192
/** Level of digital silence while the microphone is open, dBFS. */
const FLOOR = -100

/** RMS of samples between -1 and 1, in dBFS. */
export function rmsLevel(samples: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < samples.length; i++) sum += (samples[i] ?? 0) ** 2
  return sum === 0 ? FLOOR : Math.max(FLOOR, 10 * Math.log10(sum / samples.length))
}

/**
 * The microphone's path: capture → gain → optional compressor → track. The track stays the same while
 * the capture behind it is exchanged.
 */
export class MicGraph {
  readonly #context = new AudioContext({ latencyHint: 'interactive' })
  readonly #gain = this.#context.createGain()
  readonly #compressor = this.#context.createDynamicsCompressor()
  readonly #tail = this.#context.createGain()
  readonly #analyser = this.#context.createAnalyser()
  readonly #out = this.#context.createMediaStreamDestination()
  readonly #samples = new Float32Array(WINDOW)
  #source: MediaStreamAudioSourceNode | null = null
  #capture: MediaStreamTrack | null = null
  #endGesture: () => void = () => {}

  constructor(capture: MediaStreamTrack) {
    this.#analyser.fftSize = WINDOW
    this.#tail.connect(this.#analyser)
    this.#tail.connect(this.#out)
    this.setCapture(capture)
    this.#run()
  }

  /** What is sent. */
  get track(): MediaStreamTrack {
    const [track] = this.#out.stream.getAudioTracks()
    if (!track) throw new DOMException('The microphone gave no audio track', 'NotReadableError')
    return track
  }

  /** The device's own track. */
  get capture(): MediaStreamTrack | null {
    return this.#capture
  }

  get level(): number {
    this.#analyser.getFloatTimeDomainData(this.#samples)
    return rmsLevel(this.#samples)
  }

  setCapture(capture: MediaStreamTrack): void {
    this.#source?.disconnect()
    this.#capture?.stop()
    this.#capture = capture
    this.#source = this.#context.createMediaStreamSource(new MediaStream([capture]))
    this.#source.connect(this.#gain)
  }

  /** `gain` linear, 1 unchanged. */
  shape(gain: number, compress: boolean): void {
    this.#gain.gain.value = gain
    this.#gain.disconnect()
    this.#compressor.disconnect()
    if (compress) {
      this.#gain.connect(this.#compressor)
      this.#compressor.connect(this.#tail)
    } else this.#gain.connect(this.#tail)
  }

  stop(): void {
    this.#endGesture()
    this.#capture?.stop()
    for (const track of this.#out.stream.getTracks()) track.stop()
    this.#context.close().catch(() => {})
  }

  #run(): void {
    if (this.#context.state === 'running') return
    const resume = () => {
      this.#context.resume().catch(() => {})
    }
    resume()
    this.#endGesture = onNextGesture(resume)
  }
}
