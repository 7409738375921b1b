import { bandwidthCap, type NetworkSample } from './network-level.ts'

/** The fields of `getStats()` that spec 07 §6 uses; which are there depends on `type`. */
export interface Stat {
  readonly id: string
  readonly type: string
  readonly kind?: string
  readonly localId?: string
  /** ms */
  readonly timestamp?: number
  readonly bytesSent?: number
  readonly packetsSent?: number
  readonly packetsReceived?: number
  readonly packetsLost?: number
  readonly bytesReceived?: number
  /** s */
  readonly jitter?: number
  readonly fractionLost?: number
  readonly nominated?: boolean
  /** s */
  readonly currentRoundTripTime?: number
  readonly qualityLimitationReason?: string
}

export type Measured = Omit<NetworkSample, 'path'> & { readonly bytesReceived: number }

type Counter = 'packetsLost' | 'packetsReceived' | 'packetsSent' | 'bytesSent' | 'timestamp'

const largest = (values: readonly number[]) => (values.length > 0 ? Math.max(...values) : null)
const defined = (value: number | undefined): value is number => value !== undefined

/** What happened between two reads of both connections. `maxBitrate` in bit/s as configured. */
export function measure(
  before: readonly Stat[],
  now: readonly Stat[],
  maxBitrate: number,
): Measured {
  const earlier = new Map(before.map((stat) => [stat.id, stat]))
  const gain = (stat: Stat, field: Counter) =>
    Math.max(0, (stat[field] ?? 0) - (earlier.get(stat.id)?.[field] ?? 0))
  const of = (type: string) => now.filter((stat) => stat.type === type)
  const outbound = of('outbound-rtp')
  const inbound = of('inbound-rtp')
  const sum = (list: readonly number[]) => list.reduce((total, value) => total + value, 0)

  const reports = of('remote-inbound-rtp').map((report) => {
    const stream = outbound.find(({ id }) => id === report.localId)
    return { lost: report.fractionLost ?? 0, weight: stream ? gain(stream, 'packetsSent') : 0 }
  })
  const weight = sum(reports.map((report) => report.weight))
  const up = weight > 0 ? sum(reports.map((r) => r.lost * r.weight)) / weight : undefined

  const lost = sum(inbound.map((stat) => gain(stat, 'packetsLost')))
  const expected = lost + sum(inbound.map((stat) => gain(stat, 'packetsReceived')))
  const down = expected > 0 ? lost / expected : undefined

  const shares = outbound
    .filter((stat) => stat.kind === 'video' && stat.qualityLimitationReason === 'bandwidth')
    .filter((stat) => earlier.has(stat.id) && gain(stat, 'timestamp') > 0)
    .map((stat) => (gain(stat, 'bytesSent') * 8000) / gain(stat, 'timestamp') / maxBitrate)

  const pairs = of('candidate-pair').filter(({ nominated }) => nominated)
  const active = inbound.filter((stat) => gain(stat, 'packetsReceived') > 0)
  const loss = largest([up, down].filter(defined))
  const rtt = largest(pairs.map((pair) => pair.currentRoundTripTime).filter(defined))
  const jitter = largest(active.map((stat) => stat.jitter).filter(defined))
  return {
    loss: loss === null ? null : loss * 100,
    rtt: rtt === null ? null : rtt * 1000,
    jitter: jitter === null ? null : jitter * 1000,
    cap: shares.length > 0 ? bandwidthCap(Math.min(...shares)) : 10,
    bytesReceived: sum(pairs.map((pair) => pair.bytesReceived ?? 0)),
  }
}
