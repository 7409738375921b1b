import type { MediaEngine } from '@yuntang/media'
import { createActivity } from './actor/activity.ts'
import type { Config } from './config.ts'
import type { Clock } from './core/clock.ts'
import type { Ids } from './core/ids.ts'
import type { Log } from './core/log.ts'
import { endMeeting, meetingsHandlers } from './domains/meetings/handlers.ts'
import { Rooms } from './domains/meetings/rooms.ts'
import { Seats } from './domains/meetings/seats.ts'
import { membersHandlers } from './domains/members/handlers.ts'
import { rtcHandlers } from './domains/rtc/handlers.ts'
import { RoomMedia } from './domains/rtc/media.ts'
import { Directory } from './domains/session/directory.ts'
import { type Authenticator, sessionHandlers } from './domains/session/handlers.ts'
import { type AllHandlers, Dispatcher } from './gateway/dispatch.ts'
import { Gateway } from './gateway/gateway.ts'
import type { Storage } from './storage/port.ts'

export interface AppDeps {
  readonly config: Pick<
    Config,
    | 'allowGuests'
    | 'policy'
    | 'meetingPasswords'
    | 'maxMeetings'
    | 'maxMembers'
    | 'maxOpenMics'
    | 'resumeMs'
    | 'sessionMs'
    | 'emptyMs'
  >
  readonly version: string
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly storage: Storage
  readonly authenticator: Authenticator
  readonly engine: MediaEngine
}

export interface App {
  readonly gateway: Gateway
  /** Tells every page and ends every link. The owner closes storage and engine. */
  close(): void
}

const MAX_LINKS = 50_000
const NO_LIMIT = Number.POSITIVE_INFINITY

/** Wires everything between the sockets and the ports; no I/O of its own. */
export const createApp = async (deps: AppDeps): Promise<App> => {
  const { config, clock, ids, log, storage } = deps
  const { meetings: store } = storage
  const activity = createActivity(log)
  const media = new RoomMedia(deps.engine, { find: (id) => rooms.find(id) }, log)
  const ended = (id: number) => media.ended(id)
  const rooms: Rooms = new Rooms(
    { clock, log, store, policy: config.policy, emptyMs: config.emptyMs, listener: media },
    (id) => endMeeting({ store, rooms, seats, ended }, id, null),
  )
  const seats: Seats = new Seats({
    clock,
    ids,
    maxMembers: config.maxMembers ?? NO_LIMIT,
    activity,
    unseated: (room, seatID) => media.unseated(room, seatID),
    occupied: (room, anybody) => rooms.occupied(room, anybody),
  })
  const directory = new Directory(clock, config.sessionMs, activity)

  const handlers = {
    session: sessionHandlers({
      clock,
      ids,
      users: storage.users,
      authenticator: deps.authenticator,
      directory,
      seats,
    }),
    meetings: meetingsHandlers({
      clock,
      ids,
      store,
      rooms,
      seats,
      directory,
      ended,
      maxMeetings: config.maxMeetings ?? NO_LIMIT,
      guests: config.allowGuests,
      passwords: config.meetingPasswords,
      policy: config.policy,
    }),
    members: membersHandlers({ maxOpenMics: config.maxOpenMics ?? NO_LIMIT }),
    rtc: rtcHandlers(media),
  } as unknown as AllHandlers

  await rooms.restore()
  const gateway = new Gateway(
    {
      version: deps.version,
      resumeWindow: config.resumeMs,
      guests: config.allowGuests,
      maxLinks: MAX_LINKS,
    },
    new Dispatcher(handlers),
    clock,
    ids,
    log,
  )
  return {
    gateway,
    close() {
      gateway.close()
      rooms.close()
      activity.clear()
    },
  }
}
