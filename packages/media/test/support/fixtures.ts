import { readFileSync } from 'node:fs'

const read = (name: string) =>
  readFileSync(new URL(`../fixtures/${name}.sdp`, import.meta.url), 'utf8')

/** Offers of Chromium 156 as recorded, candidates removed. */
export const chromiumPub = read('chromium-pub')
export const chromiumSub = read('chromium-sub')
export const chromiumSimulcast = read('chromium-simulcast')

/** The same offer after an ICE restart. */
export const restarted = (sdp: string, ufrag = 'abcd'): string =>
  sdp.replace(/a=ice-ufrag:.*/g, `a=ice-ufrag:${ufrag}`)
