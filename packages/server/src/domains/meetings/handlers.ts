import {
  type Handlers,
  type In,
  type MeetingInfo,
  type MeetingSnapshot,
  type meetings,
  ProtocolError,
  type Requests,
} from '@yuntang/protocol'
import type { Attempts } from '../../accounts/attempts.ts'
import type { Context } from '../../actor/context.ts'
import type { RoomPart } from '../../actor/room-part.ts'
import { addressName } from '../../core/address-name.ts'
import type { Clock } from '../../core/clock.ts'
import type { Ids } from '../../core/ids.ts'
import { isSameSecret } from '../../core/same-secret.ts'
import { Late } from '../../gateway/late.ts'
import { MeetingConflict, type MeetingRecord, type MeetingStore } from '../../storage/port.ts'
import { mayEnd } from '../members/policy.ts'
import type { Directory } from '../session/directory.ts'
import { isSelf, mayBe, mayKnow } from './policy.ts'
import type { Rooms } from './rooms.ts'
import type { Seats } from './seats.ts'

export interface MeetingsDeps {
  readonly clock: Clock
  readonly ids: Ids
  readonly store: MeetingStore
  readonly rooms: Rooms
  readonly seats: Seats
  readonly directory: Directory
  /** Wrong meeting numbers, links and passwords, by address. */
  readonly guesses: Attempts
  readonly maxMeetings: number
  readonly guests: boolean
  readonly passwords: 'all' | 'creator'
  readonly policy: 'open' | 'owner'
  /** The meeting is gone: its media and files go too. */
  ended(id: number): void
  /** The meeting that the page is in as it is at this moment, or null. */
  snapshot(ctx: Context): MeetingSnapshot | null
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

/** Who has logged in; to be read before anything is waited for, since the login may end meanwhile. */
type User = NonNullable<Context['user']>

/** A number or slug may be taken by chance: then another is drawn. */
const create = async (
  deps: MeetingsDeps,
  { account, userID }: User,
  subject: string,
  withPassword: boolean,
  requestKey: string | null,
) => {
  if ((await deps.store.count(account)) >= deps.maxMeetings)
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
      requestKey,
    }
    try {
      await deps.store.create(record)
      return record
    } catch (error) {
      if (!(error instanceof MeetingConflict)) throw error
      // The same request was repeated while its first sending was still on its way.
      const made =
        error.field === 'requestKey' ? await findMade(deps, { account, userID }, requestKey) : null
      if (made) return made
    }
  }
  throw new ProtocolError('meeting.limit')
}

/** The meeting that an earlier sending of the same request made. */
const findMade = async (
  deps: MeetingsDeps,
  { account, userID }: Pick<User, 'account' | 'userID'>,
  key: string | null,
): Promise<MeetingRecord | null> =>
  key === null ? null : await deps.store.findByRequest(account, userID, key)

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

/** Whatever is not right counts as a guess. */
const guess = async <T>(deps: MeetingsDeps, ctx: Context, make: () => Promise<T>): Promise<T> => {
  const end = await deps.guesses.begin(addressName(ctx.link.address))
  if (!end) throw new ProtocolError('rate.exceeded')
  let failed = false
  try {
    return await make()
  } catch (error) {
    failed = error instanceof ProtocolError
    throw error
  } finally {
    end(failed)
  }
}

type Entry = In<Requests['meetings.enter']>

/** Whoever proves nothing is told nothing of meetings, unless guests are taken. */
const provenBy = (deps: MeetingsDeps, ctx: Context, { proof, id }: Entry) => {
  const proven = proof && !ctx.user ? deps.directory.byProof(proof, id) : null
  if (!ctx.user && !proven && !deps.guests) throw new ProtocolError('login.required')
  return proven
}

/** Which user ID a page may enter under (spec 07 §2, Identity). */
const identify = (
  deps: MeetingsDeps,
  ctx: Context,
  p: Entry,
  m: MeetingRecord,
): { userID: string; proven: boolean } => {
  const proven = provenBy(deps, ctx, p)
  const known = ctx.user ?? proven?.user ?? null
  const userID = p.userID ?? known?.userID ?? `anon_${deps.ids.token().slice(0, 12)}`
  if (proven && userID !== proven.user.userID) throw new ProtocolError('identity.taken')
  if (!mayKnow(m, known, deps.guests)) throw new ProtocolError('meeting.unknown')
  const owner = deps.directory.find(m.account, userID)
  if (owner && owner !== ctx && owner !== proven?.ctx) throw new ProtocolError('identity.taken')
  if (!mayBe(m, userID, known)) throw new ProtocolError('identity.taken')
  // The page has given its old link up already; the seat waits for the entry (spec 07 §5.3).
  if (proven?.ctx) {
    deps.directory.ended(proven.ctx, 'lost')
    deps.seats.hold(proven.ctx, false)
    proven.ctx.link.end('lost')
  }
  return { userID, proven: isSelf(known, m, userID) }
}

/** The meeting that the page is in as it is at this moment, or null. */
export const snapshotOf = (ctx: Context, parts: readonly RoomPart[]): MeetingSnapshot | null => {
  if (!ctx.seat) return null
  const { room, userID } = ctx.seat
  const { meeting } = room
  return {
    id: meeting.id,
    subject: meeting.subject,
    owner: meeting.creator,
    url: link(ctx, meeting),
    me: userID,
    policy: room.policy,
    members: [...room.members],
    ...Object.assign({}, ...parts.map((part) => part.snapshot?.(room, userID))),
  }
}

type MeetingsHandlers = Omit<Handlers<typeof meetings, Context>, 'enter'> & {
  enter(params: Entry, ctx: Context): Promise<Late<MeetingSnapshot>>
}

export const meetingsHandlers = (deps: MeetingsDeps): MeetingsHandlers => ({
  async create({ subject, withPassword, key }, ctx) {
    const user = ctx.user as User
    const made = await findMade(deps, user, key ?? null)
    if (made) return info(deps, ctx, made)
    const record = await create(deps, user, subject, withPassword, key ?? null)
    deps.rooms.created(record)
    return info(deps, ctx, record)
  },

  async destroy({ id }, ctx) {
    const user = ctx.user as User
    const m = await deps.store.find(id)
    if (!m || !mayKnow(m, user, false)) throw new ProtocolError('meeting.unknown')
    if (!mayEnd(deps.policy, m.creator, user.userID, ctx.seat?.room.id === id))
      throw new ProtocolError('permission.denied')
    await endMeeting(deps, id, ctx)
    return {}
  },

  async list(_params, ctx) {
    const records = await deps.store.list((ctx.user as User).account)
    return { meetings: records.map((m) => info(deps, ctx, m)) }
  },

  async resolve({ slug }, ctx) {
    const m = await guess(deps, ctx, async () => {
      const found = await deps.store.findBySlug(slug)
      if (!found || !mayKnow(found, ctx.user, deps.guests))
        throw new ProtocolError('meeting.unknown')
      return found
    })
    return { id: m.id, subject: m.subject, protected: m.password !== '' }
  },

  async enter(p, ctx) {
    provenBy(deps, ctx, p)
    const m = await guess(deps, ctx, async () => {
      const found = await deps.store.find(p.id)
      if (!found || !mayKnow(found, ctx.user, deps.guests))
        throw new ProtocolError('meeting.unknown')
      if (!isSameSecret(found.password, p.password)) throw new ProtocolError('meeting.password')
      return found
    })
    if (ctx.link.ended) throw new ProtocolError('session.unknown')
    const who = identify(deps, ctx, p, m)
    const { nickName, devices, fresh = false } = p
    deps.seats.enter(deps.rooms.open(m), { ...who, nickName, devices, fresh }, ctx)
    const { seat } = ctx
    return new Late(() => {
      const now = ctx.seat === seat ? deps.snapshot(ctx) : null
      if (!now) throw new ProtocolError('request.replaced')
      return now
    })
  },

  exit(_params, ctx) {
    deps.seats.leave(ctx, 'left')
    return {}
  },
})
