import { onNextGesture } from '../devices/gesture.ts'
import { createRenewal } from './sound-renewal.ts'
import { createSoundSources, type SoundSources } from './sound-sources.ts'
import { createSoundTime } from './sound-time.ts'

/** Of everything that is mixed, Hz. */
export const SOUND_RATE = 48_000
/** How long a page that may make sound needs to begin at most. */
const START_MS = 1000
/** Samples of each channel that are handed over at once. */
const BATCH = 2048

/** Runs where sound is made: no script of the page can delay it. */
const PROCESSOR = `registerProcessor('yuntang-record', class extends AudioWorkletProcessor {
  batch = new Float32Array(${2 * BATCH})
  used = 0
  open = true
  constructor() {
    super()
    this.port.onmessage = () => { this.open = false }
  }
  process([channels]) {
    const [left, right = left] = channels
    if (left) {
      this.batch.set(left, this.used)
      this.batch.set(right, ${BATCH} + this.used)
    }
    this.used += 128
    if (this.used === ${BATCH}) {
      const end = currentFrame + 128
      this.port.postMessage({ end, batch: this.batch }, [this.batch.buffer])
      this.batch = new Float32Array(${2 * BATCH})
      this.used = 0
    }
    return this.open
  }
})`

/** Two channels, one behind the other. */
export interface Samples {
  readonly planes: Float32Array<ArrayBuffer>
  /** In time of the mix, seconds. */
  readonly from: number
  readonly to: number
}

/** Mixes the sound of any number of streams. */
export interface SoundMix {
  /** Seconds that the samples count. */
  readonly now: number
  /** No samples come: nobody has touched the page yet, a call took the device, or it is gone. */
  readonly stands: boolean
  /** Mixes these and no others. */
  set(streams: readonly MediaStream[]): void
  /** Every sample from now on, silence included. */
  listen(onSamples: (samples: Samples) => void): void
  close(): void
}

const addProcessor = async (context: AudioContext) => {
  const url = URL.createObjectURL(new Blob([PROCESSOR], { type: 'text/javascript' }))
  try {
    await context.audioWorklet.addModule(url)
  } finally {
    URL.revokeObjectURL(url)
  }
}

/** Begins by itself when the page may handle sound: browsers want a gesture first. `pageNow` in seconds. */
export const createSoundMix = async (pageNow: () => number): Promise<SoundMix> => {
  const context = new AudioContext({ sampleRate: SOUND_RATE })
  const resume = () => {
    context.resume().catch(() => {})
  }
  const endGesture = onNextGesture(resume)
  let node: AudioWorkletNode | null = null
  let sources: SoundSources | null = null
  const close = () => {
    endGesture()
    context.onstatechange = null
    sources?.close()
    if (node) {
      node.port.onmessage = null
      node.port.postMessage('close')
      node.disconnect()
    }
    context.close().catch(() => {})
  }
  const late = new Promise<void>((resolve) => setTimeout(resolve, START_MS))
  await Promise.race([context.resume(), late])
  if (context.state !== 'running')
    console.warn('recording without sound until the first gesture on the page')
  try {
    await addProcessor(context)
  } catch (error) {
    close()
    throw error
  }
  const tap = new AudioWorkletNode(context, 'yuntang-record', {
    channelCount: 2,
    channelCountMode: 'explicit',
    channelInterpretation: 'speakers',
  })
  node = tap
  const mixed = createSoundSources(context, tap)
  sources = mixed
  // It gives silence; a node that leads nowhere need not run.
  tap.connect(context.destination)
  // A call or another device may have stopped it.
  context.onstatechange = resume
  const time = createSoundTime(() => context.currentTime, pageNow)
  const renewal = createRenewal(() => {
    // The browser's own pair of both clocks: exact, while what a page reads of them is late by a burst.
    const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp?.() ?? {}
    return contextTime > 0 ? performanceTime / 1000 - contextTime : null
  }, pageNow)
  return {
    get now() {
      return time.now
    },
    get stands() {
      return time.stands
    },
    set(streams) {
      mixed.set(streams, renewal.due())
    },
    listen(onSamples) {
      tap.port.onmessage = ({ data }: MessageEvent<{ end: number; batch: Samples['planes'] }>) => {
        const to = time.of(data.end / SOUND_RATE)
        onSamples({ planes: data.batch, from: to - BATCH / SOUND_RATE, to })
      }
    },
    close,
  }
}
