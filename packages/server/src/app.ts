import type { MediaEngine } from '@yuntang/media'
import { LIMITS } from '@yuntang/protocol'
import { createAttempts } from './accounts/attempts.ts'
import { createThrottle } from './accounts/throttle.ts'
import { createActivity } from './actor/activity.ts'
import type { Context } from './actor/context.ts'
import type { Reachability } from './actor/engagements.ts'
import type { RoomListener } from './actor/room.ts'
import type { RoomPart } from './actor/room-part.ts'
import type { Config } from './config.ts'
import type { Clock } from './core/clock.ts'
import type { Ids } from './core/ids.ts'
import type { Log } from './core/log.ts'
import { Boards } from './domains/board/boards.ts'
import { boardHandlers } from './domains/board/handlers.ts'
import { Exchange } from './domains/calls/exchange.ts'
import { callsHandlers } from './domains/calls/handlers.ts'
import { Lookups } from './domains/calls/lookups.ts'
import { Commands } from './domains/channel/commands.ts'
import { channelFrames, channelHandlers } from './domains/channel/handlers.ts'
import { Transfers } from './domains/channel/transfers.ts'
import { HandedIn } from './domains/evidence/handed-in.ts'
import { evidenceHandlers } from './domains/evidence/handlers.ts'
import { Manifests } from './domains/evidence/manifests.ts'
import { Notary } from './domains/evidence/notary.ts'
import { STAMPS_PER_MINUTE } from './domains/evidence/policy.ts'
import type { SigningKey } from './domains/evidence/signing-key.ts'
import { Chats } from './domains/im/chats.ts'
import type { WordCheck } from './domains/im/forbidden-words.ts'
import { imHandlers } from './domains/im/handlers.ts'
import { mediaHandlers } from './domains/media/handlers.ts'
import { SharedMedia } from './domains/media/shared-media.ts'
import { endMeeting, meetingsHandlers, snapshotOf } from './domains/meetings/handlers.ts'
import { Rooms } from './domains/meetings/rooms.ts'
import { Seats } from './domains/meetings/seats.ts'
import { membersHandlers } from './domains/members/handlers.ts'
import { NetDisks } from './domains/netdisk/disk.ts'
import { netdiskHandlers } from './domains/netdisk/handlers.ts'
import { pagesHandlers } from './domains/pages/handlers.ts'
import { RoomPages } from './domains/pages/room-pages.ts'
import { phonesHandlers } from './domains/phones/handlers.ts'
import { createPhones, type PhonePorts, type Phones } from './domains/phones/phones.ts'
import { PresenceBoard } from './domains/presence/board.ts'
import { presenceHandlers } from './domains/presence/handlers.ts'
import { queuesHandlers } from './domains/queues/handlers.ts'
import { createQueues, type Queues } from './domains/queues/open.ts'
import { recordsHandlers } from './domains/records/handlers.ts'
import { Records } from './domains/records/records.ts'
import { rtcHandlers } from './domains/rtc/handlers.ts'
import { RoomMedia } from './domains/rtc/media.ts'
import { createRelays } from './domains/rtc/relays.ts'
import { screenHandlers } from './domains/screen/handlers.ts'
import { Screens } from './domains/screen/screens.ts'
import { Directory } from './domains/session/directory.ts'
import { type Authenticator, sessionHandlers } from './domains/session/handlers.ts'
import { SessionKeeper } from './domains/session/keeper.ts'
import { restoreSessions } from './domains/session/restore.ts'
import type { BlobStore } from './files/blob-store.ts'
import type { SignedPaths } from './files/signed-paths.ts'
import { type AllHandlers, Dispatcher } from './gateway/dispatch.ts'
import { Gateway } from './gateway/gateway.ts'
import type { Storage } from './storage/port.ts'

export interface AppDeps {
  readonly config: Pick<
    Config,
    | 'allowGuests'
    | 'relays'
    | 'policy'
    | 'meetingPasswords'
    | 'maxMeetings'
    | 'maxMembers'
    | 'maxOpenMics'
    | 'resumeMs'
    | 'sessionMs'
    | 'emptyMs'
    | 'engageMs'
    | 'netDiskKb'
    | 'recordsBytes'
  >
  readonly version: string
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly storage: Storage
  readonly authenticator: Authenticator
  readonly engine: MediaEngine
  readonly blobs: BlobStore
  readonly paths: SignedPaths
  readonly signingKey: SigningKey
  readonly isForbidden: WordCheck
  /** Null: there is no telephone. */
  readonly phone: PhonePorts | null
}

export interface App {
  readonly gateway: Gateway
  /** For the administrator's interface. */
  readonly queues: Queues
  /** Likewise. */
  readonly records: Records
  /**
   * Tells every page and ends every link, at once; resolves when that is stored. The owner closes
   * storage and engine.
   */
  close(): Promise<void>
}

const MAX_LINKS = 50_000
/** Wrong meeting numbers, links and passwords per address: all six-digit ones take 11 days. */
const WRONG_GUESSES = 60
const GUESS_WINDOW_MS = 60_000
const NO_LIMIT = Number.POSITIVE_INFINITY

/** Wires everything between the sockets and the ports; no I/O of its own. */
export const createApp = async (deps: AppDeps): Promise<App> => {
  const { config, clock, ids, log, storage } = deps
  const { meetings: store } = storage
  const activity = createActivity(log)
  const keeper = new SessionKeeper(storage.sessions, clock, log, ({ room, userID }) => {
    const share = screens.state(room.id)
    const play = sharedMedia.now(room.id)
    return {
      ...(share?.userID === userID ? { screen: share } : {}),
      ...(play?.userID === userID ? { media: play } : {}),
    }
  })
  const media: RoomMedia = new RoomMedia(
    deps.engine,
    { find: (id) => rooms.find(id) },
    log,
    (meeting, kind) =>
      kind === 'media' ? sharedMedia.player(meeting) : (screens.state(meeting)?.userID ?? null),
    config.relays && createRelays(config.relays, clock),
  )
  /** What a member's page may come back to changed with the fact. */
  const listener: RoomListener = {
    applied(room, fact) {
      const { data } = fact
      const ctx = 'userID' in data ? room.occupant(data.userID)?.ctx : null
      if (ctx) keeper.changed(ctx)
      for (const part of parts) part.applied?.(room, fact)
    },
    announced(room, fact) {
      for (const part of parts) part.announced?.(room, fact)
    },
  }
  const ended = (id: number) => {
    for (const part of parts) part.ended?.(id)
    lookups.ended(id)
    exchange.meetingEnded(id)
  }
  const disks = new NetDisks(
    { store: storage.netFiles, blobs: deps.blobs, clock, ids, limitKb: config.netDiskKb },
    log,
  )
  const notary = new Notary(deps.signingKey, clock)
  const handedIn = new HandedIn(clock)
  const records = new Records(
    {
      table: storage.records,
      blobs: deps.blobs,
      clock,
      ids,
      limit: config.recordsBytes,
      manifests: new Manifests(deps.blobs, notary, handedIn),
    },
    log,
  )
  const chats = new Chats({ store: storage.im, clock, log, isForbidden: deps.isForbidden })
  const roomPages: RoomPages = new RoomPages({
    store: storage.pages,
    log,
    boardExists: (meeting, boardID) => boards.has(meeting, boardID),
  })
  const boards: Boards = new Boards({
    clock,
    store: storage.boards,
    log,
    closed: (room, boardID) => roomPages.boardClosed(room, boardID),
  })
  const screens: Screens = new Screens({
    clock,
    store: storage.marks,
    log,
    find: (id) => rooms.find(id),
    changed(room, sharer) {
      media.shownChanged(room, 'screen')
      const ctx = room.occupant(sharer)?.ctx
      if (ctx) keeper.changed(ctx)
    },
  })
  const sharedMedia: SharedMedia = new SharedMedia({
    clock,
    find: (id) => rooms.find(id),
    changed(room, player) {
      media.shownChanged(room, 'media')
      const ctx = room.occupant(player)?.ctx
      if (ctx) keeper.changed(ctx)
    },
  })
  const guesses = createAttempts(clock, WRONG_GUESSES, GUESS_WINDOW_MS)
  const directory = new Directory(clock, config.sessionMs, activity)
  const phones: Phones | null =
    deps.phone &&
    createPhones(deps.phone, {
      clock,
      ids,
      log,
      store,
      rooms: {
        open: (m) => rooms.open(m),
        occupied: (room, anybody) => rooms.occupied(room, anybody),
      },
      users: storage.users,
      directory,
      guesses,
      maxMembers: config.maxMembers ?? NO_LIMIT,
      maxOpenMics: config.maxOpenMics ?? NO_LIMIT,
      commit: (account, command) => exchange.commit(account, command),
    })
  /** In the order in which they hear of what happens. */
  const parts: readonly RoomPart[] = [
    media,
    disks,
    chats,
    roomPages,
    boards,
    screens,
    sharedMedia,
    ...(phones ? [phones.seats] : []),
  ]
  const snapshot = (ctx: Context) => snapshotOf(ctx, parts)
  const rooms: Rooms = new Rooms(
    { clock, log, store, policy: config.policy, emptyMs: config.emptyMs, listener },
    (id) => endMeeting({ store, rooms, seats, ended }, id, null),
  )
  const seats: Seats = new Seats({
    clock,
    ids,
    maxMembers: config.maxMembers ?? NO_LIMIT,
    holdMs: config.resumeMs,
    activity,
    changed: (ctx) => keeper.changed(ctx),
    unseated(room, seatID, cause) {
      screens.unseated(room, seatID)
      sharedMedia.unseated(room, seatID, cause)
      media.unseated(room, seatID)
    },
    occupied: (room, anybody) => rooms.occupied(room, anybody),
  })
  const lookups = new Lookups()
  const exchange: Exchange = new Exchange({
    clock,
    activity,
    sessionMs: config.sessionMs,
    directory,
    rooms,
    phones: phones?.invites ?? null,
  })
  const presence = new PresenceBoard({
    clock,
    activity,
    directory,
    engaged: (user) => exchange.engaged(user),
  })
  const queues = await createQueues({
    clock,
    log,
    store: storage.queues,
    times: {
      assign: LIMITS.assign,
      engage: config.engageMs,
      cooldown: LIMITS.cooldown,
      session: config.sessionMs,
    },
    activity,
    find: (account, userID) => directory.find(account, userID),
  })

  const reachability: Reachability = {
    dnd: (user) => presence.dnd(user),
    paired: (account, agent, customer) => queues.desks.paired(account, agent, customer),
  }

  const commands = new Commands(clock)
  const transfers = new Transfers(clock, config.resumeMs + LIMITS.taskIdle)
  activity.on('offline', (user) => {
    commands.receiverGone(user)
    transfers.gone(user)
  })

  const handlers = {
    session: sessionHandlers({
      clock,
      ids,
      users: storage.users,
      authenticator: deps.authenticator,
      directory,
      seats,
      changed: (ctx) => keeper.changed(ctx),
    }),
    meetings: meetingsHandlers({
      clock,
      ids,
      store,
      rooms,
      seats,
      directory,
      guesses,
      ended,
      snapshot,
      maxMeetings: config.maxMeetings ?? NO_LIMIT,
      guests: config.allowGuests,
      passwords: config.meetingPasswords,
      policy: config.policy,
    }),
    members: membersHandlers({
      maxOpenMics: config.maxOpenMics ?? NO_LIMIT,
      openPhone: (room, userID) => phones?.openMic(room, userID) ?? false,
    }),
    phones: phonesHandlers(phones?.seats ?? null),
    rtc: rtcHandlers(media),
    presence: presenceHandlers(presence),
    calls: callsHandlers({
      clock,
      meetings: store,
      users: storage.users,
      directory,
      exchange,
      lookups,
      reachability,
      phones: phones?.invites ?? null,
      guesses,
    }),
    channel: channelHandlers({ directory, commands, transfers }),
    queues: queuesHandlers({ clock, desks: queues.desks, calls: exchange }),
    netdisk: netdiskHandlers(disks, deps.paths),
    im: imHandlers(chats),
    pages: pagesHandlers(roomPages),
    board: boardHandlers(boards),
    screen: screenHandlers(screens),
    media: mediaHandlers(sharedMedia),
    evidence: evidenceHandlers({
      notary,
      handedIn,
      throttle: createThrottle(clock, STAMPS_PER_MINUTE, 60_000),
    }),
    records: recordsHandlers(records, deps.paths),
  } as unknown as AllHandlers

  const gateway = new Gateway(
    {
      version: deps.version,
      resumeWindow: config.resumeMs,
      guests: config.allowGuests,
      phones: deps.phone !== null,
      maxLinks: MAX_LINKS,
    },
    {
      snapshot: (ctx) => ({ meeting: snapshot(ctx) }),
      ended(ctx, how) {
        directory.ended(ctx, how)
        seats.leave(ctx, how === 'lost' ? 'lost' : 'left')
        keeper.changed(ctx)
      },
      changes: () => keeper.changes,
      stored: () => keeper.stored(),
    },
    new Dispatcher(handlers),
    clock,
    ids,
    log,
    channelFrames(transfers),
  )
  await chats.start()
  await boards.start(new Set((await store.all()).map(({ id }) => id)))
  await restoreSessions({
    keeper,
    gateway,
    directory,
    rooms,
    seats,
    screens,
    sharedMedia,
    meetings: store,
  })
  await screens.start()
  await roomPages.start((id, userID) => rooms.find(id)?.member(userID) !== undefined)
  await rooms.restore()
  await disks.start()
  await records.start()
  return {
    gateway,
    queues,
    records,
    async close() {
      gateway.close()
      seats.close()
      commands.close()
      transfers.close()
      queues.close()
      rooms.close()
      exchange.close()
      phones?.close()
      presence.close()
      disks.close()
      handedIn.close()
      records.close()
      activity.clear()
      await Promise.all([keeper.stored(), roomPages.stored(), boards.close(), screens.close()])
    },
  }
}
