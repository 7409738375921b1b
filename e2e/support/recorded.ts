import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright-core'

/** Whether this machine can look into media files. */
export const canProbe = ['ffprobe', 'ffmpeg'].every(
  (tool) => spawnSync(tool, ['-version']).status === 0,
)

interface FrameReader {
  read(): Promise<{ value: object }>
}

/**
 * What a page that was reloaded while it recorded may leave behind: frames of the camera that nobody gives
 * back. One leaves its camera another; two leave it none for this page.
 */
export const keepFrames = async (count: number): Promise<void> => {
  const [track] = (await navigator.mediaDevices.getUserMedia({ video: true })).getVideoTracks()
  const { MediaStreamTrackProcessor, kept } = window as unknown as {
    MediaStreamTrackProcessor: new (init: object) => { readable: { getReader(): FrameReader } }
    kept?: object[]
  }
  const reader = new MediaStreamTrackProcessor({ track }).readable.getReader()
  const frames = kept ?? []
  for (let i = 0; i < count; i++) frames.push((await reader.read()).value)
  Object.assign(window, { kept: frames })
  track?.stop()
}

/** The bytes of a stored file of a classic page. */
export const storedBytes = async (page: Page, stored: string): Promise<Buffer> => {
  const base64 = await page.evaluate(async (name) => {
    const { CRVideo } = window as unknown as {
      CRVideo: { vfs: { get(name: string): Promise<Blob | null> } }
    }
    const blob = await CRVideo.vfs.get(name)
    if (!blob) throw new Error(`no file ${name}`)
    const url = await new Promise<string>((resolve) => {
      const reader = new FileReader()
      reader.onload = () => resolve(String(reader.result))
      reader.readAsDataURL(blob)
    })
    return url.slice(url.indexOf(',') + 1)
  }, stored)
  return Buffer.from(base64, 'base64')
}

const RATE = 48_000

/** Strength of one tone, by Goertzel. */
const strength = (samples: Float32Array, hertz: number): number => {
  const factor = 2 * Math.cos((2 * Math.PI * hertz) / RATE)
  let [one, two] = [0, 0]
  for (const sample of samples) [one, two] = [sample + factor * one - two, one]
  return (one * one + two * two - factor * one * two) / samples.length
}

export interface Probed {
  /** Seconds. */
  readonly duration: number
  readonly video: { codec: string; width: number; height: number; frames: number } | null
  readonly audio: { codec: string; duration: number } | null
  /** Colour at a place of the picture that is shown at `second`. */
  color(second: number, x: number, y: number): [number, number, number]
  /** Whether this part of the picture stands still for a second anywhere from that second on. */
  freezes(x: number, y: number, width: number, height: number, from: number): boolean
  /** Strength of a tone in the sound between two seconds. */
  tone(hertz: number, from: number, to: number): number
  /** What a whole decoding complains about. */
  readonly complaints: string
}

interface Stream {
  codec_type: string
  codec_name: string
  width?: number
  height?: number
  nb_read_packets?: string
}

/** Looks into a media file with ffprobe and ffmpeg; `use` has it for as long as it runs. */
export const probe = async (bytes: Buffer, use: (file: Probed) => void): Promise<void> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'yuntang-recorded-'))
  const file = path.join(folder, 'recorded')
  const run = (tool: string, args: readonly string[]) =>
    execFileSync(tool, ['-v', 'error', ...args], { maxBuffer: 1 << 28 })
  try {
    writeFileSync(file, bytes)
    const show = ['-count_packets', '-show_streams', '-show_packets', '-of', 'json', file]
    const { streams, packets } = JSON.parse(String(run('ffprobe', show))) as {
      streams: Stream[]
      packets: { codec_type: string; pts_time: string; duration_time?: string }[]
    }
    const end = (type: string) =>
      Math.max(
        0,
        ...packets
          .filter((packet) => packet.codec_type === type)
          .map((packet) => Number(packet.pts_time) + Number(packet.duration_time ?? 0)),
      )
    const find = (type: string) => streams.find((stream) => stream.codec_type === type)
    const [video, audio] = [find('video'), find('audio')]
    const { width = 0, height = 0 } = video ?? {}
    const decoded = spawnSync('ffmpeg', ['-v', 'warning', '-i', file, '-f', 'null', '-'])
    use({
      duration: Math.max(end('video'), end('audio')),
      video: video
        ? { codec: video.codec_name, width, height, frames: Number(video.nb_read_packets) }
        : null,
      audio: audio ? { codec: audio.codec_name, duration: end('audio') } : null,
      color(second, x, y) {
        const rgb = ['-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-']
        const frame = run('ffmpeg', ['-i', file, '-ss', String(second), ...rgb])
        const at = (y * width + x) * 3
        return [frame[at] ?? -1, frame[at + 1] ?? -1, frame[at + 2] ?? -1]
      },
      freezes(x, y, width, height, from) {
        const look = `trim=start=${from},crop=${width}:${height}:${x}:${y},freezedetect=d=1`
        const said = spawnSync('ffmpeg', ['-i', file, '-vf', look, '-an', '-f', 'null', '-'])
        return String(said.stderr).includes('freeze_start')
      },
      tone(hertz, from, to) {
        const pcm = ['-vn', '-ac', '1', '-ar', String(RATE), '-f', 'f32le', '-']
        const part = ['-ss', String(from), '-to', String(to)]
        const raw = run('ffmpeg', ['-i', file, ...part, ...pcm])
        return strength(new Float32Array(new Uint8Array(raw).buffer), hertz)
      },
      complaints: String(decoded.stderr),
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
