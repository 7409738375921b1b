import type { MemberInfo } from '@yuntang/sdk'

/** A member's picture, or one of several. */
export interface Tile {
  readonly userID: string
  /** -1: the one that the member sends. */
  readonly videoID: number
  readonly member: MemberInfo
  /** Name of the camera where a member sends several; `""` otherwise. */
  readonly camera: string
}

/** One tile per member, or one per camera of a member who sends several, its default one first. */
export const tilesOf = (members: readonly MemberInfo[]): Tile[] =>
  members.flatMap((member) => {
    const { userID, video, sending, cameras } = member
    if (video !== 3 || sending.length < 2) return [{ userID, videoID: -1, member, camera: '' }]
    return sending.map((videoID) => ({
      userID,
      videoID,
      member,
      camera: cameras.find((camera) => camera.videoID === videoID)?.name ?? '',
    }))
  })
