/** What a media container draws, on 24 × 24. */
const PATHS = {
  pause: 'M7 5h3v14H7zM14 5h3v14h-3z',
  play: 'M8 5v14l11-7z',
  stop: 'M6 6h12v12H6z',
  sound: 'M4 9v6h4l5 4V5L8 9zM16 8.5a5 5 0 0 1 0 7l1.4 1.4a7 7 0 0 0 0-9.8z',
  silent: 'M4 9v6h4l5 4V5L8 9zM16 9l5 5m0-5-5 5',
  note: 'M9 17.5a2.5 2.5 0 1 1-1.5-2.3V5l11-2v12.5A2.5 2.5 0 1 1 17 13.2V7.4L9 8.9z',
} as const
export type GlyphName = keyof typeof PATHS

const SVG = 'http://www.w3.org/2000/svg'

/** A small picture in the colour of the text around it. */
export const glyph = (name: GlyphName, size: number): SVGElement => {
  const svg = document.createElementNS(SVG, 'svg')
  const path = document.createElementNS(SVG, 'path')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  svg.style.cssText = `display:block;width:${size}px;height:${size}px;pointer-events:none`
  path.setAttribute('d', PATHS[name])
  path.setAttribute('fill', 'currentColor')
  if (name === 'silent') path.setAttribute('stroke', 'currentColor')
  svg.append(path)
  return svg
}
