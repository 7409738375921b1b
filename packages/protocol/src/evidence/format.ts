import Type, { type Static } from 'typebox'
import { LIMITS } from '../limits.ts'
import { int, list, obj, wholeText } from '../schema.ts'
import { EVIDENCE } from './constants.ts'

const Bytes = () => int(0, Number.MAX_SAFE_INTEGER)
/** The last moment that a date can hold: every reader has to be able to show it. */
const LAST_TIME = 8_640_000_000_000_000
const Time = () => int(0, LAST_TIME)
const coded = (pattern: string) => Type.String({ pattern })
/** SHA-256 or an Ed25519 key: 32 bytes as base64url without padding. */
const Hash = () => coded('^[A-Za-z0-9_-]{43}$')
/** Ed25519: 64 bytes likewise. */
const Signature = () => coded('^[A-Za-z0-9_-]{86}$')
/** Made by the page: 128 random bits as lower-case hex. */
export const RecordingID = () => coded('^[0-9a-f]{32}$')

/** How far a recording has come. */
export const Progress = obj({
  recording: RecordingID(),
  /** Bytes of all whole chunks so far. */
  bytes: Bytes(),
  /** The chain's value after them. */
  head: Hash(),
  /** True: the recording was stopped, nothing comes after. */
  final: Type.Boolean(),
})
export type Progress = Static<typeof Progress>

/** A signed statement of the server: at `time` it was told that a recording had come so far. */
export const Stamp = obj({
  ...Progress.properties,
  /** The server's clock, milliseconds since 1970. */
  time: Time(),
  /** Who told it; `""` for a guest without a login. */
  account: wholeText(LIMITS.userIDChars),
  userID: wholeText(LIMITS.userIDChars),
  /** The meeting that this user was in; 0: none. */
  meeting: Bytes(),
  signature: Signature(),
})
export type Stamp = Static<typeof Stamp>

/** The whole evidence of one recording, signed by the server that took it. */
export const Manifest = obj({
  format: Type.Literal(EVIDENCE.format),
  recording: RecordingID(),
  file: obj({
    name: wholeText(LIMITS.fileNameChars),
    mimeType: wholeText(128),
    bytes: Bytes(),
    head: Hash(),
  }),
  /** Length and SHA-256 of every chunk, in order. */
  chunks: list(Type.Tuple([int(1, EVIDENCE.chunkMost), Hash()]), EVIDENCE.chunks),
  /** In order of `bytes`, then of `time`. */
  stamps: list(Stamp, EVIDENCE.stamps),
  /** Stamps that the page sent and that were none of this server for this recording. */
  refused: int(0, EVIDENCE.stamps),
  /** When the server had the whole file, and from whom. */
  upload: obj({
    time: Time(),
    account: wholeText(LIMITS.userIDChars),
    userID: wholeText(LIMITS.userIDChars),
    meeting: Bytes(),
  }),
  /** Ed25519 public key. */
  key: Hash(),
  signature: Signature(),
})
export type Manifest = Static<typeof Manifest>

/** Length and SHA-256. */
export type Chunk = Manifest['chunks'][number]
