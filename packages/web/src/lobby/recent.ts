import { shallowRef } from 'vue'
import { hasTexts, onDevice, parseStored } from '../ui/settings.ts'

/** A meeting that was entered on this device. */
export interface RecentMeeting {
  readonly id: number
  readonly subject: string
  readonly url: string
  /** Milliseconds since 1970. */
  readonly at: number
}

const KEY = 'recent'
const MOST = 8

const isList = (value: unknown): value is RecentMeeting[] =>
  Array.isArray(value) &&
  value.every(
    (m) => hasTexts(m, 'subject', 'url') && Number.isSafeInteger(m.id) && Number.isFinite(m.at),
  )

/** Newest first. */
export const recentMeetings = shallowRef<readonly RecentMeeting[]>(
  parseStored(onDevice.read(KEY), isList) ?? [],
)

const keep = (list: readonly RecentMeeting[]) => {
  recentMeetings.value = list
  onDevice.write(KEY, JSON.stringify(list))
}

export const forgetRecent = (id: number): void =>
  keep(recentMeetings.value.filter((m) => m.id !== id))

export const rememberRecent = (meeting: RecentMeeting): void => {
  const others = recentMeetings.value.filter((m) => m.id !== meeting.id)
  keep([meeting, ...others].slice(0, MOST))
}
