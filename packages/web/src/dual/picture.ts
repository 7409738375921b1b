import type { RecordRegion } from '@yuntang/sdk'
import type { PictureSize } from '../recording/layouts.ts'

/** Names of the pictures that the page draws into the recording. */
export const HEAD = 'dual-head'
export const FOOT = 'dual-foot'

/** Part of the height that each of the two bands takes: two faces of 16:9 fill what is left. */
const BAND = 0.25

/**
 * Both faces side by side, the text above them, who they are and the time below. `open`: whose camera is
 * open; the place of another stays black.
 */
export const dualRegions = (
  [agent, customer]: readonly [string, string],
  open: (userID: string) => boolean,
  { width, height }: PictureSize,
): RecordRegion[] => {
  const band = Math.round(height * BAND)
  const face = (userID: string, left: number): RecordRegion => ({
    left,
    top: band,
    width: width / 2,
    height: height - 2 * band,
    content: { kind: 'camera', userID, videoID: -1 },
  })
  // The time is written half as high as its region; all of it has to fit.
  const [clock, line] = [Math.round(width * 0.22), Math.round(band * 0.24)]
  return [
    ...(open(agent) ? [face(agent, 0)] : []),
    ...(open(customer) ? [face(customer, width / 2)] : []),
    { left: 0, top: 0, width, height: band, content: { kind: 'picture', id: HEAD } },
    { left: 0, top: height - band, width, height: band, content: { kind: 'picture', id: FOOT } },
    {
      left: width - clock,
      top: height - band / 6 - line / 2,
      width: clock,
      height: line,
      content: { kind: 'time' },
    },
  ]
}

/** Text in lines that fit, at most `most`; Chinese breaks anywhere, other words at spaces. */
export const linesOf = (text: string, fits: (line: string) => boolean, most: number): string[] => {
  const lines: string[] = []
  let line = ''
  for (const word of text.match(/\p{Script=Han}|[^\s\p{Script=Han}]+\s*|\s+/gu) ?? []) {
    if (line === '' || fits((line + word).trimEnd())) {
      line += word
      continue
    }
    lines.push(line.trimEnd())
    line = word.trimStart()
  }
  lines.push(line.trimEnd())
  if (lines.length <= most) return lines
  const kept = lines.slice(0, most)
  kept[most - 1] = `${kept[most - 1] ?? ''}…`
  return kept
}

const FONT = 'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'

const draw = (
  { width, height }: PictureSize,
  paint: (context: OffscreenCanvasRenderingContext2D, band: PictureSize) => void,
): ImageBitmap => {
  const band = { width, height: Math.round(height * BAND) }
  const canvas = new OffscreenCanvas(band.width, band.height)
  const context = canvas.getContext('2d')
  if (context) {
    context.fillStyle = '#101820'
    context.fillRect(0, 0, band.width, band.height)
    context.fillStyle = '#fff'
    context.textBaseline = 'middle'
    paint(context, band)
  }
  return canvas.transferToImageBitmap()
}

/** The step's text, for the band above the faces. */
export const headPicture = (text: string, size: PictureSize): ImageBitmap =>
  draw(size, (context, { width, height }) => {
    const margin = Math.round(height * 0.12)
    const line = Math.round(height * 0.27)
    context.font = `${Math.round(height * 0.2)}px ${FONT}`
    const fits = (words: string) => context.measureText(words).width <= width - 2 * margin
    const lines = linesOf(text, fits, 3)
    const top = height / 2 - ((lines.length - 1) * line) / 2
    for (const [i, words] of lines.entries()) context.fillText(words, margin, top + i * line)
  })

/** Who is to be seen, left and right as the faces are: three lines each, the time stands at the right of the last. */
export const footPicture = (
  left: readonly string[],
  right: readonly string[],
  size: PictureSize,
): ImageBitmap =>
  draw(size, (context, { width, height }) => {
    const margin = Math.round(height * 0.12)
    context.font = `${Math.round(height * 0.16)}px ${FONT}`
    for (const [at, lines] of [
      [margin, left],
      [width / 2 + margin, right],
    ] as const)
      for (const [i, text] of lines.slice(0, 3).entries()) {
        const room = i === 2 ? width * 0.26 : width / 2 - 2 * margin
        context.fillText(text, at, height * (1 / 6 + i / 3), room)
      }
  })
