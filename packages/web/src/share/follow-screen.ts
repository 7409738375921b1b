import type { Meeting } from '@yuntang/sdk'
import { onScopeDispose, ref } from 'vue'
import { errorText, i18n } from '../i18n/index.ts'
import { toast } from '../ui/toasts.ts'

/** Phones have no screen to choose. */
export const canShare = 'getDisplayMedia' in (navigator.mediaDevices ?? {})

/** Follows the share of a meeting until the calling scope ends. */
export const followScreen = (meeting: Meeting) => {
  const { screen } = meeting
  const { t } = i18n.global
  const sharer = ref(screen.sharer)
  const sharing = ref(screen.sharing)
  const holder = ref(screen.holder)
  const surface = ref(screen.surface)
  /** A pen is in hand: pointer drags on the share draw. */
  const marking = ref(false)
  const nameOf = (userID: string) => meeting.nickName(userID) || userID

  const stops = [
    screen.on('changed', () => {
      sharer.value = screen.sharer
      sharing.value = screen.sharing
      holder.value = screen.holder
      surface.value = screen.surface
    }),
    screen.on('started', ({ userID }) => toast(t('share.started', { name: nameOf(userID) }))),
    screen.on('stopped', ({ userID }) => toast(t('share.stopped', { name: nameOf(userID) }))),
  ]
  onScopeDispose(() => {
    for (const stop of stops) stop()
  })

  /** Starts or stops; must be called by the click. */
  const flip = async (): Promise<void> => {
    if (screen.stop()) return
    try {
      await screen.start()
    } catch (error) {
      toast(errorText(error), 'error')
    }
  }
  const give = async (userID: string): Promise<void> => {
    try {
      await screen.give(userID)
    } catch (error) {
      toast(errorText(error), 'error')
    }
  }
  return {
    sharer,
    sharing,
    holder,
    surface,
    marking,
    nameOf,
    flip,
    give,
    release: () => screen.release(),
  }
}

export type FollowedScreen = ReturnType<typeof followScreen>
