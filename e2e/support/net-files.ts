import { expect } from 'vitest'
import type { ClassicPage } from './classic.ts'

export const PROGRESS = 'CRVideo_NotifyNetDiskTransforProgress'
export const MIB = 1024 * 1024

/** Puts a file of random bytes into the page's store; answers its SHA-256. */
export const putRandom = (page: ClassicPage, path: string, size: number): Promise<string> =>
  page.read<string>(`(async () => {
    const bytes = new Uint8Array(${size})
    for (let at = 0; at < bytes.length; at += 65536)
      crypto.getRandomValues(bytes.subarray(at, Math.min(bytes.length, at + 65536)))
    await CRVideo.vfs.put(${JSON.stringify(path)}, new Blob([bytes]))
    return await window.sha256(${JSON.stringify(path)})
  })()`)

/** SHA-256 of a file in the page's store; empty when there is none. */
export const sha256 = (page: ClassicPage, path: string): Promise<string> =>
  page.read<string>(`window.sha256(${JSON.stringify(path)})`)

/** Runs in the page: adds `sha256`. */
export const prepareHash = (): void => {
  const vfs = () =>
    (window as unknown as { CRVideo: { vfs: { get(path: string): Promise<Blob | null> } } }).CRVideo
      .vfs
  Object.assign(window, {
    async sha256(path: string) {
      const file = await vfs().get(path)
      if (!file) return ''
      const sum = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
      return [...new Uint8Array(sum)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    },
  })
}

/**
 * Runs code in the page, once, as soon as a transfer is further than that; `id` is its file's. Who looks
 * from outside may find it done already.
 */
export const oncePast = (page: ClassicPage, percent: number, code: string): Promise<void> =>
  page.read(`void (hooks.${PROGRESS} = (id, done) => {
    if (done <= ${percent}) return
    delete hooks.${PROGRESS}
    ${code}
  })`)

/** `[percent, success, direction]` of one file's events since the mark. */
export const progressOf = async (page: ClassicPage, fileID: string): Promise<number[][]> =>
  (await page.sinceMark([PROGRESS]))
    .filter(({ args }) => args[0] === fileID)
    .map(({ args }) => args.slice(1) as number[])

/** Spec 06 §1.1: 0 first, rising, 100 once and last, all going well. */
export const expectWhole = (events: readonly number[][], direction: 0 | 1): void => {
  const percents = events.map(([percent]) => percent as number)
  expect(percents[0]).toBe(0)
  expect(percents.at(-1)).toBe(100)
  expect(percents).toEqual([...new Set(percents)].sort((a, b) => a - b))
  for (const [, success, way] of events) expect([success, way]).toEqual([1, direction])
}
