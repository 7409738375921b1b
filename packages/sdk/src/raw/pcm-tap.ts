import { onNextGesture } from '../devices/gesture.ts'

/** Runs where sound is made: no script of the page can delay it. */
const PROCESSOR = `registerProcessor('yuntang-pcm', class extends AudioWorkletProcessor {
  batch = new Float32Array(1024)
  used = 0
  open = true
  constructor() {
    super()
    this.port.onmessage = () => { this.open = false }
  }
  process([[samples]]) {
    if (samples) this.batch.set(samples, this.used)
    else this.batch.fill(0, this.used, this.used + 128)
    this.used += 128
    if (this.used === this.batch.length) {
      this.port.postMessage(this.batch)
      this.used = 0
    }
    return this.open
  }
})`

/** Whether this page may tap sound: browsers ask for a secure context. */
export const canTap = (): boolean => typeof globalThis.AudioWorkletNode === 'function'

/** Listens to streams and hands out their mono mix, silence included. */
export class PcmTap {
  readonly #context = new AudioContext()
  readonly #sources = new Map<MediaStream, MediaStreamAudioSourceNode>()
  #node: AudioWorkletNode | null = null
  #endGesture: () => void = () => {}
  #wanted: readonly MediaStream[] = []
  #closed = false

  /** Samples come in this rate, Hz. */
  get rate(): number {
    return this.#context.sampleRate
  }

  /** Begins; rejects when the browser refuses. */
  async open(onSamples: (samples: Float32Array) => void): Promise<void> {
    const resume = () => {
      this.#context.resume().catch(() => {})
    }
    resume()
    this.#endGesture = onNextGesture(resume)
    const url = URL.createObjectURL(new Blob([PROCESSOR], { type: 'text/javascript' }))
    try {
      await this.#context.audioWorklet.addModule(url)
    } finally {
      URL.revokeObjectURL(url)
    }
    if (this.#closed) return
    const node = new AudioWorkletNode(this.#context, 'yuntang-pcm', {
      channelCount: 1,
      channelCountMode: 'explicit',
    })
    node.port.onmessage = ({ data }: MessageEvent<Float32Array>) => onSamples(data)
    // It gives silence; a node that leads nowhere need not run.
    node.connect(this.#context.destination)
    this.#node = node
    this.#connect()
  }

  /** What is mixed from now on. */
  set(streams: readonly MediaStream[]): void {
    this.#wanted = streams
    this.#connect()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#endGesture()
    this.set([])
    if (this.#node) {
      this.#node.port.onmessage = null
      this.#node.port.postMessage('close')
      this.#node.disconnect()
    }
    this.#context.close().catch(() => {})
  }

  #connect(): void {
    const node = this.#node
    if (!node) return
    for (const [stream, source] of this.#sources)
      if (!this.#wanted.includes(stream)) {
        source.disconnect()
        this.#sources.delete(stream)
      }
    for (const stream of this.#wanted)
      if (!this.#sources.has(stream) && stream.getAudioTracks().length > 0) {
        const source = this.#context.createMediaStreamSource(stream)
        source.connect(node)
        this.#sources.set(stream, source)
      }
  }
}
