import type { Events, PagesState } from '@yuntang/protocol'

/** What members are told, by event; applying it gives the next state. */
export type PagesFact = {
  [K in 'pages.switched' | 'pages.subClosed' | 'pages.wall' | 'pages.mainVideo']: {
    event: K
    data: Events[K]
  }
}['pages.switched' | 'pages.subClosed' | 'pages.wall' | 'pages.mainVideo']

export type PagesCommand =
  /** `sub` names a board that exists, or is not about boards. */
  | { type: 'switch'; by: string; main: PagesState['main']; sub: string }
  | { type: 'closeBoard'; boardID: string }
  | { type: 'setWall'; by: string; mode: number }
  | { type: 'setMainVideo'; by: string; userID: string }
  | { type: 'leave'; userID: string }

/** What follows from a command; nothing when it changes nothing, except for the wall (spec 11 §3). */
export const decide = (state: PagesState, c: PagesCommand): PagesFact[] => {
  switch (c.type) {
    case 'switch':
      if (c.main === state.main && c.sub === state.sub) return []
      return [{ event: 'pages.switched', data: { main: c.main, sub: c.sub, by: c.by } }]
    case 'closeBoard':
      if (state.main !== 2 || state.sub !== c.boardID || c.boardID === '') return []
      return [{ event: 'pages.subClosed', data: {} }]
    case 'setWall':
      return [{ event: 'pages.wall', data: { mode: c.mode, by: c.by } }]
    case 'setMainVideo':
      if (c.userID === state.mainVideo) return []
      return [{ event: 'pages.mainVideo', data: { userID: c.userID, by: c.by } }]
    case 'leave':
      if (c.userID !== state.mainVideo) return []
      return [{ event: 'pages.mainVideo', data: { userID: '', by: c.userID } }]
  }
}

/** The state after a fact. */
export const apply = (state: PagesState, { event, data }: PagesFact): PagesState => {
  switch (event) {
    case 'pages.switched':
      return { ...state, ...data }
    case 'pages.subClosed':
      return { ...state, sub: '' }
    case 'pages.wall':
      return { ...state, wall: data.mode, wallBy: data.by }
    case 'pages.mainVideo':
      return { ...state, mainVideo: data.userID, mainVideoBy: data.by }
  }
}
