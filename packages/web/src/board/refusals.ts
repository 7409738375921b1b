import type { Boards } from '@yuntang/sdk'
import { onScopeDispose } from 'vue'
import { useI18n } from 'vue-i18n'
import { toast } from '../ui/toasts.ts'

/** One message for so long, ms: what is refused often comes in rows. */
const QUIET_MS = 4_000

/** Says when the server undid what was done here, until the calling scope ends (spec 12 §1.2). */
export const useRefusals = (boards: Boards): void => {
  const { t } = useI18n()
  let last = Number.NEGATIVE_INFINITY
  const tell = ({ by }: { by: string }) => {
    const now = performance.now()
    if (by !== '' || now - last < QUIET_MS) return
    last = now
    toast(t('board.refused'), 'error')
  }
  const names = ['created', 'closed', 'page', 'added', 'modified', 'deleted'] as const
  const stops = names.map((name) => boards.on(name, tell))
  onScopeDispose(() => {
    for (const stop of stops) stop()
  })
}
