import type { EventName, Events, MeetingSnapshot, Member } from '@yuntang/protocol'

/** A meeting's members as the server tells them. */
export interface Replica {
  /** In order of entry. */
  readonly members: readonly Member[]
  /** Of everybody ever seen here (spec 07 §4). */
  readonly nickNames: ReadonlyMap<string, string>
}

/** An event with its payload. */
export type MeetingEvent = { [N in EventName]: { name: N; data: Events[N] } }[EventName]

export const fromSnapshot = (
  snapshot: Pick<MeetingSnapshot, 'members'>,
  before: Replica = { members: [], nickNames: new Map() },
): Replica => ({
  members: snapshot.members,
  nickNames: new Map([
    ...before.nickNames,
    ...snapshot.members.map((member) => [member.userID, member.nickName] as const),
  ]),
})

const patch = (replica: Replica, userID: string, change: Partial<Member>): Replica => ({
  ...replica,
  members: replica.members.map((member) =>
    member.userID === userID ? { ...member, ...change } : member,
  ),
})

/** The members after an event; events of other kinds change nothing. */
export const fold = (replica: Replica, event: MeetingEvent): Replica => {
  switch (event.name) {
    case 'meetings.entered': {
      const { member } = event.data
      const others = replica.members.filter(({ userID }) => userID !== member.userID)
      return {
        members: [...others, member],
        nickNames: new Map(replica.nickNames).set(member.userID, member.nickName),
      }
    }
    case 'meetings.left':
      return {
        ...replica,
        members: replica.members.filter(({ userID }) => userID !== event.data.userID),
      }
    case 'members.audioStatus':
      return patch(replica, event.data.userID, { audio: event.data.now })
    case 'members.videoStatus':
      return patch(replica, event.data.userID, {
        video: event.data.now,
        sending: event.data.sending,
      })
    case 'members.devices':
      return patch(replica, event.data.userID, {
        cameras: event.data.cameras,
        multiVideo: event.data.multiVideo,
      })
    case 'members.defaultVideo':
      return patch(replica, event.data.userID, { defaultVideo: event.data.videoID })
    default:
      return replica
  }
}

/**
 * Another set of cameras, told as a status 3 → 3 in multi-camera mode only; a single camera that
 * replaces another is the same picture going on (spec 08 §6).
 */
export const isOtherSet = (before: readonly number[], now: readonly number[]): boolean =>
  (before.length > 1 || now.length > 1) &&
  [...before].sort((a, b) => a - b).join() !== [...now].sort((a, b) => a - b).join()

interface Sends {
  readonly userID: string
  readonly video: number
  readonly sending: readonly number[]
}

/** Cameras open now: members in order of entry, default camera first. */
export const watchable = (members: readonly Sends[]) =>
  members.flatMap(({ userID, video, sending }) =>
    video === 3 ? sending.map((videoID) => ({ userID, videoID })) : [],
  )
