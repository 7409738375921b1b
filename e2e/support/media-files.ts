import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** A person: a colour that fills the picture and a tone in the microphone. */
export interface Face {
  readonly name: string
  readonly rgb: readonly [number, number, number]
  /** Hz */
  readonly tone: number
  /** The picture trembles everywhere, so that the encoder needs all the rate it is given. */
  readonly restless?: boolean
}

export const RED: Face = { name: 'red', rgb: [200, 40, 40], tone: 440 }
export const GREEN: Face = { name: 'green', rgb: [40, 170, 60], tone: 880 }
export const BLUE: Face = { name: 'blue', rgb: [50, 70, 210], tone: 1540 }
export const RESTLESS: Face = { name: 'restless', rgb: [120, 120, 120], tone: 660, restless: true }

const DIR = path.join(tmpdir(), 'yuntang-e2e-faces')
const WIDTH = 640
const HEIGHT = 360
const FPS = 15

const yuv = ([r, g, b]: readonly [number, number, number]) => [
  Math.round(16 + 0.257 * r + 0.504 * g + 0.098 * b),
  Math.round(128 - 0.148 * r - 0.291 * g + 0.439 * b),
  Math.round(128 + 0.439 * r - 0.368 * g - 0.071 * b),
]

/** From -40 to 39, the same in every run. */
const noiseFrom = (seed: number) => {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return ((state >>> 16) % 80) - 40
  }
}

/** Y4M of two seconds: the face's colour with a white bar that wanders from left to right. */
const writeVideo = (file: string, face: Face) => {
  const [y, u, v] = yuv(face.rgb) as [number, number, number]
  const fd = openSync(file, 'w')
  writeSync(fd, `YUV4MPEG2 W${WIDTH} H${HEIGHT} F${FPS}:1 Ip A1:1 C420jpeg\n`)
  const quarter = (WIDTH * HEIGHT) / 4
  const frames = FPS * 2
  const noise = noiseFrom(1)
  for (let n = 0; n < frames; n++) {
    const luma = Buffer.alloc(WIDTH * HEIGHT, y)
    if (face.restless) for (let i = 0; i < luma.length; i += 4) luma.fill(y + noise(), i, i + 4)
    const left = Math.floor((n / frames) * (WIDTH - 40))
    for (let row = 0; row < 60; row++) luma.fill(235, row * WIDTH + left, row * WIDTH + left + 40)
    writeSync(fd, 'FRAME\n')
    writeSync(fd, luma)
    writeSync(fd, Buffer.alloc(quarter, u))
    writeSync(fd, Buffer.alloc(quarter, v))
  }
  closeSync(fd)
}

/** WAV, 16 bit mono. */
export const wavOf = (samples: Int16Array, rate: number): Buffer => {
  const wav = Buffer.alloc(44 + samples.length * 2)
  wav.write('RIFF', 0)
  wav.writeUInt32LE(36 + samples.length * 2, 4)
  wav.write('WAVEfmt ', 8)
  wav.writeUInt32LE(16, 16)
  wav.writeUInt16LE(1, 20)
  wav.writeUInt16LE(1, 22)
  wav.writeUInt32LE(rate, 24)
  wav.writeUInt32LE(rate * 2, 28)
  wav.writeUInt16LE(2, 32)
  wav.writeUInt16LE(16, 34)
  wav.write('data', 36)
  wav.writeUInt32LE(samples.length * 2, 40)
  for (const [n, sample] of samples.entries()) wav.writeInt16LE(sample, 44 + n * 2)
  return wav
}

/** Two seconds in 48 kHz, whole periods so that it loops without a click. */
const writeAudio = (file: string, face: Face) => {
  const rate = 48_000
  const wave = (n: number) => Math.round(14_000 * Math.sin((2 * Math.PI * face.tone * n) / rate))
  writeFileSync(
    file,
    wavOf(
      Int16Array.from({ length: rate * 2 }, (_, n) => wave(n)),
      rate,
    ),
  )
}

/** Files for Chromium's fake devices, made once. */
export const faceFiles = (face: Face): { video: string; audio: string } => {
  mkdirSync(DIR, { recursive: true })
  const video = path.join(DIR, `${face.name}.y4m`)
  const audio = path.join(DIR, `${face.name}.wav`)
  for (const [file, write] of [
    [video, writeVideo],
    [audio, writeAudio],
  ] as const) {
    if (existsSync(file)) continue
    // Another story may be at it at the same time: none may find half of it.
    write(`${file}.${process.pid}`, face)
    renameSync(`${file}.${process.pid}`, file)
  }
  return { video, audio }
}
