import {
  type Handlers,
  type In,
  type MeetingInfo,
  type MeetingSnapshot,
  type meetings,
  ProtocolError,
  type Requests,
} from '@yuntang/protocol'
import type { Context } from '../../actor/context.ts'
import type { Clock } from '../../core/clock.ts'
import type { Ids } from '../../core/ids.ts'
import { MeetingConflict, type MeetingRecord, type MeetingStore } from '../../storage/port.ts'
import { mayEnd } from '../members/policy.ts'
import type { Directory } from '../session/directory.ts'
import type { Rooms } from './rooms.ts'
import type { Seats } from './seats.ts'

export interface MeetingsDeps {
  readonly clock: Clock
  readonly ids: Ids
  readonly store: MeetingStore
  readonly rooms: Rooms
  readonly seats: Seats
  readonly directory: Directory
  readonly maxMeetings: number
  readonly guests: boolean
  readonly passwords: 'all' | 'creator'
  readonly policy: 'open' | 'owner'
  /** The meeting is gone: its media goes too. */
  ended(id: number): void
}

const PASSWORD_DIGITS = 6
const TRIES = 20

const link = (ctx: Context, m: MeetingRecord) => `${ctx.link.base}/m/${m.slug}`

const info = (deps: MeetingsDeps, ctx: Context, m: MeetingRecord): MeetingInfo => ({
  id: m.id,
  password:
    m.password && deps.passwords === 'creator' && ctx.user?.userID !== m.creator ? '*' : m.password,
  subject: m.subject,
  url: link(ctx, m),
  creator: m.creator,
  memberCount: deps.rooms.size(m.id),
  createdAt: m.createdAt,
})

/** A number or slug may be taken by chance: then another is drawn. */
const create = async (deps: MeetingsDeps, ctx: Context, subject: string, withPassword: boolean) => {
  const { account, userID } = ctx.user as NonNullable<Context['user']>
  if ((await deps.store.list(account)).length >= deps.maxMeetings)
    throw new ProtocolError('meeting.limit')
  const now = deps.clock.now()
  for (let i = 0; i < TRIES; i++) {
    const record: MeetingRecord = {
      id: deps.ids.meetingNumber(),
      account,
      subject,
      password: withPassword ? deps.ids.digits(PASSWORD_DIGITS) : '',
      creator: userID,
      slug: deps.ids.slug(),
      createdAt: now,
      emptySince: now,
    }
    try {
      await deps.store.create(record)
      return record
    } catch (error) {
      if (!(error instanceof MeetingConflict)) throw error
    }
  }
  throw new ProtocolError('meeting.limit')
}

/** Ends a meeting for everybody and deletes its state. */
export const endMeeting = async (
  deps: Pick<MeetingsDeps, 'store' | 'rooms' | 'seats' | 'ended'>,
  id: number,
  by: Context | null,
): Promise<void> => {
  await deps.store.destroy(id)
  const room = deps.rooms.find(id)
  deps.rooms.forget(id)
  if (room) deps.seats.stop(room, by)
  deps.ended(id)
}

type Entry = In<Requests['meetings.enter']>

/** Which user ID a page may enter under (spec 07 §2, Identity). */
const identify = (deps: MeetingsDeps, ctx: Context, p: Entry, account: string): string => {
  const proven = p.proof ? deps.directory.byProof(p.proof) : undefined
  if (!ctx.user && !proven && !deps.guests) throw new ProtocolError('login.required')
  const userID =
    p.userID ?? ctx.user?.userID ?? proven?.userID ?? `anon_${deps.ids.token().slice(0, 12)}`
  const owner = deps.directory.find(ctx.user?.account ?? account, userID)
  if (owner && owner !== ctx) throw new ProtocolError('identity.taken')
  return userID
}

const snapshot = (
  deps: MeetingsDeps,
  ctx: Context,
  m: MeetingRecord,
  me: string,
): MeetingSnapshot => ({
  id: m.id,
  subject: m.subject,
  owner: m.creator,
  url: link(ctx, m),
  me,
  policy: deps.policy,
  members: deps.seats.members(deps.rooms.open(m)),
})

export const meetingsHandlers = (deps: MeetingsDeps): Handlers<typeof meetings, Context> => ({
  async create({ subject, withPassword }, ctx) {
    const record = await create(deps, ctx, subject, withPassword)
    deps.rooms.created(record)
    return info(deps, ctx, record)
  },

  async destroy({ id }, ctx) {
    const m = await deps.store.find(id)
    if (!m) throw new ProtocolError('meeting.unknown')
    const user = ctx.user as NonNullable<Context['user']>
    const creator = m.account === user.account ? m.creator : ''
    if (!mayEnd(deps.policy, creator, user.userID, ctx.seat?.room.id === id))
      throw new ProtocolError('permission.denied')
    await endMeeting(deps, id, ctx)
    return {}
  },

  async list(_params, ctx) {
    const records = await deps.store.list((ctx.user as NonNullable<Context['user']>).account)
    return { meetings: records.map((m) => info(deps, ctx, m)) }
  },

  async resolve({ slug }) {
    const m = await deps.store.findBySlug(slug)
    if (!m) throw new ProtocolError('meeting.unknown')
    return { id: m.id, subject: m.subject, protected: m.password !== '' }
  },

  async enter(p, ctx) {
    if (!ctx.user && !p.proof && !deps.guests) throw new ProtocolError('login.required')
    const m = await deps.store.find(p.id)
    if (!m) throw new ProtocolError('meeting.unknown')
    if (m.password !== p.password) throw new ProtocolError('meeting.password')
    const userID = identify(deps, ctx, p, m.account)
    if (ctx.link.ended) throw new ProtocolError('session.unknown')
    deps.seats.enter(deps.rooms.open(m), userID, p.nickName, p.devices, ctx)
    return snapshot(deps, ctx, m, userID)
  },

  exit(_params, ctx) {
    deps.seats.leave(ctx, 'left')
    return {}
  },
})
