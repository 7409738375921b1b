import { createClient } from '../client/client.ts'
import { install } from './install.ts'
import { reportPageError } from './warn.ts'

install(
  globalThis,
  {
    createClient,
    origin: globalThis.location?.origin ?? '',
    newID: () => Array.from(crypto.getRandomValues(new Uint32Array(4)), hex).join(''),
    defer: (run) => queueMicrotask(run),
    report: reportPageError,
  },
  globalThis.navigator?.userAgent ?? '',
)

function hex(word: number): string {
  return word.toString(16).padStart(8, '0')
}
