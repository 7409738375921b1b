/** What can be open beside the pictures. */
export type PanelName = 'members' | 'files' | 'devices' | 'invite' | 'more' | 'chat' | 'wall'
