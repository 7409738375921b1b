import type { EventName, Events } from '@yuntang/protocol'
import type { Fact } from './facts.ts'
import type { QueuesState } from './model.ts'
import { offerOf, queuingOf } from './views.ts'

/** One event for one user. */
export type Message = {
  [K in EventName]: { readonly to: string; readonly event: K; readonly data: Events[K] }
}[EventName]

/** What people are told of a fact that was applied a moment ago (the tables of spec 05 §2). */
export const messagesOf = (state: QueuesState, f: Fact, now: number): Message[] => {
  const place = (userID: string): Message => ({
    to: userID,
    event: 'queues.queuing',
    data: queuingOf(state, userID, now),
  })
  const withdrawn = (agent: string | null, queue: number | null, userID: string): Message[] =>
    agent === null || queue === null
      ? []
      : [{ to: agent, event: 'queues.withdrawn', data: { queue, userID } }]

  switch (f.type) {
    case 'joined':
    case 'accepted':
      return [place(f.userID)]
    case 'left': {
      const callSaysIt = f.why === 'refused' || f.why === 'callEnded'
      return [place(f.userID), ...(callSaysIt ? [] : withdrawn(f.agent, f.queue, f.userID))]
    }
    case 'offered': {
      const c = state.customers.get(f.userID)
      return c && !f.asked
        ? [{ to: f.agent, event: 'queues.offered', data: offerOf(state, c, now) }]
        : []
    }
    case 'returned':
      return [
        ...(f.shown || f.why === 'hungUp' ? [place(f.userID)] : []),
        ...(f.why === 'rejected' ? [] : withdrawn(f.agent, f.queue, f.userID)),
      ]
    case 'talking':
      return f.shown ? [] : [place(f.userID)]
    case 'outside':
      return [
        ...(f.shown ? [] : [place(f.userID)]),
        ...(f.talked ? [] : withdrawn(f.agent, f.queue, f.userID)),
      ]
    case 'deleted':
      return f.agents.map((to) => ({
        to,
        event: 'queues.deleted',
        data: { queue: f.queue },
      }))
    default:
      return []
  }
}
