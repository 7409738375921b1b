import type { Offer } from '@yuntang/sdk'
import { ref, shallowRef } from 'vue'
import { callPerson } from '../calls/call-desk.ts'
import { i18n } from '../i18n/index.ts'
import { client } from '../session.ts'
import { toast } from '../ui/toasts.ts'

/** The customer that this agent has to answer; null without one. */
export const offer = shallowRef<Offer | null>(null)
/** By when, on the page's own clock. */
export const answerBy = ref(0)

const { queues } = client

/** The name of the queue that the customer comes from. */
export const queueOf = ({ queue }: Offer): string =>
  queues.list.find(({ id }) => id === queue)?.name ?? ''

const show = (next: Offer) => {
  offer.value = next
  answerBy.value = performance.now() + next.answerIn
}

/** Takes the customer and calls it: the dialogue of calls goes on from there. */
export const acceptOffer = async (): Promise<void> => {
  const taken = offer.value
  if (!taken) return
  await queues.accept(taken)
  if (offer.value === taken) offer.value = null
  await callPerson({ userID: taken.userID, nickName: taken.name })
}

export const refuseOffer = async (): Promise<void> => {
  const declined = offer.value
  offer.value = null
  if (declined) await queues.reject(declined)
}

export const askForCustomer = async (): Promise<void> => show(await queues.next())

// For as long as the page lives: a customer may be offered before the agent is back at its desk.
queues.on('offered', show)
queues.on('withdrawn', ({ userID }) => {
  const gone = offer.value
  if (gone?.userID !== userID) return
  offer.value = null
  toast(i18n.global.t('agent.gone', { name: gone.name || gone.userID }))
})
client.on('lineOff', () => {
  offer.value = null
})

/** True from waiting at the desk until the talk that came of it is over. */
let isCustomer = false
export const setCustomer = (waits: boolean): void => {
  isCustomer = waits
}

/** Set by the router: where agents and their customers go when a talk is over. */
export const backToDesk = (go: (page: 'agent' | 'desk') => void): void => {
  client.on('meeting', (meeting) => {
    if (meeting) return
    if (queues.serving.length > 0) go('agent')
    else if (isCustomer) {
      isCustomer = false
      go('desk')
    }
  })
}
