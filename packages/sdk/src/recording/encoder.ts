import { YuntangError } from '../errors.ts'
import { loadMediabunny } from './load-mediabunny.ts'
import type { RecordSettings } from './settings.ts'
import { type Samples, SOUND_RATE } from './sound-mix.ts'

/** Pictures that wait for the encoder at most; more are left out. */
const MOST_WAITING = 3
/** Pieces of sound that wait at most, about four seconds; silence takes the place of more. */
const MOST_SOUND_WAITING = 100
/** Samples of the shortest recording. */
const MOMENT = SOUND_RATE / 10
const AUDIO_BITRATE = 64_000
/** A file is cut into pieces that play by themselves here: a page that dies loses its last piece. */
const KEY_SECONDS = 0.6

/** Encodes one recording and hands out the bytes of its file in order. */
export interface Encoder {
  readonly mimeType: string
  /** Takes the canvas as it is now; seconds since the beginning. False: there was no time for it. */
  picture(at: number): boolean
  /** Two channels one behind the other, at seconds since the beginning. */
  sound(planes: Samples['planes'], at: number): void
  /** Everything has been written when it resolves. */
  finish(): Promise<void>
  /** Idempotent, also after `finish`. */
  cancel(): Promise<void>
}

export interface EncoderDeps {
  readonly settings: RecordSettings
  /** Null: no picture is recorded. */
  readonly canvas: OffscreenCanvas | null
  readonly withSound: boolean
  /** Bytes that may be used again once it has resolved. */
  write(bytes: Uint8Array): Promise<void>
  /** Nothing more can be encoded or written. */
  failed(error: unknown): void
}

type Mediabunny = Awaited<ReturnType<typeof loadMediabunny>>

/**
 * What the browser can encode of what the name asks for. MP4 holds Opus too where there is no AAC encoder;
 * a browser with none of its codecs gets WebM under the requested name (spec 10 §2.1, encoding).
 */
const chooseCodecs = async (
  media: Mediabunny,
  { settings, canvas, withSound }: Pick<EncoderDeps, 'settings' | 'canvas' | 'withSound'>,
) => {
  const { width, height, bitrate } = settings
  const sound = { numberOfChannels: 2, sampleRate: SOUND_RATE, bitrate: AUDIO_BITRATE }
  const choose = async (webm: boolean) => ({
    webm,
    video: canvas
      ? await media.getFirstEncodableVideoCodec(webm ? ['vp9', 'vp8'] : ['avc', 'vp9', 'av1'], {
          width,
          height,
          bitrate,
        })
      : null,
    audio: withSound
      ? await media.getFirstEncodableAudioCodec(webm ? ['opus'] : ['aac', 'opus'], sound)
      : null,
  })
  type Choice = Awaited<ReturnType<typeof choose>>
  const isWhole = ({ video, audio }: Choice) =>
    (video !== null || !canvas) && (audio !== null || !withSound)
  const asked = await choose(settings.webm)
  const chosen = isWhole(asked) || settings.webm ? asked : await choose(true)
  if (!isWhole(chosen)) throw new YuntangError('recording.encoder')
  return chosen
}

export const createEncoder = async (deps: EncoderDeps): Promise<Encoder> => {
  const { settings, canvas } = deps
  const { frameRate, bitrate } = settings
  const media = await loadMediabunny()
  const { webm, video: videoCodec, audio: audioCodec } = await chooseCodecs(media, deps)
  const format = webm
    ? new media.WebMOutputFormat({ appendOnly: true, minimumClusterDuration: 0.5 })
    : new media.Mp4OutputFormat({ fastStart: 'fragmented', minimumFragmentDuration: 0.5 })
  const target = new media.AppendOnlyStreamTarget(
    new WritableStream<Uint8Array>({ write: (bytes) => deps.write(bytes) }),
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
  const audio = audioCodec
    ? new media.AudioSampleSource({ codec: audioCodec, bitrate: AUDIO_BITRATE })
    : null
  // Without a rate: players would see gaps where pictures were left out.
  if (picture) output.addVideoTrack(picture)
  if (audio) output.addAudioTrack(audio)
  await output.start()

  const waiting = { pictures: 0, sound: 0 }
  let over = false
  let heard = false
  const wait = (kind: keyof typeof waiting, added: Promise<void>) => {
    waiting[kind]++
    added
      .catch((error: unknown) => {
        if (!over) deps.failed(error)
      })
      .finally(() => {
        waiting[kind]--
      })
  }
  const addSound: Encoder['sound'] = (planes, at) => {
    if (!audio || over || waiting.sound >= MOST_SOUND_WAITING) return
    heard = true
    const sample = new media.AudioSample({
      data: planes,
      format: 'f32-planar',
      numberOfChannels: 2,
      sampleRate: SOUND_RATE,
      timestamp: at,
    })
    wait(
      'sound',
      audio.add(sample).finally(() => sample.close()),
    )
  }
  return {
    mimeType: webm ? 'video/webm' : 'video/mp4',
    picture(at) {
      if (!picture || over || waiting.pictures >= MOST_WAITING) return false
      wait('pictures', picture.add(at, 1 / frameRate))
      return true
    },
    sound: addSound,
    async finish() {
      // A file needs something in it; the sound of its first moment may still be on its way.
      if (!picture && !heard) addSound(new Float32Array(2 * MOMENT), 0)
      over = true
      await output.finalize()
    },
    async cancel() {
      over = true
      if (output.state === 'started' || output.state === 'pending') await output.cancel()
    },
  }
}
