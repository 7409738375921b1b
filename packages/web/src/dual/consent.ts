import type { DualMessage } from './messages.ts'

/** A dual recording as the customer's page has it; kept over reloads. */
export interface Consent {
  readonly session: string
  /** User ID of the agent. */
  readonly agent: string
  readonly agentName: string
  readonly answer: 'open' | 'yes' | 'no'
  /** It records, as the agent's page says. */
  readonly recording: boolean
  /** Of the step; `""` none. */
  readonly text: string
}

export interface ConsentChange {
  readonly consent: Consent | null
  /** To be sent to the agent. */
  readonly reply?: DualMessage
}

type Step = Extract<DualMessage, { dual: 'step' }>

const answer = (session: string, yes: boolean): DualMessage => ({ dual: 'answer', session, yes })

/** This page knows of no question: it was answered on another page of the customer's. */
const recorded = (agent: string, { session, running, text }: Step): Consent => ({
  ...{ session, agent, agentName: '', answer: 'yes', recording: running, text },
})

/** The agent's page says something; `from` has been found to be in this meeting. */
export const hear = (now: Consent | null, from: string, message: DualMessage): ConsentChange => {
  const { session } = message
  const isKnown = now?.session === session && now.agent === from
  switch (message.dual) {
    case 'ask':
      // One recording after the other: who asks in between waits until this one is over.
      if (isKnown)
        return now.answer === 'open'
          ? { consent: now }
          : { consent: now, reply: answer(session, now.answer === 'yes') }
      if (now && now.answer !== 'no' && now.agent !== from) return { consent: now }
      return {
        consent: {
          session,
          agent: from,
          agentName: message.agent,
          answer: 'open',
          recording: false,
          text: '',
        },
      }
    case 'step':
      if (!isKnown) return now ? { consent: now } : { consent: recorded(from, message) }
      // Nothing is recorded with a yes that was never given, or was taken back.
      if (now.answer !== 'yes') return { consent: now, reply: answer(session, false) }
      return { consent: { ...now, recording: message.running, text: message.text } }
    case 'over':
      return { consent: isKnown ? null : now }
    default:
      return { consent: now }
  }
}

/** The customer decides, or changes the mind. */
export const decide = (now: Consent, yes: boolean): ConsentChange => ({
  consent: { ...now, answer: yes ? 'yes' : 'no', recording: yes && now.recording },
  reply: answer(now.session, yes),
})

export const isConsent = (value: unknown): value is Consent => {
  const consent = value as Partial<Record<keyof Consent, unknown>> | null
  return (
    typeof consent === 'object' &&
    consent !== null &&
    [consent.session, consent.agent, consent.agentName, consent.text].every(
      (text) => typeof text === 'string',
    ) &&
    ['open', 'yes', 'no'].includes(String(consent.answer)) &&
    typeof consent.recording === 'boolean'
  )
}
