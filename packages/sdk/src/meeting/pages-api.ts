import type { Cancellable, Events } from '../api.ts'

/** 0 video wall, 1 sharing, 2 whiteboard (spec 11 §2). */
export type MainPage = 0 | 1 | 2

export interface PagesEvents {
  /** Somebody else switched the page, or was faster than me. */
  switched: { main: MainPage; sub: string; by: string }
  /** The wall mode was set, also to what it was. */
  wall: { mode: number; by: string }
  /** `by` left, or chose `userID`; `""` for nobody. */
  mainVideo: { userID: string; by: string }
  /** Any of the values may be another now, whoever caused it. */
  changed: undefined
}

/**
 * What all members look at together (spec 11 §2–4). Actions reject with permission.denied,
 * member.unknown, meeting.outside or connection.*.
 */
export interface Pages extends Events<PagesEvents> {
  readonly main: MainPage
  /** A board's ID, or `""`. */
  readonly sub: string
  /** Who switched last; `""`: nobody. */
  readonly by: string
  /** 0–9 are the layouts of spec 11 §3.1; applications may use other integers. 2 at first. */
  readonly wall: number
  /** Who set the wall; `""`: nobody has. */
  readonly wallBy: string
  /** User ID; `""`: none. */
  readonly mainVideo: string
  /** Who chose the main video. */
  readonly mainVideoBy: string
  /** Whether the meeting's policy lets me direct what all look at. */
  readonly mayDirect: boolean
  /** The values change at once; when somebody else was last, `switched` tells. */
  switchTo(main: MainPage, sub?: string, cancel?: Cancellable): Promise<void>
  setWall(mode: number, cancel?: Cancellable): Promise<void>
  /** `""` clears it. */
  setMainVideo(userID: string, cancel?: Cancellable): Promise<void>
}
