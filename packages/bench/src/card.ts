/** What runs in the pages of `sharp`: a test card of small text, and how alike two pictures are. */
export interface CardKit {
  /** Draws card `n`: no line is as in another card. */
  draw(canvas: HTMLCanvasElement, n: number): void
  /** Mean structural similarity of the brightness in blocks of 8 × 8 (Wang et al. 2004). */
  similarity(a: ImageData, b: ImageData): number
}

declare global {
  var cardKit: CardKit
}

/** Passed to pages as source: it may use nothing from outside. */
export const installCardKit = (): void => {
  const SIZES = [11, 12, 14, 16]
  const WORDS = [
    'The quick brown fox jumps over the lazy dog 0123456789 {}[]();',
    '敏捷的棕色狐狸跳过懒狗，会议、排队、白板、录制',
    'const total = items.reduce((sum, { price }) => sum + price, 0)',
    '| 2026-11-29 | 48 110 | 3.1416 | ✓ | Il1 O0 rn m |',
  ]
  const WHITE_SQUARED = 255 ** 2
  const C1 = 0.01 ** 2 * WHITE_SQUARED
  const C2 = 0.03 ** 2 * WHITE_SQUARED

  const brightness = ({ data }: ImageData) => {
    const luma = new Float32Array(data.length / 4)
    for (let i = 0; i < luma.length; i++) {
      const at = i * 4
      luma[i] =
        0.299 * (data[at] as number) +
        0.587 * (data[at + 1] as number) +
        0.114 * (data[at + 2] as number)
    }
    return luma
  }

  globalThis.cardKit = {
    draw(canvas, n) {
      const { width, height } = canvas
      const card = canvas.getContext('2d') as CanvasRenderingContext2D
      card.fillStyle = n % 2 ? '#1e1f22' : '#fff'
      card.fillRect(0, 0, width, height)
      card.fillStyle = n % 2 ? '#d5d7db' : '#222'
      card.textBaseline = 'top'
      for (let y = 8, line = n; y < height - 20; line++) {
        const size = SIZES[line % SIZES.length] as number
        const words = WORDS[(line + n) % WORDS.length] as string
        card.font = `${size}px sans-serif`
        for (let x = 8 + ((line * 37) % 50); x < width; x += 560)
          card.fillText(`${line} ${words}`, x, y, 540)
        y += size + 6
      }
    },
    similarity(a, b) {
      const [one, two] = [brightness(a), brightness(b)]
      const { width, height } = a
      let sum = 0
      let blocks = 0
      for (let top = 0; top + 8 <= height; top += 8)
        for (let left = 0; left + 8 <= width; left += 8) {
          let [sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0]
          for (let y = top; y < top + 8; y++)
            for (let i = y * width + left; i < y * width + left + 8; i++) {
              const x = one[i] as number
              const z = two[i] as number
              sx += x
              sy += z
              sxx += x * x
              syy += z * z
              sxy += x * z
            }
          const [mx, my] = [sx / 64, sy / 64]
          const [vx, vy, cov] = [sxx / 64 - mx * mx, syy / 64 - my * my, sxy / 64 - mx * my]
          sum += ((2 * mx * my + C1) * (2 * cov + C2)) / ((mx * mx + my * my + C1) * (vx + vy + C2))
          blocks++
        }
      return sum / blocks
    },
  }
}
