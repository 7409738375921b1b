export interface GridSpace {
  count: number
  /** CSS pixels of the area for the tiles. */
  width: number
  height: number
  gap: number
  /** Below this the grid scrolls instead of shrinking further. */
  minTileWidth: number
}

/** Where a tile stands in its area, CSS pixels. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface StageLayout {
  /** One per tile, in order. */
  readonly boxes: readonly Box[]
  /** More than the area's height when the tiles scroll. */
  readonly height: number
}

const WIDEST = 16 / 9

/** In a strip above what is shared on a phone, tiles are small before one is cut. */
export const leastWidth = (height: number): number => (height < 160 ? 84 : 116)

/** Upright areas take narrower tiles: a phone has more height than width for each face. */
const narrowest = ({ width, height }: { width: number; height: number }) =>
  height > width ? 3 / 4 : 4 / 3

interface Size {
  readonly width: number
  readonly height: number
}

/** The largest tile within a cell whose shape is neither too wide nor too narrow. */
const fit = (cell: Size, least: number): Size => {
  if (cell.width <= 0 || cell.height <= 0) return { width: 0, height: 0 }
  const ratio = Math.min(WIDEST, Math.max(least, cell.width / cell.height))
  const width = Math.min(cell.width, cell.height * ratio)
  return { width: Math.floor(width), height: Math.floor(width / ratio) }
}

const tileFor = (space: GridSpace, columns: number): Size => {
  const rows = Math.ceil(space.count / columns)
  const width = (space.width - space.gap * (columns - 1)) / columns
  const height = (space.height - space.gap * (rows - 1)) / rows
  return fit({ width, height }, narrowest(space))
}

const place = (space: GridSpace, columns: number, tile: Size): StageLayout => {
  const rows = Math.ceil(space.count / columns)
  const used = rows * tile.height + (rows - 1) * space.gap
  const top = Math.max(0, Math.floor((space.height - used) / 2))
  const boxes = Array.from({ length: space.count }, (_, i) => {
    const row = Math.floor(i / columns)
    const inRow = Math.min(columns, space.count - row * columns)
    const rowWidth = inRow * tile.width + (inRow - 1) * space.gap
    const left = Math.floor((space.width - rowWidth) / 2)
    return {
      x: left + (i % columns) * (tile.width + space.gap),
      y: top + row * (tile.height + space.gap),
      ...tile,
    }
  })
  return { boxes, height: Math.max(space.height, used) }
}

/** The column count that gives all tiles the most room; fewer columns win a tie. */
export const layoutGrid = (space: GridSpace): StageLayout => {
  const { count, width, height, gap } = space
  if (count <= 0 || width <= 0 || height <= 0)
    return { boxes: Array(Math.max(0, count)).fill({ x: 0, y: 0, width: 0, height: 0 }), height: 0 }
  const area = ({ width: w, height: h }: Size) => w * h
  let best = 1
  for (let columns = 2; columns <= count; columns++)
    if (area(tileFor(space, columns)) > area(tileFor(space, best))) best = columns
  const tile = tileFor(space, best)
  const least = Math.min(space.minTileWidth, width)
  if (tile.width >= least) return place(space, best, tile)
  const columns = Math.max(1, Math.min(count, Math.floor((width + gap) / (least + gap))))
  const tileWidth = (width - gap * (columns - 1)) / columns
  const scrolled = { width: Math.floor(tileWidth), height: Math.floor(tileWidth / WIDEST) }
  return place(space, columns, scrolled)
}

/** One large tile and the others beside it, or below it in an upright area. */
export const layoutPinned = (space: GridSpace, pinned: number): StageLayout => {
  const { count, width, height, gap } = space
  if (count <= 1 || width <= 0 || height <= 0) return layoutGrid(space)
  const upright = height > width
  const aside = upright
    ? { width, height: Math.round(height * (count > 4 ? 0.42 : 0.26)) }
    : { width: Math.round(width * (count > 5 ? 0.26 : 0.2)), height }
  const main = upright
    ? { width, height: height - aside.height - gap }
    : { width: width - aside.width - gap, height }
  const size = fit(main, WIDEST)
  const large: Box = {
    x: Math.floor((main.width - size.width) / 2),
    y: Math.floor((main.height - size.height) / 2),
    ...size,
  }
  const others = layoutGrid({ ...space, ...aside, count: count - 1, minTileWidth: 56 })
  const dx = upright ? 0 : main.width + gap
  const dy = upright ? main.height + gap : 0
  const small = others.boxes.map((box) => ({ ...box, x: box.x + dx, y: box.y + dy }))
  return {
    boxes: [...small.slice(0, pinned), large, ...small.slice(pinned)],
    height: Math.max(height, others.height + dy),
  }
}
