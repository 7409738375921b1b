import type { RunningMedia } from './api.ts'
import type { Player } from './player.ts'

/** What runs, as the page that plays it sees it. */
export const runningOf = (userID: string, name: string, player: Player): RunningMedia => ({
  userID,
  name,
  paused: player.paused,
  video: player.hasVideo,
  duration: player.opened.duration,
})
