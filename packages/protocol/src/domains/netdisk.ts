import type { Static } from 'typebox'
import { domain, event, request } from '../contract.ts'
import { LIMITS } from '../limits.ts'
import { int, keptText, list, nothing, obj, oneOf, opt, text, UserID } from '../schema.ts'

/** Made by the page (spec 06 §2, MakeNetDiskFileID), or any other text for the program's own files. */
const FileID = () => keptText(LIMITS.fileIDChars, 1)
const FileName = () => keptText(LIMITS.fileNameChars)
const Bytes = () => int(0, Number.MAX_SAFE_INTEGER)

/** A complete file of a meeting's net disk (spec 06 §1). */
export const NetFile = obj({
  fileID: FileID(),
  /** 0 shared by users and listed, 1 used by the program. */
  type: oneOf(0, 1),
  owner: UserID(),
  ownerName: text(LIMITS.nickNameChars),
  /** Name on the uploader's side, without directories. */
  fileName: FileName(),
  /** Lower-case hex of the content. */
  md5: text(32, 32),
  size: Bytes(),
  /** When it became complete, milliseconds since 1970. */
  createdAt: Bytes(),
})
export type NetFile = Static<typeof NetFile>

/** An upload that its owner may go on with (spec 06 §2, SetNetDiskTransportPause). */
export const UnfinishedFile = obj({
  fileID: FileID(),
  type: oneOf(0, 1),
  fileName: FileName(),
  size: Bytes(),
  /** Bytes that the server has. */
  received: Bytes(),
  /** When it was last gone on with, milliseconds since 1970. */
  touchedAt: Bytes(),
})
export type UnfinishedFile = Static<typeof UnfinishedFile>

/** The net disk of the meeting that the page is in (spec 06 §1–3). Contents travel over HTTP. */
export const netdisk = domain('netdisk', {
  requests: {
    /** In KB of 1024 bytes. */
    summary: request({
      in: nothing(),
      out: obj({ limit: int(0, Number.MAX_SAFE_INTEGER), used: Bytes() }),
      allow: 'member',
    }),
    /** Complete files of type 0, oldest first. */
    list: request({
      in: nothing(),
      out: obj({ files: list(NetFile, LIMITS.netFiles) }),
      allow: 'member',
    }),
    /**
     * Begins an upload, or goes on with the one of this ID, size and name that was left unfinished.
     * `path` below the server's address takes the bytes (tus 1.0: HEAD, PATCH) for some minutes;
     * asked for again it is a fresh one.
     */
    upload: request({
      in: obj({ fileID: FileID(), type: oneOf(0, 1), fileName: FileName(), size: Bytes() }),
      out: obj({ path: text(1024) }),
      allow: 'member',
    }),
    /**
     * Every byte is there: the file becomes visible. May be repeated. `md5` is that of the content
     * as the page has it; when another has arrived the upload is dropped with `file.changed`.
     */
    finish: request({
      in: obj({ fileID: FileID(), md5: opt(text(32, 32)) }),
      out: obj({ file: NetFile }),
      allow: 'member',
    }),
    /** My oldest uploads that are not complete; they go when nobody goes on for a day. */
    unfinished: request({
      in: nothing(),
      out: obj({ files: list(UnfinishedFile, LIMITS.unfinishedFiles) }),
      allow: 'member',
    }),
    /** Gives an unfinished upload of mine up. */
    cancel: request({ in: obj({ fileID: FileID() }), out: nothing(), allow: 'member' }),
    /** `path` below the server's address gives the content, with ranges, for some minutes. */
    download: request({
      in: obj({ fileID: FileID() }),
      out: obj({ path: text(4096), file: NetFile }),
      allow: 'member',
    }),
    remove: request({ in: obj({ fileID: FileID() }), out: nothing(), allow: 'member' }),
  },
  events: {
    /** A file of type 0 is complete, or replaces the one of its ID. */
    added: event(obj({ file: NetFile })),
    removed: event(obj({ fileID: FileID(), by: UserID() })),
  },
})
