import { extensionLength, findExtension, type RtpHeader } from '../rtp/header.ts'
import type { OfferedLine } from '../sdp/offer.ts'

/** Where the packets of an SSRC belong. */
export interface Binding {
  readonly mid: string
  /** '' when the line has one encoding only. */
  readonly rid: string
  /** The SSRC carries repair packets (RFC 4588). */
  readonly repair: boolean
}

const MAX_SSRCS = 256

/**
 * SSRCs of one sending connection. A page names mid and rid only until it hears a report of ours, so
 * a binding outlives the track it was made for.
 */
export class Bindings {
  readonly #bySsrc = new Map<number, Binding>()
  #ids = { mid: 0, rid: 0, repairedRid: 0 }

  /** Learns header extension ids and announced SSRCs from the page's offer. */
  learn(lines: readonly OfferedLine[]): void {
    for (const line of lines) {
      if (line.rejected) continue
      const { mid, rid, repairedRid } = line.extensions
      // BUNDLE demands the same id for the same extension on every line (RFC 8843 §9.2).
      this.#ids = {
        mid: mid || this.#ids.mid,
        rid: rid || this.#ids.rid,
        repairedRid: repairedRid || this.#ids.repairedRid,
      }
      if (line.rids.length) continue
      if (line.ssrc) this.#put(line.ssrc, { mid: line.mid, rid: '', repair: false })
      if (line.rtxSsrc) this.#put(line.rtxSsrc, { mid: line.mid, rid: '', repair: true })
    }
  }

  get(ssrc: number): Binding | undefined {
    return this.#bySsrc.get(ssrc)
  }

  /** Binds an unknown SSRC by what the packet says of itself; undefined when it says nothing. */
  bind(b: Buffer, h: RtpHeader): Binding | undefined {
    const mid = text(b, h, this.#ids.mid)
    if (!mid) return undefined
    const repaired = text(b, h, this.#ids.repairedRid)
    const rid = repaired || text(b, h, this.#ids.rid)
    const binding = { mid, rid, repair: repaired !== '' }
    this.#put(h.ssrc, binding)
    return binding
  }

  /** The oldest goes when the table is full: a page cannot make us hold more. */
  #put(ssrc: number, binding: Binding): void {
    this.#bySsrc.delete(ssrc)
    if (this.#bySsrc.size >= MAX_SSRCS) {
      const oldest = this.#bySsrc.keys().next()
      if (!oldest.done) this.#bySsrc.delete(oldest.value)
    }
    this.#bySsrc.set(ssrc, binding)
  }
}

const text = (b: Buffer, h: RtpHeader, id: number): string => {
  const at = findExtension(b, h, id)
  return at ? b.toString('latin1', at, at + extensionLength(b, h, at)) : ''
}
