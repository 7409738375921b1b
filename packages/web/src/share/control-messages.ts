import { hasTexts, parseStored } from '../ui/settings.ts'

/** What pages say to each other about remote control: commands of the channel between users. */
export type ControlMessage =
  /** May I control your screen? */
  | { readonly share: 'ask' }
  /** Not now. A yes needs no words: the right itself arrives. */
  | { readonly share: 'refused' }

const isMessage = (value: unknown): value is ControlMessage =>
  hasTexts(value, 'share') &&
  ['ask', 'refused'].includes((value as Record<string, string>).share ?? '')

/** The message in a command, or null: commands of applications are none. */
export const readMessage = (data: string): ControlMessage | null => parseStored(data, isMessage)

export const writeMessage = (message: ControlMessage): string => JSON.stringify(message)
