import { LIMITS, type MeetingSnapshot } from '@yuntang/protocol'
import type { Cancellable, EndReason, EnterOptions, Meeting } from '../api.ts'
import type { Comeback } from '../domains/comeback.ts'
import { checkEntry } from '../domains/validate.ts'
import { YuntangError } from '../errors.ts'
import { httpBase } from '../link/addresses.ts'
import { type Attempt, createAttempt } from '../link/attempt.ts'
import type { LinkEnv } from '../link/env.ts'
import type { Send } from '../link/link.ts'
import { connectPatiently, pause } from '../link/patience.ts'
import { createMeeting, type MeetingDeps, type OwnedMeeting } from '../meeting/meeting.ts'
import { describeDevices } from '../meeting/own-member.ts'
import type { Connection } from './connection.ts'
import type { Login } from './login.ts'

/** How long an entry waits for the first device enumeration (spec 07 §2). */
const DEVICES_WAIT = 3_000

export interface EntryDeps {
  readonly env: LinkEnv
  readonly connection: Connection
  readonly login: Login
  readonly comeback: Comeback
  readonly devices: MeetingDeps['devices']
  /** Null when the page wants no media. */
  readonly files: MeetingDeps['files']
  readonly keys: MeetingDeps['keys']
  readonly localMedia: MeetingDeps['localMedia']
  createMedia(): MeetingDeps['createMedia']
  remoteOpen: MeetingDeps['remoteOpen']
  newID: MeetingDeps['newID']
  /** `server` gives the address of the link's server for HTTP. */
  createNetDisk(send: Send, server: () => string): ReturnType<MeetingDeps['createNetDisk']>
  /** The meeting that this page is in now, or none. */
  announce(meeting: Meeting | null): void
  /** Something began or ended that the client's state depends on. */
  changed(): void
}

/** The meeting that the page is in, or is entering (spec 07 §2). */
export interface Entry {
  readonly meeting: OwnedMeeting | null
  readonly busy: boolean
  enter(options: EnterOptions, cancel: Cancellable): Promise<Meeting>
  /** Ends the meeting on this page; `tell` also leaves the seat on the server. */
  end(reason: EndReason, tell?: boolean): void
  /** Takes the meeting out without announcing its end. */
  take(): OwnedMeeting | null
  /** The server says what this page's meeting is now, because events were lost. */
  resync(snapshot: MeetingSnapshot | null): void
  /** Gives up an entry under way. */
  abort(reason: YuntangError): void
}

export const createEntry = (deps: EntryDeps): Entry => {
  const { env, connection, login, comeback, devices } = deps
  let meeting: OwnedMeeting | null = null
  let entering: Attempt | null = null

  const take = () => {
    const over = meeting
    meeting = null
    over?.shut()
    return over
  }

  const end = (reason: EndReason, tell = false) => {
    const over = take()
    if (!over) return
    if (tell) connection.tell('meetings.exit', {})
    over.announceEnd(reason)
    deps.announce(null)
    deps.changed()
  }

  const seat = async (
    options: EnterOptions,
    fresh: boolean,
    signal: AbortSignal,
  ): Promise<Meeting> => {
    const { id, password = '', nickName = '' } = options
    await Promise.race([devices.start().catch(() => {}), pause(env, DEVICES_WAIT, signal)])
    signal.throwIfAborted()
    const to = await connectPatiently(connection.connect, env, signal)
    const back = login.current ? null : comeback.find(id, options.userID ?? '')
    const userID = options.userID || login.current?.userID || back?.userID
    const params = {
      id,
      password,
      nickName,
      devices: describeDevices(devices),
      ...(userID ? { userID } : {}),
      ...(back ? { proof: back.proof } : {}),
      ...(fresh ? { fresh } : {}),
    }
    // The server may have given the seat already; one held before is kept.
    const withdraw = () => {
      if (!meeting) to.send('meetings.exit', {}).catch(() => {})
    }
    signal.addEventListener('abort', withdraw, { once: true })
    try {
      const snapshot = await to.send('meetings.enter', params, signal)
      signal.throwIfAborted()
      if (meeting) {
        meeting.resync(snapshot, false)
        return meeting
      }
      meeting = createMeeting(snapshot, {
        send: to.send,
        devices,
        files: deps.files,
        keys: deps.keys,
        localMedia: deps.localMedia,
        createMedia: deps.createMedia(),
        remoteOpen: deps.remoteOpen,
        newID: deps.newID,
        createNetDisk: (send) => deps.createNetDisk(send, () => httpBase(to.url)),
        leave: () => end('left', true),
      })
      return meeting
    } finally {
      signal.removeEventListener('abort', withdraw)
    }
  }

  return {
    get meeting() {
      return meeting
    },
    get busy() {
      return entering !== null
    },
    async enter(options, cancel) {
      checkEntry(options)
      if (login.busy) throw new YuntangError('login.required')
      entering?.abort(new YuntangError('request.replaced'))
      const asOther = options.userID && options.userID !== meeting?.me
      // The entry takes the place of the recovery: no word of it, neither here nor to others (07 §2).
      const recovering = meeting !== null && connection.link?.state === 'resuming'
      if (meeting && (meeting.id !== options.id || asOther)) end('left', true)
      else if (recovering) end('left')
      const before = meeting
      const late = () => new YuntangError('connection.timeout')
      const attempt = createAttempt(env.after, LIMITS.enter, late, cancel.signal)
      entering = attempt
      deps.changed()
      try {
        const entered = await seat(options, recovering, attempt.signal)
        if (entering === attempt) entering = null
        deps.changed()
        if (entered !== before) deps.announce(entered)
        return entered
      } finally {
        attempt.done()
        if (entering === attempt) entering = null
        deps.changed()
      }
    },
    end,
    take,
    resync(snapshot) {
      if (meeting && snapshot?.id === meeting.id && snapshot.me === meeting.me)
        meeting.resync(snapshot, true)
      else if (meeting) end('dropped')
      // A seat that nobody here sits on.
      else if (snapshot && !entering) connection.tell('meetings.exit', {})
    },
    abort(reason) {
      entering?.abort(reason)
      entering = null
    },
  }
}
