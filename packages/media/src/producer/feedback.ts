import { writeNack, writePli, writeReceiverReport } from '../rtp/rtcp-write.ts'
import type { MediaTransport } from '../transport/port.ts'
import type { ArrivalLog } from './arrivals.ts'
import type { Layer } from './layer.ts'
import type { Producer } from './producer.ts'

/** SSRC under which the engine itself reports. */
const OWN_SSRC = 1
const ARRIVALS_MS = 50
const REPORT_MS = 1000
const MEASURE_MS = 500

/** What a publisher's page is told: arrivals, loss, missing packets, wanted key frames. */
export class Feedback {
  #nextArrivals = 0
  #nextReport = 0
  #nextMeasure = 0

  /** Asks again for what is missing and due. */
  nack(transport: MediaTransport, layer: Layer, now: number): void {
    const due = layer.gaps.due(now)
    if (due.length) transport.send(writeNack(OWN_SSRC, layer.ssrc, due))
  }

  tick(
    transport: MediaTransport,
    producers: ReadonlyMap<string, Producer>,
    arrivals: ArrivalLog,
    now: number,
  ): void {
    const layers: Layer[] = []
    for (const p of producers.values()) {
      for (const layer of p.layers) {
        if (layer.ssrc === 0) continue
        layers.push(layer)
        if (p.consumers.size > 0) this.#repair(transport, layer, now)
        else layer.gaps.forget()
      }
    }
    if (now >= this.#nextMeasure) {
      this.#nextMeasure = now + MEASURE_MS
      for (const layer of layers) layer.measure(now)
    }
    // Chromium drops feedback whose media SSRC is not one of its own (media-findings §3.2).
    const media = layers[0]?.ssrc
    if (media !== undefined && now >= this.#nextArrivals) {
      this.#nextArrivals = now + ARRIVALS_MS
      const feedback = arrivals.take(OWN_SSRC, media, now * 1000)
      if (feedback) transport.send(feedback)
    }
    if (now >= this.#nextReport) {
      this.#nextReport = now + REPORT_MS
      const blocks = layers.flatMap((layer) => layer.report(now) ?? [])
      if (blocks.length) transport.send(writeReceiverReport(OWN_SSRC, blocks))
    }
  }

  #repair(transport: MediaTransport, layer: Layer, now: number): void {
    if (layer.gaps.waiting) this.nack(transport, layer, now)
    this.askKeyFrame(transport, layer, now)
  }

  /** Asks when somebody wants one and it is time. */
  askKeyFrame(transport: MediaTransport, layer: Layer, now: number): void {
    if (layer.ssrc !== 0 && layer.liveness.isActive(now) && layer.keyFrames.due(now))
      transport.send(writePli(OWN_SSRC, layer.ssrc))
  }
}
