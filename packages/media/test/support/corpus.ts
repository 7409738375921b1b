import { readFileSync } from 'node:fs'
import * as fixtures from './fixtures.ts'

const read = <T>(name: string): T[] =>
  JSON.parse(readFileSync(new URL(`../fuzz/corpus/${name}.json`, import.meta.url), 'utf8')) as T[]

/**
 * Tricky inputs of one parser, to be given to its property as `examples`: they run before anything
 * random. Whatever fails once is added to the file, as bytes in hex and the reason.
 */
export const corpus = (
  name: 'rtp' | 'rtcp' | 'transport-cc' | 'vp8' | 'h264' | 'stun' | 'dtls',
): Buffer<ArrayBuffer>[] =>
  read<{ hex: string }>(name).map((seed) => Buffer.from(seed.hex.replace(/\s/g, ''), 'hex'))

const OFFERS: Readonly<Record<string, string>> = {
  'chromium-pub': fixtures.chromiumPub,
  'chromium-sub': fixtures.chromiumSub,
  'chromium-simulcast': fixtures.chromiumSimulcast,
}

/** Descriptions: a recorded offer with every match of a pattern replaced. */
export const sdpCorpus = (): string[] =>
  read<{ in: string; find: string; put: string }>('sdp').map((seed) => {
    const offer = OFFERS[seed.in] ?? ''
    const changed = offer.replace(new RegExp(seed.find, 'gm'), seed.put)
    if (changed === offer) throw new Error(`corpus: nothing to replace by ${seed.put}`)
    return changed
  })
