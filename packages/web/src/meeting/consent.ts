import { shallowRef } from 'vue'
import { client } from '../session.ts'

const PATIENCE_MS = 30_000

export interface ConsentQuestion {
  readonly kind: 'mic' | 'camera'
  readonly name: string
  answer(yes: boolean): void
}

/** The question on the screen; a newer one refuses the older. */
export const consentQuestion = shallowRef<ConsentQuestion | null>(null)

/** Nobody else turns this page's devices on without a yes (spec 08 §2.1); no answer means no. */
client.remoteOpen = (kind, by) =>
  new Promise<boolean>((resolve) => {
    consentQuestion.value?.answer(false)
    const question: ConsentQuestion = {
      kind,
      name: client.meeting?.nickName(by) || by,
      answer: (yes) => {
        clearTimeout(timer)
        if (consentQuestion.value === question) consentQuestion.value = null
        resolve(yes)
      },
    }
    const timer = setTimeout(() => question.answer(false), PATIENCE_MS)
    consentQuestion.value = question
  })

client.on('meeting', (meeting) => {
  if (!meeting) consentQuestion.value?.answer(false)
})
