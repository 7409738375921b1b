import { describe, expect, it } from 'vitest'
import { encodeBmp } from '../../src/crvideo/picture/bmp.ts'
import { encodeGif } from '../../src/crvideo/picture/gif.ts'
import {
  fromBase64,
  pictureFormat,
  pictureTarget,
  toBase64,
} from '../../src/crvideo/picture/picture-file.ts'

/** Independent GIF reader: size, palette and indices of the one frame. */
function decodeGif(file: Uint8Array) {
  const view = new DataView(file.buffer)
  const width = view.getUint16(6, true)
  const height = view.getUint16(8, true)
  const palette = file.subarray(13, 13 + 768)
  let at = 13 + 768
  if (file[at] !== 0x2c || file[at + 10] !== 8) throw new Error('no frame')
  at += 11
  const data: number[] = []
  for (let length = file[at++] ?? 0; length; length = file[at++] ?? 0) {
    data.push(...file.subarray(at, at + length))
    at += length
  }
  let bit = 0
  const read = (size: number) => {
    let code = 0
    for (let i = 0; i < size; i++, bit++) {
      code |= (((data[bit >> 3] ?? 0) >> (bit & 7)) & 1) << i
    }
    return code
  }
  const out: number[] = []
  let table: number[][] = []
  let size = 9
  let last: number[] | null = null
  for (;;) {
    const code = read(size)
    if (code === 257) break
    if (code === 256) {
      table = Array.from({ length: 258 }, (_, index) => [index])
      size = 9
      last = null
      continue
    }
    const known = table[code]
    const entry: number[] = known ?? [...(last ?? []), last?.[0] ?? 0]
    out.push(...entry)
    if (last && table.length < 4096) table.push([...last, entry[0] ?? 0])
    if (table.length === 1 << size && size < 12) size++
    last = entry
  }
  const rest = file.subarray(at)
  return { width, height, palette, indices: out, rest }
}

describe('13 §1.4: picture formats', () => {
  it('bmp is 24 bit, bottom up, blue first, rows padded to four bytes', () => {
    const data = Uint8Array.of(1, 2, 3, 255, 4, 5, 6, 255, 7, 8, 9, 255, 10, 11, 12, 255)
    const file = encodeBmp({ width: 2, height: 2, data })
    expect(String.fromCharCode(file[0] ?? 0, file[1] ?? 0)).toBe('BM')
    expect(new DataView(file.buffer).getUint32(2, true)).toBe(70)
    expect([...file.subarray(54)]).toEqual([9, 8, 7, 12, 11, 10, 0, 0, 3, 2, 1, 6, 5, 4, 0, 0])
  })

  it.each([
    [1, 1],
    [3, 2],
    [64, 48],
    [200, 150],
  ])('gif of %d × %d noise decodes to the nearest palette colours', (width, height) => {
    const data = new Uint8Array(width * height * 4)
    let seed = 7
    for (let i = 0; i < data.length; i++) {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff
      data[i] = i < data.length / 2 ? seed >> 16 : 200
    }
    const gif = decodeGif(encodeGif({ width, height, data }))
    expect([gif.width, gif.height, gif.indices.length]).toEqual([width, height, width * height])
    expect([...gif.rest]).toEqual([0x3b])
    let worst = 0
    gif.indices.forEach((index, pixel) => {
      for (const channel of [0, 1, 2]) {
        const off = (gif.palette[index * 3 + channel] ?? 0) - (data[pixel * 4 + channel] ?? 0)
        worst = Math.max(worst, channel === 2 ? Math.abs(off) / 43 : Math.abs(off) / 19)
      }
    })
    expect(worst).toBeLessThanOrEqual(1)
  })

  it('the format comes from the extension or name, in any case, with a leading dot', () => {
    expect(['PNG', '.jpg', 'jpeg', 'Gif', 'bmp', 'tiff', ''].map(pictureFormat)).toEqual([
      'png',
      'jpeg',
      'jpeg',
      'gif',
      'bmp',
      null,
      null,
    ])
  })

  it('the download is named by the last component of the path', () => {
    expect(pictureTarget('http://host/dir/a b.JPG')).toEqual({ name: 'a b.JPG', format: 'jpeg' })
    expect(pictureTarget('c:\\pics\\x.bmp')?.name).toBe('x.bmp')
    expect(['', 'noextension', '.png', 'a.txt'].map(pictureTarget)).toEqual([
      null,
      null,
      null,
      null,
    ])
  })

  it('base64 keeps every byte', () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index & 0xff)
    expect(fromBase64(toBase64(bytes))).toEqual(bytes)
  })
})
