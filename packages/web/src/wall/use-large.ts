import type { Meeting } from '@yuntang/sdk'
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { BoardChoice } from '../board/use-board.ts'
import { errorText } from '../i18n/index.ts'
import type { MeetingMedia } from '../media/use-media.ts'
import type { FollowedScreen } from '../share/follow-screen.ts'
import { toast } from '../ui/toasts.ts'
import { largeOf } from './large.ts'

interface Sources {
  readonly screen: FollowedScreen
  readonly media: MeetingMedia
  readonly boardChoice: BoardChoice
  /** Title of the first board. */
  boardTitle(): string
}

/** What is large for everybody, and how one switches it, until the calling scope ends. */
export const useLarge = (
  { me, pages }: Meeting,
  { screen, media, boardChoice, boardTitle }: Sources,
) => {
  const page = shallowRef({ main: pages.main, sub: pages.sub, by: pages.by })
  const hasShare = computed(() => screen.sharer.value !== '')
  const hasFilm = computed(() => media.current.value?.video ?? false)
  const later = ref<'share' | 'media'>(hasShare.value ? 'share' : 'media')
  // Nobody tells who comes late which was first: the board is where somebody wanted all to be.
  const isNewer = ref(pages.main !== 2)
  const large = computed(() =>
    largeOf({
      main: page.value.main,
      hasShare: hasShare.value,
      hasFilm: hasFilm.value,
      hasBoard: boardChoice.shown.value !== null,
      later: later.value,
      isNewer: isNewer.value,
    }),
  )

  const begun = (what: 'share' | 'media') => (now: boolean) => {
    if (!now) return
    later.value = what
    isNewer.value = true
  }
  watch(hasShare, begun('share'), { flush: 'sync' })
  watch(hasFilm, begun('media'), { flush: 'sync' })
  const stop = pages.on('changed', () => {
    const before = page.value
    const now = { main: pages.main, sub: pages.sub, by: pages.by }
    page.value = now
    // A closed board switches nothing.
    const isSwitch =
      now.main !== before.main || now.by !== before.by || (now.sub !== before.sub && now.sub !== '')
    if (isSwitch) isNewer.value = false
  })
  onScopeDispose(stop)

  /** What I show to all gets its page, also for who comes late; what was there comes back after it. */
  const mine = computed(
    () => screen.sharing.value || (hasFilm.value && media.current.value?.userID === me),
  )
  let before: { main: 0 | 1 | 2; sub: string } | null = null
  watch(mine, async (now) => {
    const back = before
    before = null
    try {
      if (now && pages.mayDirect && pages.main !== 1) {
        before = { main: pages.main, sub: pages.sub }
        await pages.switchTo(1)
      } else if (!now && back && pages.main === 1 && pages.by === me)
        await pages.switchTo(back.main, back.sub)
    } catch (error) {
      // The meeting may be over: then there is no page to come back to.
      console.warn('the page could not be switched', error)
    }
  })

  const attempt = async (work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      toast(errorText(error), 'error')
    }
  }
  const hasRunning = computed(() => hasShare.value || hasFilm.value)
  /** Switching to the page that is there says nothing to anybody, so another comes in between. */
  const leaveCovered = async (main: 0 | 2) => {
    if (pages.main === main && isNewer.value && hasRunning.value) await pages.switchTo(1)
  }
  return {
    large,
    /** There is a share or a film to switch to. */
    hasRunning,
    showPictures: () =>
      attempt(async () => {
        await leaveCovered(0)
        await pages.switchTo(0)
      }),
    showRunning: () => attempt(() => pages.switchTo(1)),
    showBoard: () =>
      attempt(async () => {
        await leaveCovered(2)
        await boardChoice.open(boardTitle())
      }),
  }
}

export type LargeChoice = ReturnType<typeof useLarge>
