import type { PagesState } from '@yuntang/protocol'
import type { RecordTable } from './record-port.ts'

export type * from './record-port.ts'

/** An app account: the tenant (spec 00 §1, §11). */
export interface AccountRecord {
  readonly name: string
  /** argon2id over the lower-case MD5 hex that pages send; never the bare MD5. */
  readonly passwordHash: string
  /** URL of the application's own user check; null for none (spec 02 §3). */
  readonly authUrl: string | null
  readonly disabled: boolean
}

/** A meeting as it survives a restart (spec 03 §1). Times in milliseconds since 1970. */
export interface MeetingRecord {
  readonly id: number
  readonly account: string
  readonly subject: string
  /** `""` for none. */
  readonly password: string
  /** User ID. */
  readonly creator: string
  /** Last part of the public link. */
  readonly slug: string
  readonly createdAt: number
  /** Since when nobody is inside; null while somebody is. */
  readonly emptySince: number | null
  /** Key of the creator's request that made it; null for none. Unique for its account and creator. */
  readonly requestKey: string | null
}

/** A page's login and seat, for coming back after a restart. */
export interface SessionRecord {
  /** Hash of the secret that resumes the page's link. */
  readonly tokenHash: string
  /** Milliseconds since 1970. */
  readonly savedAt: number
  /** JSON; its shape belongs to the session domain. */
  readonly data: string
}

/** A user who logged in at least once (spec 00 §11). */
export interface UserRecord {
  readonly account: string
  readonly userID: string
  readonly nickName: string
  /** Last login, milliseconds since 1970. */
  readonly lastSeen: number
}

/** What an administrator says about a queue (spec 05 §9). */
export interface QueueSettings {
  readonly name: string
  readonly desc: string
  /** 1–10, smaller is served first. */
  readonly priority: number
  /** Customers who may wait at once; 0: any number. */
  readonly maxWaiting: number
  /** Milliseconds after which a waiting customer is removed; 0: never. */
  readonly maxWaitMs: number
  /** User IDs that may serve; null: everybody. */
  readonly agents: readonly string[] | null
  /** For every app account of the company; each account is a company of its own here. */
  readonly global: boolean
}

/** A queue of an app account. Times in milliseconds since 1970. */
export interface QueueRecord extends QueueSettings {
  /** Made by the database and never used twice. */
  readonly id: number
  readonly account: string
  readonly createdAt: number
  readonly updatedAt: number
}

/** The account has a queue of that name. */
export class QueueConflict extends Error {
  override readonly name = 'QueueConflict'
  constructor() {
    super('A queue of this name exists')
  }
}

/** A meeting of that id or slug exists. */
export class MeetingConflict extends Error {
  override readonly name = 'MeetingConflict'
  constructor(readonly field: 'id' | 'slug' | 'requestKey') {
    super(`A meeting of this ${field} exists`)
  }
}

/** App accounts. */
export interface AccountStore {
  find(name: string): Promise<AccountRecord | null>
  /** By name. */
  list(): Promise<readonly AccountRecord[]>
  /** Makes the account or replaces everything of it. */
  upsert(account: AccountRecord): Promise<void>
}

/** Meetings that exist; a destroyed one is gone and its id and slug are free again. */
export interface MeetingStore {
  /** @throws MeetingConflict when id, slug or the creator's request key is taken. */
  create(meeting: MeetingRecord): Promise<void>
  find(id: number): Promise<MeetingRecord | null>
  findBySlug(slug: string): Promise<MeetingRecord | null>
  findByRequest(account: string, creator: string, key: string): Promise<MeetingRecord | null>
  /** Meetings of an account, newest first. */
  list(account: string): Promise<readonly MeetingRecord[]>
  count(account: string): Promise<number>
  /** Every meeting of every account, newest first. */
  all(): Promise<readonly MeetingRecord[]>
  /** Does nothing when the meeting is gone. */
  setEmptySince(id: number, at: number | null): Promise<void>
  /** True when the meeting existed. */
  destroy(id: number): Promise<boolean>
}

/** Known users. */
export interface UserStore {
  /** Keeps the last nickname and time. */
  remember(account: string, userID: string, nickName: string, at: number): Promise<void>
  find(account: string, userID: string): Promise<UserRecord | null>
}

/** Logins and seats of pages that may come back. */
export interface SessionStore {
  /** In order of saving. */
  all(): Promise<readonly SessionRecord[]>
  /** Keeps these, replacing older ones, and forgets those hashes. */
  save(keep: readonly SessionRecord[], forget: readonly string[]): Promise<void>
}

/** Definitions of service queues; who waits and serves is not kept. */
export interface QueueStore {
  /** Every queue of every account, by ID. */
  all(): Promise<readonly QueueRecord[]>
  /** @throws QueueConflict when the account has a queue of that name. */
  create(account: string, queue: QueueSettings, now: number): Promise<QueueRecord>
  /** Null when there is no such queue. @throws QueueConflict */
  update(id: number, queue: QueueSettings, now: number): Promise<QueueRecord | null>
  /** True when the queue existed. */
  delete(id: number): Promise<boolean>
  /** Makes an account's first queues, once for all time; later calls make nothing. */
  seed(account: string, queues: readonly QueueSettings[], now: number): Promise<void>
}

/** A file of a meeting's net disk, complete or on its way (spec 06 §1). */
export interface NetFileRecord {
  /** Where its content is. */
  readonly blob: string
  readonly meeting: number
  readonly fileID: string
  /** 0 listed for users, 1 used by the program. */
  readonly type: 0 | 1
  readonly owner: string
  /** The owner's user ID was not that of a login. */
  readonly guest: boolean
  readonly ownerName: string
  readonly fileName: string
  readonly size: number
  /** When it became complete, before that when its upload was last asked for; milliseconds since 1970. */
  readonly createdAt: number
  /** Hex; null while bytes are missing. */
  readonly md5: string | null
}

/** A whiteboard (spec 12 §1). */
export interface StoredBoard {
  readonly boardID: string
  readonly title: string
  readonly width: number
  readonly height: number
  readonly pageCount: number
  readonly userID: string
  /** Order of creation. */
  readonly position: number
}

/** A board's page that was written on. */
export interface StoredPage {
  readonly boardID: string
  readonly page: number
  /** Net-disk file ID of the background; `""` for none. */
  readonly img: string | null
}

export interface StoredElement {
  readonly boardID: string
  readonly page: number
  readonly elementID: string
  readonly author: string
  /** Order of arrival on its page. */
  readonly position: number
  /** JSON; its shape belongs to the board domain. */
  readonly data: string
}

/** All boards of a meeting, each list in order. */
export interface StoredBoards {
  readonly boards: readonly StoredBoard[]
  readonly pages: readonly StoredPage[]
  readonly elements: readonly StoredElement[]
}

/** What changed, in this order: boards closed, then made, pages, elements gone, elements written. */
export interface BoardChanges {
  readonly closed: readonly string[]
  readonly boards: readonly StoredBoard[]
  /** `replaced`: everything stored of the page goes first. */
  readonly pages: readonly (StoredPage & { readonly replaced: boolean })[]
  readonly deleted: readonly Pick<StoredElement, 'boardID' | 'page' | 'elementID'>[]
  readonly elements: readonly StoredElement[]
}

/** Whiteboards of meetings. */
export interface BoardStore {
  /** Meetings that have boards. */
  meetings(): Promise<readonly number[]>
  load(meeting: number): Promise<StoredBoards>
  /** All or nothing. */
  save(meeting: number, changes: BoardChanges): Promise<void>
  removeAll(meeting: number): Promise<void>
}

/** A stroke over a shared screen. */
export interface StoredMark {
  /** Unique in its share; gives the order. */
  readonly n: number
  /** JSON; its shape belongs to the screen domain. */
  readonly data: string
}

/** Strokes over shared screens; a share is named by its meeting and when it began, ms since 1970. */
export interface MarkStore {
  /** Shares that have strokes. */
  shares(): Promise<readonly { readonly meeting: number; readonly share: number }[]>
  /** In order. */
  load(meeting: number, share: number): Promise<readonly StoredMark[]>
  /** Writes some, in place of earlier ones of their numbers, and forgets others; all or nothing. */
  save(
    meeting: number,
    share: number,
    changes: { readonly marks: readonly StoredMark[]; readonly gone: readonly number[] },
  ): Promise<void>
  /** Forgets the strokes of one share, or of all of a meeting. */
  remove(meeting: number, share?: number): Promise<void>
}

/** Who has a file of a net disk. */
export type NetFileOwner = Pick<NetFileRecord, 'owner' | 'guest'>

/** Net disks. One complete file per meeting and file ID, and beside it one unfinished per owner. */
export interface NetFileStore {
  /** An unfinished file. */
  create(file: NetFileRecord): Promise<void>
  /** The complete file of that ID. */
  find(meeting: number, fileID: string): Promise<NetFileRecord | null>
  findUnfinished(
    meeting: number,
    fileID: string,
    owner: NetFileOwner,
  ): Promise<NetFileRecord | null>
  /** The oldest unfinished files of an owner. */
  unfinished(meeting: number, owner: NetFileOwner, limit: number): Promise<readonly NetFileRecord[]>
  /** An unfinished file was asked for again at that time. */
  touch(blob: string, at: number): Promise<void>
  /** Complete files of type 0, oldest first. */
  list(meeting: number): Promise<readonly NetFileRecord[]>
  /** Files and KB, rounded up per file, unfinished ones included. */
  usage(meeting: number): Promise<{ files: number; kb: number }>
  /** Makes a file complete in place of an earlier one of its ID, whose blob is answered. */
  complete(blob: string, md5: string, at: number): Promise<string | null>
  remove(blob: string): Promise<void>
  /** Forgets all files of a meeting and answers their blobs. */
  removeAll(meeting: number): Promise<readonly string[]>
  /** Forgets unfinished files not asked for since that time and answers their blobs. */
  removeStale(before: number): Promise<readonly string[]>
  /** Forgets the files of meetings that are over and answers their blobs. */
  removeOver(): Promise<readonly string[]>
  /** Of these blobs, those that a file has. */
  known(blobs: readonly string[]): Promise<ReadonlySet<string>>
}

/** A message of a meeting (spec 11 §1). */
export interface ImRecord {
  readonly meeting: number
  /** Unique in its meeting; gives the order. */
  readonly seq: number
  readonly from: string
  /** `""`: everybody. */
  readonly to: string
  /** Nicknames at that time. */
  readonly fromName: string
  readonly toName: string
  /** Any characters at all. */
  readonly text: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** Made by the sender's page; unique for its meeting and sender. */
  readonly key: string
}

/** Whose view of a meeting's messages: those to everybody, and its own private ones from a time on. */
export interface ImViewer {
  readonly userID: string
  /** Milliseconds since 1970. */
  readonly privateSince: number
}

/** Messages of meetings; those of a destroyed meeting are gone with it. */
export interface ImStore {
  /** The highest number of each meeting that has messages. */
  lasts(): Promise<ReadonlyMap<number, number>>
  /**
   * Keeps messages of one meeting, in one write; answers the numbers that are kept: one whose sender
   * used its key before is not. Fails when the meeting does not exist.
   */
  append(messages: readonly ImRecord[]): Promise<ReadonlySet<number>>
  findByKey(meeting: number, from: string, key: string): Promise<ImRecord | null>
  /** The newest messages before a number, in order. */
  before(meeting: number, viewer: ImViewer, seq: number, limit: number): Promise<ImRecord[]>
  /** The oldest messages after a number, in order. */
  after(meeting: number, viewer: ImViewer, seq: number, limit: number): Promise<ImRecord[]>
  /** Forgets messages up to and with this number. */
  trim(meeting: number, seq: number): Promise<void>
}

/** Page, wall and main video of meetings; those of a destroyed meeting are gone with it. */
export interface PagesStore {
  all(): Promise<ReadonlyMap<number, PagesState>>
  /** Replaces what is kept. Fails when the meeting does not exist. */
  save(meeting: number, state: PagesState): Promise<void>
}

/** What outlives the process. A resolved write is on disk: it survives `kill -9`. */
export interface Storage {
  readonly accounts: AccountStore
  readonly meetings: MeetingStore
  readonly users: UserStore
  readonly sessions: SessionStore
  readonly queues: QueueStore
  readonly netFiles: NetFileStore
  readonly records: RecordTable
  readonly im: ImStore
  readonly pages: PagesStore
  readonly boards: BoardStore
  readonly marks: MarkStore
  /** Idempotent. */
  close(): Promise<void>
}
