/** Sizes, counts and times that both ends keep to (spec 00 §8). Times in milliseconds. */
export const LIMITS = {
  /** Protocol version; the server refuses another major number. */
  protocolVersion: 1,
  /** Largest text frame in either direction, bytes. Descriptions of large meetings fit well below. */
  frameBytes: 512 * 1024,
  userIDChars: 128,
  nickNameChars: 128,
  subjectChars: 50,
  passwordChars: 64,
  deviceNameChars: 256,
  camerasPerMember: 16,
  /** Pictures one member may watch at once. */
  watchesPerMember: 64,
  /** Events kept for a link that is away; beyond it resume is refused (spec 02 §5). */
  backlog: 2000,
  heartbeat: 5_000,
  /** T_DEAD */
  dead: 15_000,
  /** T_CONNECT */
  connect: 10_000,
  /** T_LOGIN */
  login: 30_000,
  /** T_REQUEST */
  request: 15_000,
  /** Whole entry attempt (spec 07 §2). */
  enter: 30_000,
  /** T_RESUME; the server may configure another value and says so in its greeting. */
  resume: 30_000,
  /** T_SESSION */
  session: 120_000,
  /** T_EMPTY */
  empty: 30 * 60_000,
  /** How long a client that lost its seat to a newer entry may not take it back (spec 07 §5.4). */
  takeover: 30_000,
} as const
