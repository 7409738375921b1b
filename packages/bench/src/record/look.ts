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

/** Where the tone begins, seconds. */
const readTones = (file: string): number[] => {
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
  const samples = new Float32Array(new Uint8Array(raw).buffer)
  const begins: number[] = []
  let quietSince = 0
  for (let i = 0; i < samples.length; i++) {
    if (Math.abs(samples[i] ?? 0) < 0.1) continue
    if (i - quietSince > RATE / 2) begins.push(i / RATE)
    quietSince = i
  }
  return begins
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

/**
 * How far the picture is from the sound, at each tone of the file; both in seconds, counted from an
 * unknown beginning. A tone or a period of the picture that a busy machine left out altogether is none
 * that they part by: of what differs by whole periods the nearest to the one before is taken.
 */
export const lookAt = (file: string): (readonly [at: number, apart: number])[] => {
  const clock = readClock(file)
  let before: number | null = null
  return readTones(file).flatMap((at, i) => {
    const near = clock.filter(([when]) => Math.abs(when - at) < NEAR)
    if (near.length === 0) return []
    const ahead = near.reduce((sum, [when, time]) => sum + time - when, 0) / near.length
    const apart: number = ahead + at - i * PERIOD
    before = apart - Math.round((apart - (before ?? apart)) / PERIOD) * PERIOD
    return [[at, before] as const]
  })
}
