import { onScopeDispose, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { errorText } from '../i18n/index.ts'
import { toast } from '../ui/toasts.ts'

/** Longer work on boards, one at a time; it goes on while another board is looked at. */
export const useBoardWork = () => {
  const { t } = useI18n()
  /** What is going on. */
  const busy = shallowRef('')
  let running: AbortController | null = null
  const stop = () => running?.abort()
  onScopeDispose(stop)
  return {
    busy,
    stop,
    say(text: string) {
      if (running) busy.value = text
    },
    /** Says what went wrong, also that other work is going on. */
    async run(text: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
      if (running) {
        toast(t('board.busy'), 'error')
        return
      }
      const mine = new AbortController()
      running = mine
      busy.value = text
      try {
        await work(mine.signal)
      } catch (error) {
        if (!mine.signal.aborted) toast(t('board.failed', { reason: errorText(error) }), 'error')
      } finally {
        running = null
        busy.value = ''
      }
    },
  }
}
