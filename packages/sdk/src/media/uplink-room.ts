/** What a sending connection believes, and what it would send; bit/s. */
export interface UplinkLook {
  readonly estimate: number
  readonly wanted: number
}

export interface UplinkRoom {
  /** The estimate when the path was last full; null: it never was. */
  readonly full: number | null
  readonly before: number
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

export const UPLINK_START: UplinkRoom = { full: null, before: 0, askFrom: 0, pause: SHORTEST }

/**
 * Whether to ask the path what it takes, after one more look. Chromium's estimate grows by 8 % a second
 * after a bottleneck; where it got past what once was too much, the bottleneck is gone, and one short
 * burst finds the room at once. In a bottleneck that stays nothing is asked.
 */
export const lookAtUplink = (
  room: UplinkRoom,
  { estimate, wanted }: UplinkLook,
  now: number,
): readonly [UplinkRoom, ask: boolean] => {
  const { before } = room
  const fell = estimate < before * DROP
  const full = fell ? Math.min(before, (estimate / BACK_OFF) * RISE) : room.full
  if (estimate >= wanted) return [{ ...room, full, before: estimate, pause: SHORTEST }, false]
  const ask = full !== null && estimate > full * BEYOND && now >= room.askFrom
  if (!ask) return [{ ...room, full, before: estimate }, false]
  // In vain: no sooner than when it has risen again by as much.
  const pause = Math.min(LONGEST, room.pause * 2)
  return [{ full: estimate, before: estimate, askFrom: now + room.pause, pause }, true]
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
