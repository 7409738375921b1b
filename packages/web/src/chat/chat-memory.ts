import { hasTexts, inTab, parseStored } from '../ui/settings.ts'

/** What this tab remembers of a meeting's chat, so that a reload loses nothing of it. */
export interface ChatMemory {
  readonly meeting: number
  /** Who I was in it. */
  readonly me: string
  /** Number of the last message that was read, or was there at the entry. */
  readonly read: number
  /** What is being written, and to whom; `""` all. */
  readonly draft: string
  readonly to: string
}

const KEY = 'chat'
const isMemory = (value: unknown): value is ChatMemory =>
  hasTexts(value, 'me', 'draft', 'to') &&
  ['meeting', 'read'].every((name) =>
    Number.isSafeInteger((value as Record<string, unknown>)[name]),
  )

export const readMemory = (meeting: number, me: string): ChatMemory | null => {
  const memory = parseStored(inTab.read(KEY), isMemory)
  return memory && memory.meeting === meeting && memory.me === me ? memory : null
}

export const keepMemory = (memory: ChatMemory): void => inTab.write(KEY, JSON.stringify(memory))
