/** Pixels as a canvas gives them: RGBA, rows top to bottom. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly data: Uint8ClampedArray | Uint8Array
}

/** Uncompressed 24-bit BMP (BITMAPINFOHEADER), rows bottom up and padded to four bytes. */
export function encodeBmp({ width, height, data }: Pixels): Uint8Array<ArrayBuffer> {
  const stride = (width * 3 + 3) & ~3
  const size = 54 + stride * height
  const out = new Uint8Array(size)
  const view = new DataView(out.buffer)
  out.set([0x42, 0x4d])
  view.setUint32(2, size, true)
  view.setUint32(10, 54, true)
  view.setUint32(14, 40, true)
  view.setInt32(18, width, true)
  view.setInt32(22, height, true)
  view.setUint16(26, 1, true)
  view.setUint16(28, 24, true)
  view.setUint32(34, stride * height, true)
  for (let y = 0; y < height; y++) {
    let to = 54 + (height - 1 - y) * stride
    let from = y * width * 4
    for (let x = 0; x < width; x++, from += 4, to += 3) {
      out[to] = data[from + 2] ?? 0
      out[to + 1] = data[from + 1] ?? 0
      out[to + 2] = data[from] ?? 0
    }
  }
  return out
}
