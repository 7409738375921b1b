import { execFileSync, spawnSync } from 'node:child_process'
import { PERIOD } from './source-page.ts'

const RATE = 48_000

export const canLook = (): boolean =>
  ['ffmpeg', 'ffprobe'].every((tool) => spawnSync(tool, ['-version']).status === 0)

const run = (tool: string, args: readonly string[]): Buffer =>
  execFileSync(tool, ['-v', 'error', ...args], { maxBuffer: 1 << 30 })

/** Times of the pictures in the file, and the brightness of each, 0 to 1. */
const readPictures = (file: string): (readonly [number, number])[] => {
  const times = String(
    run('ffprobe', [
      '-select_streams',
      'v',
      '-show_entries',
      'packet=pts_time',
      '-of',
      'csv=p=0',
      file,
    ]),
  )
    .split('\n')
    .flatMap((line) => (line.trim() ? [Number.parseFloat(line)] : []))
    .sort((a, b) => a - b)
  const look = 'crop=200:120:200:60,scale=1:1:flags=area,format=gray'
  const raw = ['-fps_mode', 'passthrough', '-f', 'rawvideo', '-']
  const grey = run('ffmpeg', ['-i', file, '-vf', look, ...raw])
  const [low, high] = [Math.min(...grey), Math.max(...grey)]
  return times.map((time, i) => [time, ((grey[i] ?? 0) - low) / (high - low)] as const)
}

const readSound = (file: string): Float32Array => {
  const raw = run('ffmpeg', [
    '-i',
    file,
    '-vn',
    '-ac',
    '1',
    '-ar',
    String(RATE),
    '-f',
    'f32le',
    '-',
  ])
  return new Float32Array(raw.buffer, raw.byteOffset, raw.length / 4)
}

const isTone = (sample: number) => Math.abs(sample) >= 0.1

/** Where the tone begins, seconds. */
const findTones = (samples: Float32Array): number[] => {
  const begins: number[] = []
  let quietSince = 0
  for (const [i, sample] of samples.entries()) {
    if (!isTone(sample)) continue
    if (i - quietSince > RATE / 2) begins.push(i / RATE)
    quietSince = i
  }
  return begins
}

/** Of the hum between the tones: how much quieter and louder than usual it ever is, dB over 20 ms. */
const lookAtHum = (samples: Float32Array): readonly [quietest: number, loudest: number] => {
  const window = RATE / 50
  const powers: number[] = []
  let tone = 0
  for (let from = 0; from + window <= samples.length; from += window) {
    const part = samples.subarray(from, from + window)
    // A tone has an edge on either side.
    if (part.some(isTone)) {
      if (tone === 0) powers.pop()
      tone = 2
    } else if (tone > 0) tone--
    else powers.push(part.reduce((sum, sample) => sum + sample * sample, 0))
  }
  const sorted = powers.slice(RATE / window).sort((a, b) => a - b)
  const usual = sorted[sorted.length >> 1] ?? 0
  const dB = (power = 0) => 10 * Math.log10(power / usual)
  return [dB(sorted[0]), dB(sorted.at(-1))]
}

/** The source's clock as the pictures tell it: at each moment of the file, seconds. */
const readClock = (file: string): (readonly [number, number])[] => {
  let periods = 0
  let before = 0
  const told = readPictures(file).map(([at, level]) => {
    if (level < before - 0.5) periods++
    before = level
    return [at, level, (periods + level) * PERIOD] as const
  })
  // About the edges a picture is half of this and half of the next period.
  return told.flatMap(([at, level, time]) => (level > 0.1 && level < 0.9 ? [[at, time]] : []))
}

/** Pictures about a tone that tell the time together; seconds to either side. */
const NEAR = 1

/** What a file shows of its sound and its picture. */
export interface Look {
  /**
   * How far the picture is from the sound, at each tone of the file; both in seconds, counted from an
   * unknown beginning. A tone or a period of the picture that a busy machine left out altogether is none
   * that they part by: of what differs by whole periods the nearest to the one before is taken.
   */
  readonly apart: readonly (readonly [at: number, apart: number])[]
  /** How much quieter and louder than usual the hum ever is, dB over 20 ms. */
  readonly hum: readonly [quietest: number, loudest: number]
}

export const lookAt = (file: string): Look => {
  const clock = readClock(file)
  const samples = readSound(file)
  let before: number | null = null
  const apart = findTones(samples).flatMap((at, i) => {
    const near = clock.filter(([when]) => Math.abs(when - at) < NEAR)
    if (near.length === 0) return []
    const ahead = near.reduce((sum, [when, time]) => sum + time - when, 0) / near.length
    const by: number = ahead + at - i * PERIOD
    before = by - Math.round((by - (before ?? by)) / PERIOD) * PERIOD
    return [[at, before] as const]
  })
  return { apart, hum: lookAtHum(samples) }
}
