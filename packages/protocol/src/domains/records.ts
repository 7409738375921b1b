import type { Static } from 'typebox'
import { domain, request } from '../contract.ts'
import { EVIDENCE } from '../evidence/constants.ts'
import { RecordingID } from '../evidence/format.ts'
import { LIMITS } from '../limits.ts'
import { bool, int, keptText, list, nothing, obj, opt, orNull, text, UserID } from '../schema.ts'

/** Made by the page, one for each upload; opaque. Whoever goes on with an upload has to have it. */
const UploadKey = () => keptText(64, 16)
/** Made by the server; ascending with time. */
const RecordID = () => keptText(64, 1)
const Bytes = () => int(0, Number.MAX_SAFE_INTEGER)
const MimeType = () => keptText(LIMITS.mimeTypeChars)
/** Lower-case hex. */
const Md5 = () => text(32, 32)
const Sha256 = () => text(64, 64)

/** A recording that the server has confirmed. */
export const StoredRecord = obj({
  id: RecordID(),
  /** In the record store of the app account, `/` first (spec 06 §7). */
  path: keptText(LIMITS.recordPathChars, 1),
  size: Bytes(),
  /** Whole seconds, as its page says; 0 when unknown. */
  duration: int(0, LIMITS.recordSeconds),
  mimeType: MimeType(),
  /** Of the content, as the server has it. */
  sha256: Sha256(),
  owner: UserID(),
  ownerName: text(LIMITS.nickNameChars),
  /** Where its owner was when the upload began; 0: in none. */
  meeting: Bytes(),
  /** When the upload began, milliseconds since 1970. */
  createdAt: Bytes(),
  /** It has a signed manifest of its evidence. */
  manifest: bool(),
})
export type StoredRecord = Static<typeof StoredRecord>

/**
 * What the server keeps of recordings (spec 06 §7, 10 §3). Contents travel over HTTP. For whoever is
 * logged in or in a meeting; everybody sees what they uploaded themselves.
 */
export const records = domain('records', {
  requests: {
    /**
     * Begins the upload of this key, goes on with it, or changes its size. `path` below the server's
     * address takes the bytes (tus 1.0: HEAD, PATCH) for some minutes; asked for again it is a fresh one.
     * While a recording grows `size` is the room that is wanted next; the end of it says the final size.
     */
    begin: request({
      in: obj({
        key: UploadKey(),
        /** Without directories. */
        name: keptText(LIMITS.fileNameChars, 1),
        /** Place in the record store; absent: `/<YYYY-MM-DD>/<name>`, numbered when it is taken. */
        to: opt(keptText(LIMITS.recordPathChars, 1)),
        size: Bytes(),
      }),
      out: obj({ path: text(1024) }),
      allow: 'anyone',
    }),
    /**
     * Every byte is there: the recording is kept from now on. May be repeated. When other bytes have
     * arrived than `md5` says, the upload is dropped with `file.changed`.
     */
    finish: request({
      in: obj({
        key: UploadKey(),
        size: Bytes(),
        md5: Md5(),
        duration: int(0, LIMITS.recordSeconds),
        mimeType: MimeType(),
        /** Wants a manifest, with so many stamps that were handed in with `evidence.attach`. */
        evidence: opt(obj({ recording: RecordingID(), stamps: int(0, EVIDENCE.stamps) })),
      }),
      /** `url`: path below the server's address, as `url` answers it. */
      out: obj({ record: StoredRecord, url: text(4096) }),
      allow: 'anyone',
    }),
    /** Gives an unfinished upload of mine up. */
    cancel: request({ in: obj({ key: UploadKey() }), out: nothing(), allow: 'anyone' }),
    /** Mine, newest first; `before`: those after it in that order. */
    list: request({
      in: obj({ before: opt(RecordID()), limit: opt(int(1, LIMITS.recordsPerFrame)) }),
      out: obj({ records: list(StoredRecord, LIMITS.recordsPerFrame) }),
      allow: 'anyone',
    }),
    /** Bytes of the whole app account. */
    usage: request({
      in: nothing(),
      out: obj({ used: Bytes(), limit: Bytes() }),
      allow: 'anyone',
    }),
    /**
     * `path` below the server's address gives the content, with ranges: to be played in a page, for a
     * day, or as a file to `download`, for some minutes.
     */
    url: request({
      in: obj({ id: RecordID(), download: opt(bool()) }),
      out: obj({ path: text(4096) }),
      allow: 'anyone',
    }),
    /** `path` gives the signed manifest of its evidence; null when it has none. */
    manifest: request({
      in: obj({ id: RecordID() }),
      out: obj({ path: orNull(text(4096)) }),
      allow: 'anyone',
    }),
    remove: request({ in: obj({ id: RecordID() }), out: nothing(), allow: 'anyone' }),
  },
  events: {},
})
