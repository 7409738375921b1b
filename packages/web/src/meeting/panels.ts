/** What can be open beside the pictures. */
export type PanelName = 'members' | 'devices' | 'invite' | 'more' | 'chat' | 'wall'
