import type { MediaTransport } from '../transport/port.ts'
import { type Codec, EXTENSION_URIS, type ExtensionIds, type Kind } from './offer.ts'

/** One m-line of a description that we write. */
export interface WrittenLine {
  readonly mid: string
  readonly kind: Kind
  /** Null rejects the line. */
  readonly codec: Codec | null
  readonly extensions: ExtensionIds
  readonly direction: 'sendonly' | 'recvonly' | 'inactive'
  /** Encodings that the page sends on the line. */
  readonly rids?: readonly string[]
  /** What we send on the line. */
  readonly source?: {
    readonly ssrc: number
    readonly rtxSsrc: number
    readonly stream: string
    readonly track: string
  }
}

export interface WrittenDescription {
  readonly type: 'offer' | 'answer'
  readonly version: number
  readonly local: MediaTransport['local']
  readonly candidates: readonly string[]
  readonly lines: readonly WrittenLine[]
}

/** kbit/s at which Chromium's estimate begins; without it a camera stays small for ten seconds. */
const START_BITRATE = 1000

const FEEDBACK = ['transport-cc', 'ccm fir', 'nack', 'nack pli']

const codecLines = (codec: Codec, receiving: boolean): string[] => {
  const pt = codec.payloadType
  if (codec.name === 'opus')
    return [
      `a=rtpmap:${pt} opus/${codec.clockRate}/2`,
      ...(codec.fmtp ? [`a=fmtp:${pt} ${codec.fmtp}`] : []),
      `a=rtcp-fb:${pt} transport-cc`,
    ]
  const fmtp = [codec.fmtp, receiving ? `x-google-start-bitrate=${START_BITRATE}` : null]
  const parameters = fmtp.filter(Boolean).join(';')
  return [
    `a=rtpmap:${pt} ${codec.name.toUpperCase()}/${codec.clockRate}`,
    ...(parameters ? [`a=fmtp:${pt} ${parameters}`] : []),
    ...FEEDBACK.map((f) => `a=rtcp-fb:${pt} ${f}`),
    ...(codec.rtx
      ? [`a=rtpmap:${codec.rtx} rtx/${codec.clockRate}`, `a=fmtp:${codec.rtx} apt=${pt}`]
      : []),
  ]
}

const extensionLines = ({ kind, direction, extensions }: WrittenLine): string[] => {
  // What we send is bound by its announced SSRC: it carries neither mid nor rid.
  const receiving = direction !== 'sendonly'
  const names: (keyof ExtensionIds)[] = [
    ...(receiving ? (['mid'] as const) : []),
    ...(receiving && kind === 'video' ? (['rid', 'repairedRid'] as const) : []),
    ...(kind === 'audio' ? (['audioLevel'] as const) : []),
    'transportCc',
  ]
  return names
    .filter((name) => extensions[name])
    .map((name) => `a=extmap:${extensions[name]} ${EXTENSION_URIS[name]}`)
}

/** RFC 8853: the encodings that we take, in the page's order. */
const simulcastLines = (rids: readonly string[]): string[] =>
  rids.length
    ? [...rids.map((rid) => `a=rid:${rid} recv`), `a=simulcast:recv ${rids.join(';')}`]
    : []

const sourceLines = (source: NonNullable<WrittenLine['source']>): string[] => {
  const { ssrc, rtxSsrc, stream, track } = source
  const ssrcs = rtxSsrc ? [ssrc, rtxSsrc] : [ssrc]
  return [
    ...(rtxSsrc ? [`a=ssrc-group:FID ${ssrc} ${rtxSsrc}`] : []),
    ...ssrcs.flatMap((s) => [`a=ssrc:${s} cname:${stream}`, `a=ssrc:${s} msid:${stream} ${track}`]),
  ]
}

const mediaLines = (line: WrittenLine, d: WrittenDescription): string[] => {
  const { codec, source } = line
  if (!codec)
    return [
      `m=${line.kind} 0 UDP/TLS/RTP/SAVPF 0`,
      'c=IN IP4 0.0.0.0',
      `a=mid:${line.mid}`,
      'a=inactive',
    ]
  return [
    `m=${line.kind} 9 UDP/TLS/RTP/SAVPF ${codec.payloadType}${codec.rtx ? ` ${codec.rtx}` : ''}`,
    'c=IN IP4 0.0.0.0',
    'a=rtcp:9 IN IP4 0.0.0.0',
    `a=ice-ufrag:${d.local.ufrag}`,
    `a=ice-pwd:${d.local.password}`,
    `a=fingerprint:${d.local.fingerprint}`,
    `a=setup:${d.type === 'offer' ? 'actpass' : d.local.setup}`,
    `a=mid:${line.mid}`,
    ...extensionLines(line),
    `a=${line.direction}`,
    ...(source ? [`a=msid:${source.stream} ${source.track}`] : []),
    'a=rtcp-mux',
    'a=rtcp-rsize',
    ...codecLines(codec, line.direction === 'recvonly'),
    ...(line.direction === 'recvonly' ? simulcastLines(line.rids ?? []) : []),
    ...(source ? sourceLines(source) : []),
    ...d.candidates.map((c) => `a=${c}`),
    'a=end-of-candidates',
  ]
}

/** Our browser-facing description; the library never sees it. */
export const writeDescription = (d: WrittenDescription): string =>
  [
    'v=0',
    `o=- 4611731400430051336 ${d.version} IN IP4 127.0.0.1`,
    's=-',
    't=0 0',
    `a=group:BUNDLE ${d.lines
      .filter((l) => l.codec)
      .map((l) => l.mid)
      .join(' ')}`,
    'a=msid-semantic: WMS *',
    ...d.lines.flatMap((line) => mediaLines(line, d)),
    '',
  ].join('\r\n')
