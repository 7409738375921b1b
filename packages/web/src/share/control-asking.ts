import type { Meeting } from '@yuntang/sdk'
import { onScopeDispose, ref } from 'vue'
import { errorText, i18n } from '../i18n/index.ts'
import { client } from '../session.ts'
import { toast } from '../ui/toasts.ts'
import { type ControlMessage, readMessage, writeMessage } from './control-messages.ts'

/** No answer is a no, for both sides. */
const PATIENCE_MS = 30_000
/** Who was refused may ask again only after this time. */
const AGAIN_MS = 10_000

/**
 * Asking for the control right and being asked, until the calling scope ends. A question gives nothing:
 * only the sharer's own click on the answer does.
 */
export const useControlAsking = (meeting: Meeting) => {
  const { screen } = meeting
  const { t } = i18n.global
  /** Who asks me; `""`: nobody. */
  const asker = ref('')
  /** I have asked and wait. */
  const waiting = ref(false)
  const refusedAt = new Map<string, number>()
  let patience: ReturnType<typeof setTimeout> | undefined

  const nameOf = (userID: string) => meeting.nickName(userID) || userID
  const send = (to: string, message: ControlMessage) =>
    client.channel.sendCommand(to, writeMessage(message))
  const after = (run: () => void) => {
    clearTimeout(patience)
    patience = setTimeout(run, PATIENCE_MS)
  }
  const forget = () => {
    clearTimeout(patience)
    asker.value = ''
    waiting.value = false
  }

  const refuse = () => {
    const who = asker.value
    forget()
    if (who === '') return
    refusedAt.set(who, performance.now())
    send(who, { share: 'refused' }).catch((error: unknown) => console.warn(error))
  }
  /** `tab`: this tab is shared first, in place of what is shared now; must be called by the click. */
  const allow = async (tab: boolean) => {
    const who = asker.value
    forget()
    try {
      if (tab) {
        screen.stop()
        await screen.start({ config: { catchWnd: -1 } })
      }
      await screen.give(who)
    } catch (error) {
      toast(errorText(error), 'error')
    }
  }
  const ask = async () => {
    const { sharer } = screen
    if (sharer === '' || waiting.value) return
    waiting.value = true
    after(forget)
    try {
      await send(sharer, { share: 'ask' })
    } catch (error) {
      forget()
      toast(errorText(error), 'error')
    }
  }

  const hear = (from: string, { share }: ControlMessage) => {
    if (share === 'refused') {
      if (from !== screen.sharer || !waiting.value) return
      forget()
      toast(t('share.refused', { name: nameOf(from) }))
      return
    }
    const isTooSoon = performance.now() - (refusedAt.get(from) ?? -AGAIN_MS) < AGAIN_MS
    if (!screen.sharing || screen.holder === from || asker.value !== '' || isTooSoon) return
    asker.value = from
    after(refuse)
  }

  const stops = [
    client.channel.on('command', ({ from, data }) => {
      const message = readMessage(data)
      // Only who is in the same meeting may ask.
      if (message && meeting.member(from)) hear(from, message)
    }),
    screen.on('stopped', forget),
    screen.on('ended', forget),
    screen.on('given', ({ userID }) => {
      if (userID === meeting.me || userID === asker.value) forget()
    }),
    meeting.on('memberLeft', ({ userID }) => {
      if (userID === asker.value) forget()
    }),
  ]
  onScopeDispose(() => {
    forget()
    for (const stop of stops) stop()
  })
  return { asker, waiting, ask, allow, refuse, nameOf }
}

export type ControlAsking = ReturnType<typeof useControlAsking>
