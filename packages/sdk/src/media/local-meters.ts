import { type EnergyDeps, EnergyMeter } from './energy-meter.ts'
import { NetworkSampler } from './network-sampler.ts'
import type { MediaMeasures } from './port.ts'

export type LocalMetersDeps = Omit<EnergyDeps, 'incoming' | 'changed'> & {
  energy(userID: string, old: number, now: number): void
  network(level: number): void
}

/** What is measured when nothing is published or received (spec 08 §2.2): own energy and the link. */
export function createLocalMeters({ energy, network, ...deps }: LocalMetersDeps): MediaMeasures {
  const meter = new EnergyMeter({ ...deps, incoming: () => [], changed: energy })
  const sampler = new NetworkSampler({
    connections: () => [],
    maxBitrate: () => 0,
    changed: network,
  })
  return {
    energyOf: (userID) => meter.level(userID),
    get networkLevel() {
      return sampler.level
    },
    setLinkState: (live) => sampler.setLinkState(live),
    close() {
      meter.close()
      sampler.close()
    },
  }
}
