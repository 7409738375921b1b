import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Pieces, readPieces } from '../../src/shared-media/pieces.ts'

const text = (word: string) => Array.from(word, (c) => c.charCodeAt(0))
const u32 = (value: number) => [
  value >>> 24,
  (value >>> 16) & 255,
  (value >>> 8) & 255,
  value & 255,
]
const filler = (length: number) => Array.from({ length }, (_, i) => (i * 7) % 256)
const box = (type: string, ...content: number[]): number[] => [
  ...u32(content.length + 8),
  ...text(type),
  ...content,
]

/** Kinds of files as a recording writes them: a head, and a piece that starts at some milliseconds. */
const KINDS = {
  webm: {
    mimeType: 'video/webm; codecs="vp9,opus"',
    head: [0x1a, 0x45, 0xdf, 0xa3, ...text('webm V_VP9 A_OPUS')],
    piece: (ms: number, size: number) => [
      ...[0x1f, 0x43, 0xb6, 0x75, 0xff, 0xe7, 0x84],
      ...[...u32(ms), 0xa3],
      ...filler(size),
    ],
  },
  mp4: {
    mimeType: 'video/mp4; codecs="avc1.42001f,mp4a.40.2"',
    head: [
      ...box('ftyp', ...text('isom')),
      ...box(
        'moov',
        ...box('tkhd', 0, 0, 0, 0, ...u32(0), ...u32(0), ...u32(1)),
        ...box('mdhd', 0, 0, 0, 0, ...u32(0), ...u32(0), ...u32(1000), ...u32(0), ...filler(16)),
        ...box('avcC', 1, 0x42, 0x00, 0x1f),
        ...text('mp4a'),
        ...box('mvex'),
      ),
    ],
    piece: (ms: number, size: number) => [
      ...box(
        'moof',
        ...box('mfhd', ...u32(0), ...u32(1)),
        ...box('traf', ...box('tfhd', ...u32(0), ...u32(1)), ...box('tfdt', ...u32(0), ...u32(ms))),
      ),
      ...box('mdat', ...filler(size)),
    ],
  },
}

const fileOf = async (kind: keyof typeof KINDS, sizes: readonly number[]) => {
  const { head, piece } = KINDS[kind]
  const parts = [head, ...sizes.map((size, i) => piece(i * 1000, size))].map((p) =>
    Uint8Array.from(p),
  )
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer())
  let readBytes = 0
  const pieces = (await readPieces({
    size: bytes.length,
    async read(from, to) {
      readBytes += to - from
      return bytes.slice(from, to)
    },
  })) as Pieces
  return { pieces, size: bytes.length, read: () => readBytes }
}

describe('10 §4: a recording is played in pieces', () => {
  for (const kind of ['webm', 'mp4'] as const) {
    it(`${kind}: all pieces follow each other, and every second is found`, async () => {
      const sizes = fc.array(fc.integer({ min: 20, max: 60_000 }), { minLength: 1, maxLength: 12 })
      await fc.assert(
        fc.asyncProperty(sizes, fc.double({ min: -1, max: 14, noNaN: true }), async (all, at) => {
          const { pieces, size } = await fileOf(kind, all)
          expect(pieces.mimeType).toBe(KINDS[kind].mimeType)
          let piece = await pieces.at(0)
          expect(piece?.from).toBe(pieces.head)
          for (let i = 0; i < all.length; i++) {
            expect(piece?.start).toBe(i)
            const end = piece?.to
            piece = piece && (await pieces.next(piece))
            expect(piece?.from ?? size).toBe(end)
          }
          expect(piece).toBeNull()
          const wanted = Math.min(all.length - 1, Math.max(0, Math.floor(at)))
          expect((await pieces.at(at))?.start).toBe(wanted)
          expect((await pieces.at(Number.POSITIVE_INFINITY))?.start).toBe(all.length - 1)
        }),
        { numRuns: 15, seed: 7 },
      )
    })
  }

  it('finds a second of a long file without reading it', async () => {
    const { pieces, size, read } = await fileOf(
      'webm',
      Array.from({ length: 400 }, () => 40_000),
    )
    const before = read()
    expect((await pieces.at(321.5))?.start).toBe(321)
    expect(read() - before).toBeLessThan(size / 8)
  })

  it('leaves other files to the browser', async () => {
    const other = async (bytes: readonly number[]) =>
      await readPieces({
        size: bytes.length,
        read: async (from, to) => Uint8Array.from(bytes.slice(from, to)),
      })
    expect(await other([])).toBeNull()
    expect(await other(text('moof and some words'))).toBeNull()
    expect(await other([...box('ftyp', ...text('isom')), ...box('moov')])).toBeNull()
  })
})
