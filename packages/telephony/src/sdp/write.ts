import { CLOCK_RATES, type Codec, type Digits } from './codecs.ts'
import type { Direction, MediaLine } from './read.ts'

/** Our description of the sound of a call (RFC 8866). */
export interface LocalDescription {
  readonly session: number
  /** One more with every change (RFC 3264 §8). */
  readonly version: number
  readonly address: string
  readonly port: number
  readonly codecs: readonly Codec[]
  readonly digits: readonly Digits[]
  readonly direction: Direction
  /** The lines of the offer that this answers, and which of them is taken. */
  readonly answers?: { readonly lines: readonly MediaLine[]; readonly index: number }
}

const codecLine = ({ name, payloadType }: Codec): string =>
  `a=rtpmap:${payloadType} ${name}/${CLOCK_RATES[name]}${name === 'opus' ? '/2' : ''}`

const audioLines = (d: LocalDescription): string[] => [
  `m=audio ${d.port} RTP/AVP ${[...d.codecs, ...d.digits].map((c) => c.payloadType).join(' ')}`,
  ...d.codecs.map(codecLine),
  ...d.digits.flatMap(({ payloadType, clockRate }) => [
    `a=rtpmap:${payloadType} telephone-event/${clockRate}`,
    `a=fmtp:${payloadType} 0-15`,
  ]),
  'a=ptime:20',
  `a=${d.direction}`,
]

export const writeDescription = (d: LocalDescription): string => {
  const network = `IN IP${d.address.includes(':') ? 6 : 4} ${d.address}`
  const media = d.answers
    ? d.answers.lines.map((line, i) =>
        i === d.answers!.index
          ? audioLines(d)
          : [`m=${line.kind} 0 ${line.protocol} ${line.format}`],
      )
    : [audioLines(d)]
  return [
    'v=0',
    `o=- ${d.session} ${d.version} ${network}`,
    's=-',
    `c=${network}`,
    't=0 0',
    ...media.flat(),
    '',
  ].join('\r\n')
}
