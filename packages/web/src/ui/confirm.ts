import { shallowRef } from 'vue'

export interface Confirmation {
  readonly question: string
  readonly action: string
  answer(yes: boolean): void
}

/** The confirmation on the screen; a newer one declines the older. */
export const confirmation = shallowRef<Confirmation | null>(null)

/** Asks before something that cannot be undone. `action` is the word on the button that does it. */
export const confirmFirst = (question: string, action: string): Promise<boolean> =>
  new Promise((resolve) => {
    confirmation.value?.answer(false)
    const asked: Confirmation = {
      question,
      action,
      answer: (yes) => {
        if (confirmation.value === asked) confirmation.value = null
        resolve(yes)
      },
    }
    confirmation.value = asked
  })
