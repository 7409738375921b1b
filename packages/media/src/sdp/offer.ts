import { parse } from 'sdp-transform'
import { EngineError } from '../engine.ts'
import type { IceParameters } from '../transport/port.ts'

const MAX_SDP = 256 * 1024
const MAX_LINES = 512
/** 400 m-lines of a browser have about 12,000; the parser tries many patterns on each. */
const MAX_TEXT_LINES = 20_000
const MAX_RIDS = 3

export type Kind = 'audio' | 'video'

/** The codec chosen for an m-line, in the page's own numbers. */
export interface Codec {
  readonly name: 'opus' | 'vp8' | 'h264'
  readonly payloadType: number
  /** Payload type of its repair stream (RFC 4588), or 0. */
  readonly rtx: number
  readonly clockRate: number
  /** Text behind `a=fmtp:<pt> `, or null. */
  readonly fmtp: string | null
}

/** Header extension ids by our short names; 0 when not offered. */
export interface ExtensionIds {
  readonly mid: number
  readonly rid: number
  readonly repairedRid: number
  readonly audioLevel: number
  readonly transportCc: number
}

export interface OfferedLine {
  readonly mid: string
  readonly kind: Kind
  readonly direction: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive'
  /** A stopped m-line: port 0 and nothing to negotiate. */
  readonly rejected: boolean
  /** What we take of the page's codecs, best first; empty when nothing. */
  readonly codecs: readonly Codec[]
  readonly extensions: ExtensionIds
  /** First announced SSRC of the line, or 0, and that of its repair stream. */
  readonly ssrc: number
  readonly rtxSsrc: number
  /** Encodings sent under rids (RFC 8853), at most three; empty for a single one. */
  readonly rids: readonly string[]
}

export interface Offer {
  readonly remote: IceParameters
  readonly lines: readonly OfferedLine[]
}

const URIS = {
  mid: 'urn:ietf:params:rtp-hdrext:sdes:mid',
  rid: 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  repairedRid: 'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
  audioLevel: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  transportCc: 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
} as const
export const EXTENSION_URIS = URIS

type Parsed = ReturnType<typeof parse>
type Media = Parsed['media'][number]

const extensionIds = (media: Media): ExtensionIds => {
  // Ids above 14 need two-byte headers, which we do not write.
  const id = (uri: string) => media.ext?.find((e) => e.uri === uri && e.value < 15)?.value ?? 0
  return {
    mid: id(URIS.mid),
    rid: id(URIS.rid),
    repairedRid: id(URIS.repairedRid),
    audioLevel: id(URIS.audioLevel),
    transportCc: id(URIS.transportCc),
  }
}

/** The parser turns what consists of digits into numbers, whatever its types say. */
const textOf = (value: string | number | undefined): string | null =>
  value === undefined ? null : String(value)

const codecOf = (rtp: { codec: string | number }): string => String(rtp.codec).toLowerCase()

const fmtpOf = (media: Media, payload: number): string | null =>
  textOf(media.fmtp?.find((f) => f.payload === payload)?.config)

/** RFC 4588 §8.1: the repair stream of a payload type names it in `apt`. */
const rtxOf = (media: Media, payload: number): number =>
  media.rtp.find(
    (r) =>
      codecOf(r) === 'rtx' &&
      new RegExp(`(^|;)\\s*apt=${payload}(;|$)`).test(fmtpOf(media, r.payload) ?? ''),
  )?.payload ?? 0

const isUsableH264 = (fmtp: string | null): boolean => (fmtp ?? '').includes('packetization-mode=1')

/** Opus for sound; for pictures VP8, then H.264 with fragmentation. RED, FEC and the rest are left. */
const takenCodecs = (media: Media, kind: Kind): Codec[] => {
  const find = (name: Codec['name'], accept: (fmtp: string | null) => boolean = () => true) => {
    const rtp = media.rtp.find((r) => codecOf(r) === name && accept(fmtpOf(media, r.payload)))
    if (!rtp) return []
    const { payload: payloadType } = rtp
    const clockRate = rtp.rate ?? 90_000
    const rtx = rtxOf(media, payloadType)
    return [{ name, payloadType, rtx, clockRate, fmtp: fmtpOf(media, payloadType) }]
  }
  return kind === 'audio' ? find('opus') : [...find('vp8'), ...find('h264', isUsableH264)]
}

const refuse = (detail: string): never => {
  throw new EngineError('sdp', detail)
}

/** The page's SSRC and that of its repair stream (RFC 5576 §4.2). */
const announcedSsrcs = (media: Media): [number, number] => {
  // A single one, which is no pair, comes as a number.
  const pair = textOf(media.ssrcGroups?.find((g) => g.semantics === 'FID')?.ssrcs)
    ?.split(' ')
    .map(Number)
  return pair?.length === 2
    ? [pair[0] as number, pair[1] as number]
    : [Number(media.ssrcs?.[0]?.id ?? 0), 0]
}

const sentRids = (media: Media): string[] =>
  (media.rids ?? [])
    .filter((r) => r.direction === 'send')
    // The parser turns digits into numbers.
    .map((r) => String(r.id))
    .filter((rid) => /^[A-Za-z0-9_-]{1,16}$/.test(rid))
    .slice(0, MAX_RIDS)

const readLine = (media: Media): OfferedLine => {
  const kind = media.type
  if (kind !== 'audio' && kind !== 'video') return refuse(`An m-line of type ${kind} is not taken`)
  if (media.mid === undefined) return refuse('An m-line has no mid')
  const [ssrc, rtxSsrc] = announcedSsrcs(media)
  return {
    // The parser turns digits into numbers here, too.
    mid: String(media.mid),
    kind,
    direction: media.direction ?? 'sendrecv',
    rejected: media.port === 0,
    codecs: takenCodecs(media, kind),
    extensions: extensionIds(media),
    ssrc,
    rtxSsrc,
    rids: kind === 'video' ? sentRids(media) : [],
  }
}

/** Reads a page's offer; throws an {@link EngineError} `sdp` with the reason. */
export const readOffer = (sdp: string): Offer => {
  if (sdp.length > MAX_SDP || sdp.split('\n', MAX_TEXT_LINES + 1).length > MAX_TEXT_LINES)
    refuse('The description is too large')
  let parsed: Parsed
  try {
    parsed = parse(sdp)
  } catch {
    return refuse('The description could not be read')
  }
  const first = parsed.media?.find((m) => m.port !== 0) ?? parsed.media?.[0]
  if (!first || parsed.media.length > MAX_LINES)
    return refuse('The description has no usable m-lines')
  const ufrag = first.iceUfrag ?? parsed.iceUfrag
  const password = first.icePwd ?? parsed.icePwd
  const fingerprint = first.fingerprint ?? parsed.fingerprint
  if (!ufrag || !password || !fingerprint) return refuse('ICE or DTLS parameters are missing')
  // Characters that the library would choke on are refused here (RFC 8445 §5.3, RFC 8122 §5).
  if (
    !/^[A-Za-z0-9+/]{4,256}$/.test(String(ufrag)) ||
    !/^[A-Za-z0-9+/]{22,256}$/.test(String(password))
  )
    return refuse('The ICE credentials are malformed')
  const mark = `${fingerprint.type} ${fingerprint.hash}`
  if (!/^sha-(256|384|512) ([0-9A-Fa-f]{2}:)+[0-9A-Fa-f]{2}$/.test(mark))
    return refuse('The DTLS fingerprint is malformed')
  const lines = parsed.media.map(readLine)
  if (new Set(lines.map((l) => l.mid)).size !== lines.length)
    return refuse('Two m-lines share a mid')
  if (!lines.every((l) => /^[\w.-]{1,16}$/.test(l.mid))) return refuse('A mid is malformed')
  return {
    remote: { ufrag: String(ufrag), password: String(password), fingerprint: mark },
    lines,
  }
}
