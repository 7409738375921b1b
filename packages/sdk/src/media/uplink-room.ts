/** What a sending connection believes, and what it would send; bit/s. */
export interface UplinkLook {
  readonly estimate: number
  readonly wanted: number
  /** How much longer packets take than they did at best, ms; null: unknown. */
  readonly delay: number | null
}

export interface UplinkRoom {
  /** The estimate when the path was last full; null: it never was. */
  readonly full: number | null
  /** What went through then. */
  readonly through: number
  readonly before: number
  /** Looks in a row that found no queue. */
  readonly clear: number
  /** The path is not asked again before; ms of any clock that only grows. */
  readonly askFrom: number
  /** ms until it may be asked again, doubled each time in vain. */
  readonly pause: number
}

const SHORTEST = 3_000
const LONGEST = 30_000
/** An estimate that fell by so much found the path full. */
const DROP = 0.9
/** It fell to this part of what went through. */
const BACK_OFF = 0.85
/** How far above that it rises before it finds the same path full again. */
const RISE = 1.4
/** Beyond what once was too much the path has changed. */
const BEYOND = 1.05
/** Less delay than that is no queue in front of a bottleneck, ms; a scattering path has as much by itself. */
const CLEAR = 100
const CLEAR_LOOKS = 2
/** Where there is no queue, it need only be so far above what went through. */
const CLEAR_RISE = 1.1

export const UPLINK_START: UplinkRoom = {
  full: null,
  through: 0,
  before: 0,
  clear: 0,
  askFrom: 0,
  pause: SHORTEST,
}

/**
 * Whether to ask the path what it takes, after one more look. Chromium's estimate grows by 8 % a second
 * after a bottleneck; where it got past what once was too much, or past what went through without a
 * queue, the bottleneck is gone, and one short burst finds the room at once. In a bottleneck that stays
 * nothing is asked.
 */
export const lookAtUplink = (
  room: UplinkRoom,
  { estimate, wanted, delay }: UplinkLook,
  now: number,
): readonly [UplinkRoom, ask: boolean] => {
  const { before } = room
  const fell = estimate < before * DROP
  const through = fell ? estimate / BACK_OFF : room.through
  const full = fell ? Math.min(before, through * RISE) : room.full
  const clear = delay === null || delay > CLEAR ? 0 : room.clear + 1
  const next = { ...room, full, through, clear, before: estimate }
  if (estimate >= wanted) return [{ ...next, pause: SHORTEST }, false]
  const isPast =
    full !== null &&
    (estimate > full * BEYOND || (clear >= CLEAR_LOOKS && estimate > through * CLEAR_RISE))
  if (!isPast || now < room.askFrom) return [next, false]
  // In vain: no sooner than when it has risen again by as much.
  const pause = Math.min(LONGEST, room.pause * 2)
  const asked = { full: estimate, through: estimate, askFrom: now + room.pause, pause }
  return [{ ...next, ...asked }, true]
}

/** The description with another limit of the rate (RFC 8866 §5.8) for every video that it takes. */
export const limitVideo = (sdp: string, kbps: number): string =>
  sdp
    .split(/(?=^m=)/m)
    .map((part) =>
      part.startsWith('m=video') && !part.includes('a=inactive')
        ? part.replace(/^b=AS:\d+\r\n/m, '').replace(/^(c=.*\r\n)/m, `$1b=AS:${kbps}\r\n`)
        : part,
    )
    .join('')
