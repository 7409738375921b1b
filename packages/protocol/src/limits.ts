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
  /** STUN and TURN addresses of one server. */
  relayUrls: 16,
  relayUrlChars: 512,
  camerasPerMember: 16,
  /** Pictures one member may watch at once. */
  watchesPerMember: 64,
  /** Users in one frame of a list; the longest names still fit `frameBytes`. */
  usersPerFrame: 400,
  /** `usrExtDat`, UTF-8 bytes (spec 00 §4). */
  freeTextBytes: 65_536,
  /** Further properties of a meeting object that a call carries. */
  extraChars: 16_384,
  /** Events kept for a page that has not acknowledged them; beyond it a snapshot replaces them. */
  backlog: 2000,
  /** Their size in characters. */
  backlogChars: 4 * 1024 * 1024,
  /** Answers kept for a page that has not acknowledged them; beyond it the link ends. */
  answersKept: 2000,
  answersKeptChars: 32 * 1024 * 1024,
  /** Bytes not yet taken by a socket: a slower reader gets a snapshot when it has caught up. */
  unsentBytes: 2 * 1024 * 1024,
  /** Requests of one page that have no answer yet. */
  outstanding: 64,
  /** Requests of one page: on average, and at once. */
  requestsPerSecond: 50,
  requestBurst: 150,
  /** L_CMD, bytes of UTF-8. */
  commandBytes: 64 * 1024,
  /** L_BUF and L_FILE. */
  fileBytes: 100 * 1024 * 1024,
  fileNameChars: 255,
  /** Part of a buffer or file that travels in one binary frame (spec 04 §7). */
  chunkBytes: 64 * 1024,
  /** Chunks of one task that may be unconfirmed. */
  chunkWindow: 8,
  /** Chunked tasks of one sender that run at a time (spec 04 §2). */
  tasksPerSender: 5,
  /** Chunked tasks that one receiver takes in at a time; further ones wait. */
  tasksPerReceiver: 8,
  /** A task of which nothing moves ends after T_RESUME and this. */
  taskIdle: 120_000,
  /** Commands of one sender (spec 04 §2). */
  commandsPerSecond: 200,
  fileIDChars: 255,
  /** Files on one net disk, unfinished ones included. */
  netFiles: 5000,
  /** Unfinished uploads in one answer. */
  unfinishedFiles: 100,
  /** An IM message, bytes of UTF-8 (spec 11 §1). */
  imBytes: 32 * 1024,
  /** Messages of one member within {@link imWindow}. */
  imBurst: 20,
  imWindow: 2_000,
  /** Messages that a meeting's history keeps at least. */
  imKept: 1_000,
  /** Messages in one answer of the history, and their size as JSON. */
  imPage: 100,
  imPageChars: 256 * 1024,
  subPageChars: 128,
  /** Whiteboards (spec 12 §1). */
  boards: 50,
  boardIDChars: 160,
  boardTitleChars: 100,
  boardMinSize: 16,
  boardMaxSize: 16_384,
  boardPages: 500,
  /** Per page. */
  boardElements: 5_000,
  /** One element as JSON, bytes of UTF-8. */
  boardElementBytes: 256 * 1024,
  /** All elements of a page. */
  boardPageBytes: 8 * 1024 * 1024,
  /** All boards of a meeting. */
  boardMeetingBytes: 64 * 1024 * 1024,
  /** Actions of one member; further ones wait. */
  boardActionsPerSecond: 100,
  /** Elements in one frame: with the largest one on top it still fits `frameBytes`. */
  boardPartBytes: 192 * 1024,
  /** Between two pointings of one member, ms. */
  boardSpotEvery: 50,
  /** Longest side of a shared surface, pixels. */
  screenSide: 16_384,
  /** Strokes of one share (spec 09 §6), and points of one stroke. */
  marks: 2_000,
  markPoints: 1_000,
  /** Points in one frame. */
  markPartPoints: 16_000,
  markIDChars: 64,
  markMaxWidth: 64,
  /** Shared media (spec 10 §4): name of the file, side of its picture, and the longest position. */
  mediaNameChars: 255,
  mediaSide: 65_535,
  mediaMs: 30 * 24 * 60 * 60_000,
  /** Recordings that the server keeps (spec 06 §7): place in the store, and media type. */
  recordPathChars: 600,
  mimeTypeChars: 128,
  /** Longest duration that a page may name: a week. */
  recordSeconds: 7 * 24 * 3600,
  /** Recordings in one answer. */
  recordsPerFrame: 100,
  /** Recordings of one app account, unfinished ones included, and unfinished ones of one user. */
  recordsPerAccount: 100_000,
  unfinishedRecords: 50,
  /** Mouse and key messages in one frame. */
  remoteInputs: 64,
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
  /** T_ASSIGN */
  assign: 30_000,
  /** T_ENGAGE */
  engage: 60_000,
  /** T_COOLDOWN */
  cooldown: 10_000,
  queuesPerAccount: 1000,
  queueNameChars: 64,
  queueDescChars: 200,
  /** T_EMPTY */
  empty: 30 * 60_000,
  /** T_RING */
  ring: 30_000,
  /** How long a telephone may ring (spec 03 §6.4). */
  phoneRing: 60_000,
  /** Telephones in one meeting. */
  phonesPerMeeting: 20,
  /** How long an ended call is remembered (spec 00 §11). */
  callTombstone: 60_000,
  /** Ended calls of one app account that are remembered. */
  callTombstones: 1_000,
  /** Changes of one user within this time may be told as one (spec 02 §7). */
  presenceMerge: 200,
  /** How long a client that lost its seat to a newer entry may not take it back (spec 07 §5.4). */
  takeover: 30_000,
} as const
