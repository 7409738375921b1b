import type { Member } from '@yuntang/protocol'
import type { MeetingEvent } from './replica.ts'

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** What happened to one member who is still there. */
const changes = (before: Member, now: Member): MeetingEvent[] => {
  const { userID } = now
  const events: MeetingEvent[] = []
  if (!same([before.cameras, before.multiVideo], [now.cameras, now.multiVideo])) {
    const ids = (member: Member) => member.cameras.map((c) => c.videoID)
    events.push({
      name: 'members.devices',
      data: {
        userID,
        cameras: now.cameras,
        multiVideo: now.multiVideo,
        changed: !same(ids(before), ids(now)),
      },
    })
  }
  if (before.defaultVideo !== now.defaultVideo)
    events.push({ name: 'members.defaultVideo', data: { userID, videoID: now.defaultVideo } })
  if (before.audio !== now.audio)
    events.push({
      name: 'members.audioStatus',
      data: { userID, old: before.audio, now: now.audio },
    })
  if (before.video !== now.video || !same(before.sending, now.sending))
    events.push({
      name: 'members.videoStatus',
      data: { userID, old: before.video, now: now.video, sending: now.sending },
    })
  return events
}

/**
 * The events that lead from one list of members to another (spec 07 §5.1): who went, who came, in
 * order of entry, then what changed. Folding them into `before` gives the members of `now`.
 */
export const difference = (before: readonly Member[], now: readonly Member[]): MeetingEvent[] => {
  const was = new Map(before.map((member) => [member.userID, member]))
  const is = new Map(now.map((member) => [member.userID, member]))
  /** Another nickname means that the user left and entered again meanwhile. */
  const stayed = ({ userID }: Member) => was.get(userID)?.nickName === is.get(userID)?.nickName
  return [
    ...before
      .filter((member) => !stayed(member))
      .map(
        ({ userID }): MeetingEvent => ({
          name: 'meetings.left',
          data: { userID, cause: 'left' },
        }),
      ),
    ...now
      .filter((member) => !stayed(member))
      .map((member): MeetingEvent => ({ name: 'meetings.entered', data: { member } })),
    ...now.filter(stayed).flatMap((member) => changes(was.get(member.userID) ?? member, member)),
  ]
}
