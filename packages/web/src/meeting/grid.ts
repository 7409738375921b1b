export interface GridSpace {
  count: number
  /** CSS pixels of the area for the tiles. */
  width: number
  height: number
  gap: number
  /** Below this the grid scrolls instead of shrinking further. */
  minTileWidth: number
}

export interface GridLayout {
  columns: number
  rows: number
  tileWidth: number
  tileHeight: number
}

const RATIO = 16 / 9

const widthFor = (space: GridSpace, columns: number): number => {
  const rows = Math.ceil(space.count / columns)
  const byWidth = (space.width - space.gap * (columns - 1)) / columns
  const byHeight = ((space.height - space.gap * (rows - 1)) / rows) * RATIO
  return Math.min(byWidth, byHeight)
}

const layout = (count: number, columns: number, tileWidth: number): GridLayout => ({
  columns,
  rows: Math.ceil(count / columns),
  tileWidth: Math.max(0, Math.floor(tileWidth)),
  tileHeight: Math.max(0, Math.floor(tileWidth / RATIO)),
})

/** The column count that gives `count` 16:9 tiles the most room; fewer columns win a tie. */
export const layoutGrid = (space: GridSpace): GridLayout => {
  if (space.count <= 0 || space.width <= 0) return layout(0, 1, 0)
  let best = 1
  for (let columns = 2; columns <= space.count; columns++)
    if (widthFor(space, columns) > widthFor(space, best)) best = columns
  const tileWidth = widthFor(space, best)
  const least = Math.min(space.minTileWidth, space.width)
  if (tileWidth >= least) return layout(space.count, best, tileWidth)
  const columns = Math.max(
    1,
    Math.min(space.count, Math.floor((space.width + space.gap) / (least + space.gap))),
  )
  return layout(space.count, columns, (space.width - space.gap * (columns - 1)) / columns)
}
