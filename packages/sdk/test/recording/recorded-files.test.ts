import { describe, expect, it } from 'vitest'
import { YuntangError } from '../../src/errors.ts'
import type { KeptRecord } from '../../src/recording/record-list.ts'
import { createRecordedFiles, type RecordedFilesDeps } from '../../src/recording/recorded-files.ts'

/** A list and a store that hold only what the rules of `add` touch. */
const setup = (stored: string[], chosen: Record<string, Blob> = {}) => {
  const records = new Map<string, KeptRecord>()
  const puts: string[] = []
  const files = {
    work: '/work',
    exists: (path: string) => stored.includes(path),
    chosen: (path: string) => chosen[path] ?? null,
    async put(path: string) {
      puts.push(path)
    },
    list: () => [...stored, ...puts].map((path) => ({ path, size: 5, mtime: 0 })),
  }
  const list = {
    get: (key: string) => records.get(key) ?? null,
    set: (key: string, record: KeptRecord) => void records.set(key, record),
    all: () => [...records].map(([key, record]) => ({ key, record })),
  }
  const recorded = createRecordedFiles({
    files,
    list,
    uploading: () => null,
    wallClock: () => 7,
  } as unknown as RecordedFilesDeps)
  return { recorded, puts }
}

describe('06 §7: CRVideo_AddFileToRecordMgr', () => {
  it('a file of the store is added once; its entry is not uploaded', () => {
    const { recorded, puts } = setup(['/rec/a.webm'])
    expect(recorded.add('/rec/a.webm')).toBe(true)
    expect(recorded.add('/rec/a.webm')).toBe(false)
    expect(puts).toEqual([])
    expect(recorded.all()).toMatchObject([
      { path: '/rec/a.webm', upload: 'none', mimeType: 'video/webm', createdAt: 7 },
    ])
  })

  it('one that is not there is refused', () => {
    const { recorded } = setup([])
    expect(() => recorded.add('/rec/none.mp4')).toThrow(new YuntangError('files.unreadable'))
    expect(recorded.all()).toEqual([])
  })

  it('one that the user picked is copied into the store, and listed at once', () => {
    const picked = 'C:\\fakepath/film.mp4'
    const { recorded, puts } = setup([], { [picked]: new Blob(['12345']) })
    expect(recorded.add(picked)).toBe(true)
    expect(puts).toEqual([picked])
  })
})
