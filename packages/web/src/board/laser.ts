import type { Point } from './geometry.ts'
import type { SurfaceOptions } from './surface.ts'

/** Points at a place of the page, for others and on the own screen (spec 12 §5). */
export const createLaser = ({
  meeting,
  board: { boardID },
  page,
  showSpot,
}: Pick<SurfaceOptions, 'meeting' | 'board' | 'page' | 'showSpot'>) => {
  const tell = (x: number, y: number) => {
    meeting.board.point(boardID, page.value, x, y)
    showSpot({ boardID, page: page.value, x, y, by: meeting.me })
  }
  return {
    /** Board units. */
    point: ({ x, y }: Point) => tell(Math.max(0, x), Math.max(0, y)),
    hide: () => tell(-1, -1),
  }
}
