import type { IconName } from '../ui/icons.ts'

/** What can be open beside the pictures. */
export type PanelName =
  | 'members'
  | 'files'
  | 'devices'
  | 'invite'
  | 'more'
  | 'chat'
  | 'wall'
  | 'record'
  | 'dual'

export interface Tool {
  readonly panel: PanelName
  readonly icon: IconName
  /** Key of the texts. */
  readonly words: string
  /** On the keyboard. */
  readonly key?: string
}

/** Panels with a button in the bar, on narrow pages in the list of more. */
export const TOOLS: readonly Tool[] = [
  { panel: 'record', icon: 'record', words: 'record.open', key: 'R' },
  { panel: 'wall', icon: 'wall', words: 'wall.title' },
  { panel: 'files', icon: 'folder', words: 'disk.title' },
  { panel: 'invite', icon: 'invite', words: 'meeting.invite' },
  { panel: 'devices', icon: 'settings', words: 'devices.title', key: 'D' },
]

/** For an agent with a customer. */
export const DUAL: Tool = { panel: 'dual', icon: 'faces', words: 'dual.title' }
