import type { ErrorCode, Events, ScreenShare, ShareRect } from '@yuntang/protocol'

/** The share of one meeting, or null (spec 09 §1). Pure: no clock, no I/O. */
export type ScreenState = ScreenShare | null

type ScreenEvent =
  | 'screen.started'
  | 'screen.resized'
  | 'screen.stopped'
  | 'screen.given'
  | 'screen.released'

/** What members are told, by event; applying it gives the next state. */
export type ScreenFact = { [K in ScreenEvent]: { event: K; data: Events[K] } }[ScreenEvent]

export type ScreenCommand =
  | { type: 'start'; userID: string; rect: ShareRect; now: number }
  | { type: 'resize'; userID: string; rect: ShareRect }
  | { type: 'stop'; userID: string }
  /** By the sharer, to another member. */
  | { type: 'give'; by: string; userID: string }
  /** By the sharer or the holder. */
  | { type: 'release'; by: string }
  /** The user's page lost its seat, for whatever reason. */
  | { type: 'leave'; userID: string }

export type ScreenDecision = { facts: ScreenFact[] } | { error: ErrorCode }

const isSame = (a: ShareRect, b: ShareRect) =>
  a.x === b.x && a.y === b.y && a.w === b.w && a.h === b.h

const resize = (share: ScreenShare, rect: ShareRect): ScreenFact[] =>
  isSame(share.rect, rect) ? [] : [{ event: 'screen.resized', data: { rect } }]

const release = (share: ScreenShare, by: string): ScreenFact[] =>
  share.holder === '' ? [] : [{ event: 'screen.released', data: { by, userID: share.holder } }]

const end = (share: ScreenShare): ScreenFact[] => [
  ...release(share, share.userID),
  { event: 'screen.stopped', data: { userID: share.userID } },
]

/** What follows from a command; an error changes nothing. */
export const decide = (state: ScreenState, c: ScreenCommand): ScreenDecision => {
  switch (c.type) {
    case 'start':
      if (!state)
        return {
          facts: [
            { event: 'screen.started', data: { userID: c.userID, rect: c.rect, since: c.now } },
          ],
        }
      if (state.userID !== c.userID) return { error: 'screen.taken' }
      return { facts: resize(state, c.rect) }
    case 'resize':
      if (state?.userID !== c.userID) return { error: 'screen.none' }
      return { facts: resize(state, c.rect) }
    case 'stop':
      if (state?.userID !== c.userID) return { error: 'screen.none' }
      return { facts: end(state) }
    case 'give':
      if (state?.userID !== c.by) return { error: 'screen.none' }
      if (c.userID === c.by) return { error: 'param.invalid' }
      if (c.userID === state.holder) return { facts: [] }
      return {
        facts: [
          ...release(state, c.by),
          { event: 'screen.given', data: { by: c.by, userID: c.userID } },
        ],
      }
    case 'release':
      return { facts: state ? release(state, c.by) : [] }
    case 'leave':
      if (state?.userID === c.userID) return { facts: end(state) }
      return { facts: state?.holder === c.userID ? release(state, c.userID) : [] }
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
    case 'screen.given':
      return state && { ...state, holder: data.userID }
    case 'screen.released':
      return state && { ...state, holder: '' }
  }
}
