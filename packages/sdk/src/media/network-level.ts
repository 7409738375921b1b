/** One measurement of the own connection; null: not measured now. */
export interface NetworkSample {
  /** % */
  readonly loss: number | null
  /** ms */
  readonly rtt: number | null
  /** ms */
  readonly jitter: number | null
  /** Bandwidth cap B of spec 07 §6. */
  readonly cap: number
  /** `shaky`: ICE disconnected or the signalling recovering; `dead`: ICE failed or 8 s of nothing. */
  readonly path: 'good' | 'shaky' | 'dead'
}

export interface NetworkState {
  readonly loss: number | null
  readonly rtt: number | null
  readonly jitter: number | null
  /** Last reported level; null before the first. */
  readonly level: number | null
  /** A level one step off that waits for a second sample to agree. */
  readonly pending: number | null
}

export const NETWORK_START: NetworkState = {
  loss: null,
  rtt: null,
  jitter: null,
  level: null,
  pending: null,
}

/** Highest values for the scores 10 … 1 (spec 07 §6). */
const LOSS = [1, 2, 3, 5, 8, 12, 17, 25, 35, 50]
const RTT = [80, 120, 180, 250, 350, 500, 700, 1000, 1500, 2500]
const JITTER = [20, 30, 45, 60, 90, 120, 180, 250, 400, 600]

function score(value: number | null, limits: readonly number[]): number {
  if (value === null) return 10
  const row = limits.findIndex((limit) => value <= limit)
  return row < 0 ? 0 : 10 - row
}

const smooth = (old: number | null, now: number | null): number | null =>
  now === null ? old : old === null ? now : (old + now) / 2

/** Takes in a sample. A change by one step needs two samples in a row (spec 07 §6). */
export function nextNetwork(state: NetworkState, sample: NetworkSample): NetworkState {
  const loss = smooth(state.loss, sample.loss)
  const rtt = smooth(state.rtt, sample.rtt)
  const jitter = smooth(state.jitter, sample.jitter)
  const ceiling = { good: 10, shaky: 1, dead: 0 }[sample.path]
  const measured = Math.min(
    score(loss, LOSS),
    score(rtt, RTT),
    score(jitter, JITTER),
    sample.cap,
    ceiling,
  )
  const known = state.level
  const oneStep = known !== null && Math.abs(measured - known) === 1
  const waits = oneStep && state.pending !== measured
  return {
    loss,
    rtt,
    jitter,
    level: waits ? known : measured,
    pending: waits ? measured : null,
  }
}

/** Cap for a sending video that bandwidth holds back: share of the configured maximum it sends. */
export const bandwidthCap = (share: number): number => (share < 0.3 ? 4 : share < 0.6 ? 7 : 10)
