import type { MediaControls, Unsubscribe } from '../api.ts'
import type { SlotName } from './slot-names.ts'

/** Tells what happens to shared or local media (spec 10 §4). */
export const mediaSlots = (
  media: MediaControls,
  tell: (slot: SlotName, args: readonly unknown[]) => void,
): Unsubscribe[] => [
  media.on('started', ({ userID }) => tell('NotifyMediaStart', [userID])),
  media.on('opened', ({ duration, width, height }) =>
    tell('NotifyMediaOpened', [duration, width, height]),
  ),
  media.on('paused', ({ userID, paused }) => tell('NotifyMediaPause', [userID, paused ? 1 : 0])),
  media.on('sought', ({ position }) => tell('NotifyPlayPosSetted', [position])),
  media.on('stopped', ({ userID, reason }) => tell('NotifyMediaStop', [userID, reason])),
]
