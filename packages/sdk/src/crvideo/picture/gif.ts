import type { Pixels } from './bmp.ts'

const COLOURS = 256
const CLEAR = 256
const END = 257
const MAX_CODE = 4095

/** One-frame GIF89a with the fixed 3-3-2 palette of 256 colours. */
export function encodeGif({ width, height, data }: Pixels): Uint8Array<ArrayBuffer> {
  const head = new Uint8Array(13)
  head.set(new TextEncoder().encode('GIF89a'))
  const headView = new DataView(head.buffer)
  headView.setUint16(6, width, true)
  headView.setUint16(8, height, true)
  head[10] = 0xf7
  const frame = new Uint8Array(11)
  const frameView = new DataView(frame.buffer)
  frame[0] = 0x2c
  frameView.setUint16(5, width, true)
  frameView.setUint16(7, height, true)
  frame[10] = 8
  const body = lzw(indices(data, width * height))
  const out = new Uint8Array(head.length + COLOURS * 3 + frame.length + blockSize(body.length) + 1)
  out.set(head)
  out.set(palette(), head.length)
  let at = head.length + COLOURS * 3
  out.set(frame, at)
  at += frame.length
  for (let from = 0; from < body.length; from += 255) {
    const block = body.subarray(from, from + 255)
    out[at] = block.length
    out.set(block, at + 1)
    at += block.length + 1
  }
  out[at + 1] = 0x3b
  return out
}

/** Bytes of `length` data bytes in sub-blocks with their terminator. */
const blockSize = (length: number) => length + Math.ceil(length / 255) + 1

/** The 3-3-2 palette: red and green in eight steps, blue in four. */
function palette(): Uint8Array {
  const out = new Uint8Array(COLOURS * 3)
  for (let index = 0; index < COLOURS; index++) {
    out[index * 3] = Math.round(((index >> 5) * 255) / 7)
    out[index * 3 + 1] = Math.round((((index >> 2) & 7) * 255) / 7)
    out[index * 3 + 2] = Math.round(((index & 3) * 255) / 3)
  }
  return out
}

function indices(data: Pixels['data'], count: number): Uint8Array {
  const step = (value: number | undefined, most: number) => Math.round(((value ?? 0) * most) / 255)
  const out = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    const at = i * 4
    out[i] = (step(data[at], 7) << 5) | (step(data[at + 1], 7) << 2) | step(data[at + 2], 3)
  }
  return out
}

/** Variable-width LZW of eight-bit symbols as GIF89a wants it (least significant bit first). */
function lzw(symbols: Uint8Array): Uint8Array {
  const out: number[] = []
  let bits = 0
  let held = 0
  let width = 9
  let next = END + 1
  let table = new Map<number, number>()
  const put = (code: number) => {
    bits |= code << held
    held += width
    for (; held >= 8; held -= 8, bits >>>= 8) out.push(bits & 0xff)
  }
  put(CLEAR)
  let prefix = symbols[0]
  for (let i = 1; i < symbols.length && prefix !== undefined; i++) {
    const symbol = symbols[i] ?? 0
    const key = (prefix << 8) | symbol
    const known = table.get(key)
    if (known !== undefined) {
      prefix = known
      continue
    }
    put(prefix)
    prefix = symbol
    if (next > MAX_CODE) {
      put(CLEAR)
      table = new Map()
      next = END + 1
      width = 9
      continue
    }
    if (next === 1 << width) width++
    table.set(key, next++)
  }
  if (prefix !== undefined) put(prefix)
  if (next === 1 << width && width < 12) width++
  put(END)
  if (held > 0) out.push(bits & 0xff)
  return Uint8Array.from(out)
}
