import type { Meeting, MemberInfo } from '@yuntang/sdk'
import { onScopeDispose, reactive, ref, shallowRef } from 'vue'
import { i18n } from '../i18n/index.ts'
import { isWithheld } from '../phones/number.ts'

/** From this speech level (0–10) on a member counts as speaking. */
const SPEAKING_FROM = 2

/** Follows one meeting for templates until the calling scope ends. */
export const followMeeting = (meeting: Meeting) => {
  const members = shallowRef<readonly MemberInfo[]>(meeting.members)
  const speaking = reactive(new Set<string>())
  const network = ref(meeting.networkLevel)
  const mic = ref(meeting.mic.status)
  const camera = ref(meeting.camera.status)

  const refresh = () => {
    members.value = meeting.members
    mic.value = meeting.mic.status
    camera.value = meeting.camera.status
  }
  const follow = (userID: string, level: number) => {
    if (level >= SPEAKING_FROM) speaking.add(userID)
    else speaking.delete(userID)
  }
  const stops = [
    meeting.on('memberEntered', refresh),
    meeting.on('memberLeft', ({ userID }) => {
      speaking.delete(userID)
      refresh()
    }),
    // Opened again within one measurement, a level stays the same and no energy is told.
    meeting.on('audioStatus', ({ userID }) => {
      follow(userID, meeting.energy(userID))
      refresh()
    }),
    meeting.on('videoStatus', refresh),
    meeting.on('cameras', refresh),
    meeting.on('defaultVideo', refresh),
    meeting.on('energy', ({ userID, now }) => follow(userID, now)),
    meeting.on('network', ({ level }) => {
      network.value = level
    }),
  ]
  onScopeDispose(() => {
    for (const stop of stops) stop()
  })
  return { members, speaking, network, mic, camera }
}

/** What to call somebody who gave no name. */
export const shownID = (userID: string): string =>
  isWithheld(userID) ? i18n.global.t('phones.withheld') : userID

/** The name to show for a member. */
export const shownName = (member: MemberInfo): string => member.nickName || shownID(member.userID)
