import { type ErrorCode, type MediaStopReason, type Meeting, YuntangError } from '@yuntang/sdk'
import { computed, onScopeDispose, ref } from 'vue'
import { prompter } from '../dual/prompts.ts'
import { errorText, errorWords, i18n } from '../i18n/index.ts'
import { toast } from '../ui/toasts.ts'
import { followMedia } from './follow-media.ts'

/** What a stop says that nobody asked for (spec 10 §4.1). */
const FAILURES: Partial<Record<MediaStopReason, ErrorCode>> = {
  2: 'files.unreadable',
  3: 'playing.damaged',
  4: 'playing.unsupported',
  5: 'playing.failed',
}

/** The file that is played to the meeting, until the calling scope ends. */
export const useMedia = (meeting: Meeting) => {
  const { media, me } = meeting
  const { t } = i18n.global
  const followed = followMedia(media)
  const { current } = followed
  /** The file that is being opened; `""` none. */
  const opening = ref('')
  const nameOf = (userID: string) => meeting.nickName(userID) || userID
  const mayStopOther = meeting.policy === 'owner' && meeting.owner === me

  /** A sound of a dual recording's script is part of that, and shown there. */
  const isPrompt = computed(
    () => current.value?.video === false && current.value.userID === prompter.value,
  )

  const play = async (file: File): Promise<void> => {
    opening.value = file.name
    try {
      await media.play(file)
    } catch (error) {
      const stopped = error instanceof YuntangError && error.code === 'playing.none'
      if (!stopped) toast(errorText(error), 'error')
    } finally {
      if (!media.busy || media.current) opening.value = ''
    }
  }
  const stop = async (): Promise<void> => {
    if (media.stop()) return
    try {
      await media.stopOther()
    } catch (error) {
      toast(errorText(error), 'error')
    }
  }

  const stops = [
    media.on('started', ({ userID }) => {
      // What the page shows follows a moment later.
      const { name = '', video = false } = media.current ?? {}
      const isSpoken = !video && userID === prompter.value
      if (userID !== me && !isSpoken)
        toast(t('media.started', { name: nameOf(userID), file: name }))
    }),
    media.on('stopped', ({ userID, reason }) => {
      const code = FAILURES[reason]
      if (userID !== me) {
        if (userID !== prompter.value) toast(t('media.stopped', { name: nameOf(userID) }))
      } else if (code) toast(errorWords(code), 'error')
    }),
  ]
  onScopeDispose(() => {
    for (const off of stops) off()
  })
  return { ...followed, me, opening, isPrompt, nameOf, mayStopOther, play, stop }
}

export type MeetingMedia = ReturnType<typeof useMedia>

/** The first file of those that a browser may play. */
export const mediaAmong = (files: Iterable<File>): File | null =>
  [...files].find(({ type }) => /^(video|audio)\//.test(type)) ?? null
