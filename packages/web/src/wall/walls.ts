import type { Box, StageLayout } from '../meeting/grid.ts'

/** What every meeting has at first (spec 11 §3). */
const FIRST_MODE = 2

/** A tile as fractions of a 16:9 area: left, top, width, height. */
export type Place = readonly [x: number, y: number, w: number, h: number]

export interface Wall {
  readonly places: readonly Place[]
  /** The first place is the main video's. */
  readonly hasMain: boolean
  /** `own` seats only another person and me (spec 11 §3.1, VLO_1v1_M). */
  readonly kind: 'main' | 'grid' | 'own'
}

const squares = (n: number): Place[] =>
  Array.from({ length: n * n }, (_, i) => [(i % n) / n, Math.floor(i / n) / n, 1 / n, 1 / n])
const grid = (n: number): Wall => ({ places: squares(n), hasMain: false, kind: 'grid' })
const main = (first: Place, others: readonly Place[]): Wall => ({
  places: [first, ...others],
  hasMain: true,
  kind: 'main',
})
const third = 1 / 3

/** The common layouts by mode (spec 11 §3.1). */
export const WALLS: ReadonlyMap<number, Wall> = new Map<number, Wall>([
  [
    0,
    {
      places: [
        [0, 0, 1, 1],
        [0.75, 0.75, 0.25, 0.25],
      ],
      hasMain: true,
      kind: 'own',
    },
  ],
  [1, { ...grid(1), hasMain: true }],
  [
    2,
    {
      places: [
        [0, 0.25, 0.5, 0.5],
        [0.5, 0.25, 0.5, 0.5],
      ],
      hasMain: false,
      kind: 'grid',
    },
  ],
  [3, grid(2)],
  [
    4,
    main(
      [0, 0.125, 0.75, 0.75],
      [0, 1, 2, 3].map((i) => [0.75, i / 4, 0.25, 0.25] as const),
    ),
  ],
  [
    5,
    main(
      [0, 0, 2 * third, 2 * third],
      [
        [2 * third, 0, third, third],
        [2 * third, third, third, third],
        ...[0, 1, 2].map((i) => [i * third, 2 * third, third, third] as const),
      ],
    ),
  ],
  [6, grid(3)],
  [
    7,
    main(
      [0.25, 0.25, 0.5, 0.5],
      squares(4).filter(([x, y]) => x === 0 || x === 0.75 || y === 0 || y === 0.75),
    ),
  ],
  [8, grid(4)],
  [9, grid(5)],
])

/** Our own mode: everybody is shown, also without a camera. */
export const AUTOMATIC = -1

/** The mode to show: a meeting whose wall nobody has set, and integers of others, show everybody. */
export const shownMode = ({ wall, wallBy }: { wall: number; wallBy: string }): number =>
  WALLS.has(wall) && (wall !== FIRST_MODE || wallBy !== '') ? wall : AUTOMATIC

/** An open camera of a member. */
export interface Camera {
  readonly userID: string
  readonly videoID: number
}

export interface Seating<C extends Camera> {
  /** In the order of the list of watchable videos. */
  readonly watchable: readonly C[]
  readonly me: string
  /** `""`: none. */
  readonly mainVideo: string
}

/** Which camera is at which place, in order; surplus ones are not shown (spec 11 §3.1). */
export const seatsOf = <C extends Camera>(
  wall: Wall,
  { watchable, me, mainVideo }: Seating<C>,
): readonly C[] => {
  if (!wall.hasMain) return watchable.slice(0, wall.places.length)
  const of = (user: string) => watchable.find(({ userID }) => userID === user)
  const other = watchable.find(({ userID }) => userID !== me)
  const isPair = wall.kind === 'own'
  // Of a pair the large one is never me while there is somebody else.
  const main = isPair && mainVideo === me ? undefined : of(mainVideo)
  const first = main ?? other ?? watchable[0]
  if (first === undefined) return []
  const others = watchable.filter((camera) => camera !== first)
  return [first, ...(isPair ? others.filter(({ userID }) => userID === me) : others)].slice(
    0,
    wall.places.length,
  )
}

/** Boxes in pixels: the largest 16:9 area in the middle of the space, cut by a wall's places. */
export const layoutWall = (
  wall: Wall,
  { width, height, gap }: { width: number; height: number; gap: number },
): StageLayout => {
  const area = Math.max(0, Math.min(width, (height * 16) / 9))
  const tall = (area * 9) / 16
  const left = (width - area) / 2
  const top = (height - tall) / 2
  const half = gap / 2
  /** A gap between neighbours, none at the edges of the area. */
  const span = (from: number, share: number, whole: number) => {
    const end = from + share > 0.999 ? whole : (from + share) * whole - half
    const start = from < 0.001 ? 0 : from * whole + half
    return { start: Math.floor(start), length: Math.max(0, Math.floor(end) - Math.floor(start)) }
  }
  const boxes = wall.places.map(([x, y, w, h]): Box => {
    const across = span(x, w, area)
    const down = span(y, h, tall)
    return {
      x: Math.floor(left) + across.start,
      y: Math.floor(top) + down.start,
      width: across.length,
      height: down.length,
    }
  })
  return { boxes, height }
}
