import { YuntangError } from '../errors.ts'
import { loadMediabunny } from './load-mediabunny.ts'
import type { RecordSettings } from './settings.ts'

/** Pictures that wait for the encoder at most; more are left out. */
const MOST_WAITING = 3
const AUDIO_BITRATE = 64_000
/** A file is cut into pieces that play by themselves here. */
const KEY_SECONDS = 1

/** Encodes one recording and hands out the bytes of its file in order. */
export interface Encoder {
  readonly mimeType: string
  /** Takes the canvas as it is now; seconds since the beginning. */
  picture(at: number): void
  pause(on: boolean): void
  /** Everything has been written when it resolves. */
  finish(): Promise<void>
  /** Idempotent, also after `finish`. */
  cancel(): Promise<void>
}

export interface EncoderDeps {
  readonly settings: RecordSettings
  /** Null: no picture is recorded. */
  readonly canvas: OffscreenCanvas | null
  /** Null: no sound is recorded. */
  readonly sound: MediaStreamAudioTrack | null
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>
  /** Nothing more can be encoded or written. */
  failed(error: unknown): void
}

export const createEncoder = async (deps: EncoderDeps): Promise<Encoder> => {
  const { settings, canvas, sound } = deps
  const { width, height, frameRate, bitrate, webm } = settings
  const media = await loadMediabunny()
  const videoCodec = canvas
    ? await media.getFirstEncodableVideoCodec(webm ? ['vp9', 'vp8'] : ['avc', 'vp9', 'av1'], {
        width,
        height,
        bitrate,
      })
    : null
  const audioCodec = sound
    ? await media.getFirstEncodableAudioCodec(webm ? ['opus'] : ['aac', 'opus'], {
        numberOfChannels: 2,
        sampleRate: 48_000,
        bitrate: AUDIO_BITRATE,
      })
    : null
  if ((canvas && !videoCodec) || (sound && !audioCodec)) throw new YuntangError('recording.encoder')

  const format = webm
    ? new media.WebMOutputFormat({ appendOnly: true, minimumClusterDuration: 0.5 })
    : new media.Mp4OutputFormat({ fastStart: 'fragmented', minimumFragmentDuration: 0.5 })
  const target = new media.AppendOnlyStreamTarget(
    new WritableStream<Uint8Array>({
      // What is written may be used again by the one who made it.
      write: (bytes) => deps.write(new Uint8Array(bytes)),
    }),
  )
  const output = new media.Output({ format, target })
  const picture =
    canvas && videoCodec
      ? new media.CanvasSource(canvas, {
          codec: videoCodec,
          bitrate,
          keyFrameInterval: KEY_SECONDS,
          latencyMode: 'realtime',
        })
      : null
  const audio =
    sound && audioCodec
      ? new media.MediaStreamAudioTrackSource(sound, { codec: audioCodec, bitrate: AUDIO_BITRATE })
      : null
  if (picture) output.addVideoTrack(picture, { frameRate })
  if (audio) {
    output.addAudioTrack(audio)
    audio.errorPromise.catch(deps.failed)
  }
  await output.start()

  let waiting = 0
  let over = false
  return {
    mimeType: webm ? 'video/webm' : 'video/mp4',
    picture(at) {
      if (!picture || over || waiting >= MOST_WAITING) return
      waiting++
      picture
        .add(at, 1 / frameRate)
        .catch((error: unknown) => {
          if (!over) deps.failed(error)
        })
        .finally(() => {
          waiting--
        })
    },
    pause(on) {
      if (on) audio?.pause()
      else audio?.resume()
    },
    async finish() {
      over = true
      await output.finalize()
    },
    async cancel() {
      over = true
      if (output.state === 'started' || output.state === 'pending') await output.cancel()
    },
  }
}
