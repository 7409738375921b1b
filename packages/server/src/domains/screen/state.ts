import type { ErrorCode, Events, ScreenShare, ShareRect } from '@yuntang/protocol'

/** The share of one meeting, or null (spec 09 §1). Pure: no clock, no I/O. */
export type ScreenState = ScreenShare | null

type ScreenEvent = 'screen.started' | 'screen.resized' | 'screen.stopped'

/** What members are told, by event; applying it gives the next state. */
export type ScreenFact = { [K in ScreenEvent]: { event: K; data: Events[K] } }[ScreenEvent]

export type ScreenCommand =
  | { type: 'start'; userID: string; rect: ShareRect }
  | { type: 'resize'; userID: string; rect: ShareRect }
  | { type: 'stop'; userID: string }
  /** The user's page lost its seat, for whatever reason. */
  | { type: 'leave'; userID: string }

export type ScreenDecision = { facts: ScreenFact[] } | { error: ErrorCode }

const isSame = (a: ShareRect, b: ShareRect) =>
  a.x === b.x && a.y === b.y && a.w === b.w && a.h === b.h

const resize = (share: ScreenShare, rect: ShareRect): ScreenFact[] =>
  isSame(share.rect, rect) ? [] : [{ event: 'screen.resized', data: { rect } }]

const end = (share: ScreenShare): ScreenFact[] => [
  { event: 'screen.stopped', data: { userID: share.userID } },
]

/** What follows from a command; an error changes nothing. */
export const decide = (state: ScreenState, c: ScreenCommand): ScreenDecision => {
  switch (c.type) {
    case 'start':
      if (!state)
        return {
          facts: [{ event: 'screen.started', data: { userID: c.userID, rect: c.rect } }],
        }
      if (state.userID !== c.userID) return { error: 'screen.taken' }
      return { facts: resize(state, c.rect) }
    case 'resize':
      if (state?.userID !== c.userID) return { error: 'screen.none' }
      return { facts: resize(state, c.rect) }
    case 'stop':
      if (state?.userID !== c.userID) return { error: 'screen.none' }
      return { facts: end(state) }
    case 'leave':
      return { facts: state?.userID === c.userID ? end(state) : [] }
  }
}

/** The state after a fact. */
export const apply = (state: ScreenState, { event, data }: ScreenFact): ScreenState => {
  switch (event) {
    case 'screen.started':
      return { ...data, holder: '' }
    case 'screen.resized':
      return state && { ...state, rect: data.rect }
    case 'screen.stopped':
      return null
  }
}
