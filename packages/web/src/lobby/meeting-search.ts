import type { MeetingInfo } from '@yuntang/sdk'

const plain = (text: string) =>
  text.normalize('NFKC').toLocaleLowerCase().replace(/\s+/g, ' ').trim()

/** Meetings whose subject has all the words, or whose number has the digits (blanks do not count). */
export const searchMeetings = (
  meetings: readonly MeetingInfo[],
  words: string,
): readonly MeetingInfo[] => {
  const wanted = plain(words)
  if (!wanted) return meetings
  const digits = wanted.replace(/[\s-]/g, '')
  const parts = wanted.split(' ')
  return meetings.filter(({ id, subject }) => {
    const text = plain(subject)
    return (
      (/^\d+$/.test(digits) && String(id).includes(digits)) || parts.every((p) => text.includes(p))
    )
  })
}

/** A meeting number as people read it out: in groups of four. */
export const spacedNumber = (id: number): string =>
  String(id).length === 8 ? String(id).replace(/(\d{4})(?=\d)/g, '$1 ') : String(id)
