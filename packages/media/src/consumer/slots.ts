import type { Codec, ExtensionIds, Kind } from '../sdp/offer.ts'
import type { WrittenLine } from '../sdp/write.ts'
import type { Consumer } from './consumer.ts'

/** What the page can receive of a kind, from its first offer. */
export interface ReceiveProfile {
  readonly codecs: readonly Codec[]
  readonly extensions: ExtensionIds
}

/** An m-line of a receiving connection; reused for another track after its own has gone. */
export interface Slot {
  readonly mid: string
  readonly kind: Kind
  consumer: Consumer | null
  /** Device pixels that the page shows it with; 0 for sound. */
  height: number
}

/** First free slot of the kind, or a new one at the end. */
export const takeSlot = (slots: Slot[], kind: Kind): Slot => {
  const free = slots.find((s) => s.kind === kind && s.consumer === null)
  if (free) return free
  const slot: Slot = { mid: `s${slots.length}`, kind, consumer: null, height: 0 }
  slots.push(slot)
  return slot
}

/** The slot as an m-line of our description. */
export const slotLine = (slot: Slot, profile: ReceiveProfile): WrittenLine => {
  const { mid, kind, consumer } = slot
  const { extensions } = profile
  if (!consumer)
    return { mid, kind, codec: profile.codecs[0] ?? null, extensions, direction: 'inactive' }
  const { producer, numbers } = consumer
  return {
    mid,
    kind,
    codec: profile.codecs.find((c) => c.name === producer.codec.name) ?? null,
    extensions,
    direction: 'sendonly',
    source: {
      ssrc: numbers.ssrc,
      rtxSsrc: numbers.rtx.payloadType ? numbers.rtx.ssrc : 0,
      stream: producer.stream,
      track: `t${numbers.ssrc}`,
    },
  }
}
