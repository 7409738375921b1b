import { isIP } from 'node:net'
import { parse, type SessionDescription } from 'sdp-transform'
import { CLOCK_RATES, type Codec, type Digits } from './codecs.ts'

/** A description that cannot be used for a telephone call. */
export class SdpError extends Error {
  override readonly name = 'SdpError'
}

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive'

/** An m-line as it must be repeated in the answer, in its place (RFC 3264 §6). */
export interface MediaLine {
  readonly kind: string
  readonly protocol: string
  readonly format: string
}

/** What the other side says of its sound. */
export interface RemoteDescription {
  readonly address: string
  readonly port: number
  /** Ours among those it takes, in its order; never empty. */
  readonly codecs: readonly Codec[]
  readonly digits: readonly Digits[]
  readonly direction: Direction
  readonly lines: readonly MediaLine[]
  /** Which of the lines this is. */
  readonly index: number
}

/** Longest description that is read, in characters. */
const MAX_TEXT = 16_384
const MAX_LINES = 16
const PLAIN = /^[\w/.-]{1,64}$/
const NAMES = { opus: 'opus', pcma: 'PCMA', pcmu: 'PCMU' } as const

type Media = SessionDescription['media'][number]

const payloadTypes = (media: Media): number[] =>
  String(media.payloads ?? '')
    .split(' ')
    .filter((text) => /^\d{1,3}$/.test(text))
    .map(Number)
    .filter((type) => type <= 127)

const codecOf = (media: Media, payloadType: number): Codec | null => {
  const map = media.rtp.find((rtp) => rtp.payload === payloadType)
  const name = map
    ? NAMES[String(map.codec).toLowerCase() as keyof typeof NAMES]
    : ({ 0: 'PCMU', 8: 'PCMA' } as const)[payloadType]
  if (!name || (map && map.rate !== undefined && map.rate !== CLOCK_RATES[name])) return null
  return { name, payloadType }
}

const isDigits = (rtp: Media['rtp'][number]): boolean =>
  String(rtp.codec).toLowerCase() === 'telephone-event'

const readLine = (media: Media): MediaLine => {
  const line = {
    kind: String(media.type),
    protocol: String(media.protocol),
    format: String(media.payloads ?? '').split(' ')[0] || '0',
  }
  if (!Object.values(line).every((text) => PLAIN.test(text)))
    throw new SdpError('an m-line that cannot be read')
  return line
}

/** Takes the first line of plain RTP audio with a codec that we have. Throws {@link SdpError}. */
export const readDescription = (text: string): RemoteDescription => {
  if (text.length > MAX_TEXT) throw new SdpError('a description over 16 KiB')
  const session = parse(text)
  const lines = session.media.slice(0, MAX_LINES + 1).map(readLine)
  if (lines.length > MAX_LINES) throw new SdpError('over 16 m-lines')
  const index = session.media.findIndex(
    (media) =>
      media.type === 'audio' &&
      media.protocol === 'RTP/AVP' &&
      media.port > 0 &&
      payloadTypes(media).some((type) => codecOf(media, type)),
  )
  const media = session.media[index]
  if (!media) throw new SdpError('no sound by plain RTP in a codec that we have')
  const connection = media.connection ?? session.connection
  const address = String(connection?.ip ?? '').split('/')[0]!
  if (!isIP(address)) throw new SdpError('no address for the sound')
  if (/^(22[4-9]|23\d)\.|^ff/i.test(address)) throw new SdpError('a multicast address')
  if (!Number.isInteger(media.port) || media.port > 65_535) throw new SdpError('no port')
  const listed = payloadTypes(media)
  // RFC 2543 told somebody to be silent by an address of nothing.
  const silent = address === '0.0.0.0' || address === '::'
  const direction = (media.direction ?? session.direction ?? 'sendrecv') as Direction
  return {
    address,
    port: media.port,
    codecs: listed.flatMap((type) => codecOf(media, type) ?? []),
    digits: media.rtp
      .filter((rtp) => isDigits(rtp) && listed.includes(rtp.payload))
      .map((rtp) => ({ payloadType: rtp.payload, clockRate: rtp.rate ?? 8000 })),
    direction: silent ? (direction === 'sendrecv' ? 'sendonly' : 'inactive') : direction,
    lines,
    index,
  }
}
