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

/** Panels with a button in the bar, on narrow pages in the list of more; `words` is a key of the texts. */
export const TOOLS: readonly {
  readonly panel: PanelName
  readonly icon: IconName
  readonly words: string
  readonly key?: string
}[] = [
  { panel: 'record', icon: 'record', words: 'record.open', key: 'R' },
  { panel: 'wall', icon: 'wall', words: 'wall.title' },
  { panel: 'files', icon: 'folder', words: 'disk.title' },
  { panel: 'invite', icon: 'invite', words: 'meeting.invite' },
  { panel: 'devices', icon: 'settings', words: 'devices.title', key: 'D' },
]
