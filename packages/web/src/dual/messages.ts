import { hasTexts, parseStored } from '../ui/settings.ts'

/**
 * What the pages of agent and customer say to each other about a dual recording: commands of the
 * channel between users. Every message names its recording, and may arrive twice.
 */
export type DualMessage =
  /** Agent: may I record? Again after a reload of either page. */
  | { readonly dual: 'ask'; readonly session: string; readonly agent: string }
  /** Customer: yes or no; no also withdraws an earlier yes. */
  | { readonly dual: 'answer'; readonly session: string; readonly yes: boolean }
  /** Agent: whether it records now, and the text of the step; `""` none. */
  | {
      readonly dual: 'step'
      readonly session: string
      readonly running: boolean
      readonly text: string
    }
  /** Agent: it is over, or will not be. */
  | { readonly dual: 'over'; readonly session: string }
  /** Customer: my page is back and asks how things stand. */
  | { readonly dual: 'here'; readonly session: string }

export const MOST_TEXT = 2000
const SESSION = /^[\w-]{8,64}$/
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  ask: ['agent'],
  answer: [],
  step: ['text'],
  over: [],
  here: [],
}

const FLAGS = [
  ['answer', 'yes'],
  ['step', 'running'],
] as const

const isMessage = (value: unknown): value is DualMessage => {
  if (!hasTexts(value, 'dual', 'session')) return false
  const message = value as Record<string, unknown>
  const texts = Object.hasOwn(TEXTS, String(message.dual)) ? TEXTS[String(message.dual)] : undefined
  return (
    texts !== undefined &&
    SESSION.test(String(message.session)) &&
    texts.every((name) => typeof message[name] === 'string' && message[name].length <= MOST_TEXT) &&
    FLAGS.every(([dual, name]) => message.dual !== dual || typeof message[name] === 'boolean')
  )
}

/** The message in a command, or null: commands of applications are none. */
export const readMessage = (data: string): DualMessage | null => parseStored(data, isMessage)

export const writeMessage = (message: DualMessage): string => JSON.stringify(message)
