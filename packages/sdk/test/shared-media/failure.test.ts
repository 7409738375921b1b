import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { YuntangError } from '../../src/errors.ts'
import { failureOf, stopReason } from '../../src/shared-media/failure.ts'
import { mediaName } from '../../src/shared-media/source.ts'

const CODES = { MEDIA_ERR_NETWORK: 2, MEDIA_ERR_DECODE: 3, MEDIA_ERR_SRC_NOT_SUPPORTED: 4 }
beforeEach(() => {
  vi.stubGlobal('MediaError', CODES)
  vi.stubGlobal('fetch', async (url: string) => new Response('', { status: Number(url.slice(-3)) }))
})
afterEach(() => vi.unstubAllGlobals())

const reasonOf = async (code: number, url: string) => {
  const source = { url, remote: url !== 'blob:1', release() {} }
  return stopReason(await failureOf({ error: { code } } as HTMLMediaElement, source))
}

describe('10 §4.1: stop reasons', () => {
  it.each([
    ['the network breaks while it plays', 2, 'https://x/200', 2],
    ['its data is damaged', 3, 'blob:1', 3],
    ['container or codec are unknown', 4, 'blob:1', 4],
    ['the same of a file that is there', 4, 'https://x/200', 4],
    ['there is no such file at the address', 4, 'https://x/404', 2],
    ['anything else', 1, 'blob:1', 5],
  ])('%s', async (_title, code, url, reason) => {
    expect(await reasonOf(code, url)).toBe(reason)
  })

  it.each([
    ['playing.none', 0],
    ['files.unreadable', 2],
    ['recording.key', 2],
    ['playing.taken', 5],
    ['connection.lost', 5],
  ] as const)('%s is %i', (code, reason) => {
    expect(stopReason(new YuntangError(code))).toBe(reason)
  })
})

it.each([
  ['/films/Song #3?.mp3', 'Song #3?.mp3'],
  ['C:\\fakepath\\a.mp4', 'a.mp4'],
  ['https://x.example/films//harbour.mp4?token=1#t=2', 'harbour.mp4'],
  ['https://x.example/', 'media'],
  ['blob:https://x.example/3f', 'media'],
  ['data:video/webm;base64,AA/BB', 'media'],
  ['bell\u0007\u0000.wav', 'bell.wav'],
])('10 §4.1: others see the last component of %j: %s', (path, name) => {
  expect(mediaName(path)).toBe(name)
})
