import { bigint, boolean, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'

/** Whole numbers beyond 32 bits: meeting numbers of any well-formed size, milliseconds since 1970. */
const whole = (name: string) => bigint(name, { mode: 'number' })

/** The tables as the queries see them; the SQL that makes them is in `migrations`. */
export const accounts = pgTable('accounts', {
  name: text('name').primaryKey(),
  passwordHash: text('password_hash').notNull(),
  authUrl: text('auth_url'),
  disabled: boolean('disabled').notNull(),
})

export const meetings = pgTable('meetings', {
  id: whole('id').primaryKey(),
  account: text('account').notNull(),
  subject: text('subject').notNull(),
  password: text('password').notNull(),
  creator: text('creator').notNull(),
  slug: text('slug').notNull().unique('meetings_slug_key'),
  createdAt: whole('created_at').notNull(),
  emptySince: whole('empty_since'),
  requestKey: text('request_key'),
})

export const users = pgTable(
  'users',
  {
    account: text('account').notNull(),
    userID: text('user_id').notNull(),
    nickName: text('nick_name').notNull(),
    lastSeen: whole('last_seen').notNull(),
  },
  (t) => [primaryKey({ columns: [t.account, t.userID] })],
)

export const sessions = pgTable('sessions', {
  tokenHash: text('token_hash').primaryKey(),
  savedAt: whole('saved_at').notNull(),
  data: text('data').notNull(),
})

export const queues = pgTable('queues', {
  id: whole('id').primaryKey().generatedAlwaysAsIdentity(),
  account: text('account').notNull(),
  name: text('name').notNull(),
  desc: text('description').notNull(),
  priority: whole('priority').notNull(),
  maxWaiting: whole('max_waiting').notNull(),
  maxWaitMs: whole('max_wait_ms').notNull(),
  agents: text('agents').array(),
  global: boolean('global').notNull().default(false),
  createdAt: whole('created_at').notNull(),
  updatedAt: whole('updated_at').notNull(),
})

/** Accounts that got their first queues; deleting them all does not bring those back. */
export const queueAccounts = pgTable('queue_accounts', {
  account: text('account').primaryKey(),
})

export const netFiles = pgTable('net_files', {
  blob: text('blob').primaryKey(),
  meeting: whole('meeting').notNull(),
  fileID: text('file_id').notNull(),
  type: integer('type').$type<0 | 1>().notNull(),
  owner: text('owner').notNull(),
  guest: boolean('guest').notNull(),
  ownerName: text('owner_name').notNull(),
  fileName: text('file_name').notNull(),
  size: whole('size').notNull(),
  createdAt: whole('created_at').notNull(),
  md5: text('md5'),
})

/** `id` is text of collation C in the database: its order is that of bytes. */
export const records = pgTable('records', {
  id: text('id').primaryKey(),
  account: text('account').notNull(),
  key: text('key').notNull(),
  owner: text('owner').notNull(),
  ownerName: text('owner_name').notNull(),
  seat: text('seat').notNull(),
  meeting: whole('meeting').notNull(),
  name: text('name').notNull(),
  wanted: text('wanted'),
  path: text('path'),
  size: whole('size').notNull(),
  duration: integer('duration').notNull(),
  mimeType: text('mime_type').notNull(),
  sha256: text('sha256').notNull(),
  createdAt: whole('created_at').notNull(),
  touchedAt: whole('touched_at').notNull(),
})

export const imMessages = pgTable(
  'im_messages',
  {
    meeting: whole('meeting').notNull(),
    seq: whole('seq').notNull(),
    from: text('sender').notNull(),
    to: text('recipient').notNull(),
    fromName: text('sender_name').notNull(),
    toName: text('recipient_name').notNull(),
    /** As JSON: text of any characters, U+0000 and half surrogate pairs too. */
    text: text('text').notNull(),
    at: whole('at').notNull(),
    key: text('key').notNull(),
  },
  (t) => [primaryKey({ columns: [t.meeting, t.seq] })],
)

export const meetingPages = pgTable('meeting_pages', {
  meeting: whole('meeting').primaryKey(),
  main: integer('main').$type<0 | 1 | 2>().notNull(),
  sub: text('sub').notNull(),
  by: text('switched_by').notNull(),
  wall: whole('wall').notNull(),
  wallBy: text('wall_by').notNull(),
  mainVideo: text('main_video').notNull(),
  mainVideoBy: text('main_video_by').notNull(),
})

/** Strokes over shared screens; `share` is when the share began. */
export const shareMarks = pgTable(
  'share_marks',
  {
    meeting: whole('meeting').notNull(),
    share: whole('share').notNull(),
    n: whole('n').notNull(),
    data: text('data').notNull(),
  },
  (t) => [primaryKey({ columns: [t.meeting, t.share, t.n] })],
)

export const boards = pgTable(
  'boards',
  {
    meeting: whole('meeting').notNull(),
    boardID: text('board_id').notNull(),
    title: text('title').notNull(),
    width: integer('width').notNull(),
    height: integer('height').notNull(),
    pageCount: integer('page_count').notNull(),
    userID: text('user_id').notNull(),
    position: whole('position').notNull(),
  },
  (t) => [primaryKey({ columns: [t.meeting, t.boardID] })],
)

/** Pages that were written on. */
export const boardPages = pgTable(
  'board_pages',
  {
    meeting: whole('meeting').notNull(),
    boardID: text('board_id').notNull(),
    page: integer('page').notNull(),
    img: text('img'),
  },
  (t) => [primaryKey({ columns: [t.meeting, t.boardID, t.page] })],
)

export const boardElements = pgTable(
  'board_elements',
  {
    meeting: whole('meeting').notNull(),
    boardID: text('board_id').notNull(),
    page: integer('page').notNull(),
    elementID: text('element_id').notNull(),
    author: text('author').notNull(),
    position: whole('position').notNull(),
    data: text('data').notNull(),
  },
  (t) => [primaryKey({ columns: [t.meeting, t.boardID, t.page, t.elementID] })],
)
