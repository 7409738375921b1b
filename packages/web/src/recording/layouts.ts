import type { RecordRegion } from '@yuntang/sdk'

/** How the recorded picture is arranged. */
export const LAYOUTS = ['grid', 'main', 'screen'] as const
export type LayoutName = (typeof LAYOUTS)[number]

export interface Camera {
  readonly userID: string
  readonly videoID: number
}

/** What there is to be seen in the meeting now. */
export interface Scene {
  readonly cameras: readonly Camera[]
  /** Who is to be large; one without an open camera counts as nobody. */
  readonly main: string
  /** Who shares the screen; `""` nobody. */
  readonly sharer: string
  /** A file with a picture is played to all. */
  readonly film: boolean
}

export interface PictureSize {
  readonly width: number
  readonly height: number
}

/** At most this many small pictures stand beside a large one. */
const MOST_SMALL = 5
/** Part of the width that the small ones take. */
const ASIDE = 0.22
const MARGIN = 0.02

const cameraAt = (
  { userID, videoID }: Camera,
  [left, top, width, height]: readonly [number, number, number, number],
): RecordRegion => ({ left, top, width, height, content: { kind: 'camera', userID, videoID } })

const large = ({ cameras, main }: Scene): Camera | undefined =>
  cameras.find(({ userID }) => userID === main) ?? cameras[0]

const withMain = (scene: Scene, { width, height }: PictureSize): RecordRegion[] | null => {
  const first = large(scene)
  if (!first || scene.cameras.length === 1) return null
  const small = scene.cameras.filter((camera) => camera !== first).slice(0, MOST_SMALL)
  const aside = Math.round(width * ASIDE)
  const each = Math.min(Math.round((aside * 9) / 16), Math.floor(height / small.length))
  const top = (height - each * small.length) / 2
  return [
    cameraAt(first, [0, 0, width - aside, height]),
    ...small.map((camera, i) => cameraAt(camera, [width - aside, top + i * each, aside, each])),
  ]
}

/** A screen or a film, with a face in a corner. */
const withLarge = (scene: Scene, { width, height }: PictureSize): RecordRegion[] => {
  const kind = scene.sharer === '' ? 'media' : 'screen'
  const face = scene.cameras.find(({ userID }) => userID === scene.sharer) ?? large(scene)
  const [w, h] = [Math.round(width * ASIDE), Math.round((width * ASIDE * 9) / 16)]
  const margin = Math.round(width * MARGIN)
  return [
    { left: 0, top: 0, width, height, content: { kind } },
    ...(face ? [cameraAt(face, [width - w - margin, height - h - margin, w, h])] : []),
  ]
}

/** The regions of a recording; null for the grid of all, which is also what stands in for nothing. */
export const regionsOf = (
  layout: LayoutName,
  scene: Scene,
  size: PictureSize,
): RecordRegion[] | null => {
  if (layout === 'screen' && (scene.sharer !== '' || scene.film)) return withLarge(scene, size)
  return layout === 'grid' ? null : withMain(scene, size)
}
