import type { ErrorCode, Events, SharedPlay } from '@yuntang/protocol'

/**
 * The shared media of one meeting, or null (spec 10 §4.1). `at` was right at `since`, ms. Pure: no
 * clock, no I/O.
 */
export type MediaState = { readonly play: SharedPlay; readonly since: number } | null

type MediaEvent = 'media.started' | 'media.moved' | 'media.stopped'

/** What members are told, by event; applying it gives the next state. */
export type MediaFact = { [K in MediaEvent]: { event: K; data: Events[K] } }[MediaEvent]

export type MediaCommand =
  | { type: 'start'; play: SharedPlay }
  | { type: 'move'; userID: string; paused: 0 | 1; at: number }
  | { type: 'stop'; reason: Events['media.stopped']['reason'] }

export type MediaDecision = { facts: MediaFact[] } | { error: ErrorCode }

/** What follows from a command; an error changes nothing. */
export const decide = (state: MediaState, c: MediaCommand): MediaDecision => {
  switch (c.type) {
    case 'start': {
      if (!state) return { facts: [{ event: 'media.started', data: c.play }] }
      const { userID, paused, at } = c.play
      if (state.play.userID !== userID) return { error: 'playing.taken' }
      return { facts: [{ event: 'media.moved', data: { userID, paused, at } }] }
    }
    case 'move': {
      if (state?.play.userID !== c.userID) return { error: 'playing.none' }
      const { userID, paused, at } = c
      return { facts: [{ event: 'media.moved', data: { userID, paused, at } }] }
    }
    case 'stop': {
      if (!state) return { error: 'playing.none' }
      const { userID } = state.play
      return { facts: [{ event: 'media.stopped', data: { userID, reason: c.reason } }] }
    }
  }
}

/** The state after a fact of the time `now`. */
export const apply = (state: MediaState, { event, data }: MediaFact, now: number): MediaState => {
  switch (event) {
    case 'media.started':
      return { play: data, since: now }
    case 'media.moved':
      return state && { play: { ...state.play, paused: data.paused, at: data.at }, since: now }
    case 'media.stopped':
      return null
  }
}

/** The media as it is at the time `now`: a file has no place behind its end, whatever its player says. */
export const playAt = (state: MediaState, now: number, most: number): SharedPlay | null => {
  if (!state) return null
  const { play, since } = state
  const passed = play.paused === 1 ? 0 : Math.max(0, Math.round(now - since))
  return { ...play, at: Math.min(play.duration || most, play.at + passed) }
}
