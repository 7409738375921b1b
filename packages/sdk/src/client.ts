import { type ErrorCode, LIMITS } from '@yuntang/protocol'
import type {
  Cancellable,
  Client,
  ClientEvents,
  ClientOptions,
  ClientState,
  EndReason,
  EnterOptions,
  LoginOptions,
  Meeting,
} from './api.ts'
import { createDevices } from './devices/devices.ts'
import { createComeback } from './domains/comeback.ts'
import { createMeetings } from './domains/meetings.ts'
import { checkEntry, checkLogin } from './domains/validate.ts'
import { createEmitter } from './emitter.ts'
import { YuntangError } from './errors.ts'
import { type Attempt, createAttempt } from './link/attempt.ts'
import { createConnector } from './link/connector.ts'
import { browserEnv } from './link/env.ts'
import type { Link, LinkHandlers, Send } from './link/link.ts'
import { connectPatiently, pause } from './link/patience.ts'
import { passwordDigest } from './md5.ts'
import { createMeetingMedia } from './media/meeting-media.ts'
import { createMeeting, type OwnedMeeting } from './meeting/meeting.ts'
import { describeDevices } from './meeting/own-member.ts'
import type { MeetingEvent } from './meeting/replica.ts'

/** How long an entry waits for the first device enumeration (spec 07 §2). */
const DEVICES_WAIT = 3_000

/** Makes the client of this page; nothing connects before the first login or entry. */
export const createClient = (options: ClientOptions = {}): Client => {
  const env = browserEnv
  const events = createEmitter<ClientEvents>()
  const devices = createDevices()
  const connector = createConnector(env, globalThis.location ?? null)
  const comeback = createComeback(env.now)

  let server = options.server ?? ''
  let mediaOn = options.media ?? true
  let remoteOpen = options.remoteOpen ?? 'auto'
  let announced: ClientState = 'idle'
  let closed = false
  let link: Link | null = null
  let login: { userID: string; proof: string } | null = null
  let loggingIn: Attempt | null = null
  let entering: Attempt | null = null
  let meeting: OwnedMeeting | null = null

  const findState = (): ClientState => {
    if (closed) return 'closed'
    if (link?.state === 'resuming') return 'resuming'
    if (login || meeting) return 'online'
    return loggingIn || entering ? 'connecting' : 'idle'
  }
  const updateState = () => {
    const now = findState()
    if (now === announced) return
    announced = now
    events.emit('state', now)
  }
  const quietly = (request: Promise<unknown>) => {
    request.catch(() => {})
  }

  const announceEnd = (over: OwnedMeeting, reason: EndReason) => {
    over.announceEnd(reason)
    events.emit('meeting', null)
  }

  const closeLink = () => {
    link?.close()
    link = null
  }
  /** A guest's link lives as long as something uses it. */
  const dropIdleLink = () => {
    if (!login && !meeting && !loggingIn && !entering) closeLink()
    updateState()
  }

  const endMeeting = (reason: EndReason, tell = false) => {
    const over = meeting
    if (!over) return
    meeting = null
    over.shut()
    if (tell && link) quietly(link.send('meetings.exit', {}))
    announceEnd(over, reason)
    dropIdleLink()
  }

  /** The link ended by itself: what was pending fails first, then the meeting, then the login. */
  const lineOff = (code: ErrorCode) => {
    const lostLogin = login
    const over = meeting
    link = null
    login = null
    meeting = null
    over?.shut()
    if (lostLogin && over) comeback.keep(code, lostLogin, over.id)
    // Rejections reach their handlers as microtasks, so listeners hear of it one task later.
    env.after(0, () => {
      if (closed) return
      if (over) announceEnd(over, code === 'session.replaced' ? 'replaced' : 'dropped')
      updateState()
      if (lostLogin) events.emit('lineOff', { code, sdk: new YuntangError(code).sdk })
    })
  }

  const handlers: LinkHandlers = {
    event(name, data) {
      const event = { name, data } as MeetingEvent
      if (event.name === 'session.lineOff') link?.fail(event.data.code)
      else if (event.name === 'meetings.stopped') {
        if (meeting?.id === event.data.id) endMeeting('stopped')
      } else if (event.name === 'meetings.dropped') {
        if (meeting?.id === event.data.id)
          endMeeting(event.data.reason === 1 ? 'replaced' : 'dropped')
      } else meeting?.handle(event)
    },
    state(now) {
      meeting?.setLinkState(now === 'live')
      updateState()
    },
    ended: lineOff,
  }

  const connect = async (signal: AbortSignal): Promise<Link> => {
    if (link) return link
    const fresh = await connector.connect(server, handlers, signal)
    if (signal.aborted) {
      fresh.close()
      throw signal.reason
    }
    // A login and a guest's entry may have connected at the same time.
    if (link) fresh.close()
    link ??= fresh
    return link
  }

  const signIn = async (
    { account, password, nickName, userID, authCode }: LoginOptions,
    signal: AbortSignal,
  ) => {
    const params = {
      account,
      password: passwordDigest(password),
      nickName,
      ...(userID ? { userID } : {}),
      ...(authCode ? { authCode } : {}),
    }
    const to = await connect(signal)
    return await to.send('session.login', params, signal)
  }

  const seat = async (options: EnterOptions, signal: AbortSignal): Promise<Meeting> => {
    const { id, password = '', nickName = '' } = options
    await Promise.race([devices.start().catch(() => {}), pause(env, DEVICES_WAIT, signal)])
    signal.throwIfAborted()
    const to = await connectPatiently(connect, env, signal)
    const back = login ? null : comeback.find(id, options.userID ?? '')
    const userID = options.userID || login?.userID || back?.userID
    const params = {
      id,
      password,
      nickName,
      devices: describeDevices(devices),
      ...(userID ? { userID } : {}),
      ...(back ? { proof: back.proof } : {}),
    }
    // The server may have given the seat already; one held before is kept.
    const withdraw = () => {
      if (!meeting) quietly(to.send('meetings.exit', {}))
    }
    signal.addEventListener('abort', withdraw, { once: true })
    try {
      const snapshot = await to.send('meetings.enter', params, signal)
      signal.throwIfAborted()
      if (meeting) {
        meeting.resync(snapshot)
        return meeting
      }
      meeting = createMeeting(snapshot, {
        send: to.send,
        devices,
        createMedia: mediaOn ? createMeetingMedia : null,
        remoteOpen: () => remoteOpen,
        leave: () => endMeeting('left', true),
      })
      return meeting
    } finally {
      signal.removeEventListener('abort', withdraw)
    }
  }

  const enter = async (options: EnterOptions, cancel: Cancellable = {}): Promise<Meeting> => {
    checkEntry(options)
    if (closed || loggingIn) throw new YuntangError('login.required')
    entering?.abort(new YuntangError('request.replaced'))
    const asOther = options.userID && options.userID !== meeting?.me
    if (meeting && (meeting.id !== options.id || asOther)) endMeeting('left', true)
    const before = meeting
    const late = () => new YuntangError('connection.timeout')
    const attempt = createAttempt(env.after, LIMITS.enter, late, cancel.signal)
    entering = attempt
    updateState()
    try {
      const entered = await seat(options, attempt.signal)
      if (entering === attempt) entering = null
      updateState()
      if (entered !== before) events.emit('meeting', entered)
      return entered
    } finally {
      attempt.done()
      if (entering === attempt) entering = null
      dropIdleLink()
    }
  }

  const signOut = () => {
    const reason = new YuntangError('request.replaced')
    loggingIn?.abort(reason)
    entering?.abort(reason)
    loggingIn = null
    entering = null
    comeback.forget()
    endMeeting('left', true)
    if (login && link) quietly(link.send('session.logout', {}))
    login = null
    closeLink()
    updateState()
  }

  const userLink: Send = (method, params, signal) =>
    login && link
      ? link.send(method, params, signal)
      : Promise.reject(new YuntangError('login.required'))

  const anyLink: Send = (method, params, signal) =>
    link ? link.send(method, params, signal) : connector.sendOnce(server, method, params, signal)

  const meetings = createMeetings({
    send: userLink,
    sendAsAnyone: anyLink,
    destroyed(id) {
      if (meeting?.id === id) endMeeting('left')
    },
  })

  const unload = () => link?.unload()
  globalThis.addEventListener?.('pagehide', unload)

  return {
    on: events.on,
    once: events.once,
    devices,
    meetings,
    get state() {
      return findState()
    },
    get userID() {
      return login?.userID ?? null
    },
    get meeting() {
      return meeting
    },
    get server() {
      return server
    },
    set server(value) {
      server = value
    },
    get media() {
      return mediaOn
    },
    set media(value) {
      mediaOn = value
    },
    get remoteOpen() {
      return remoteOpen
    },
    set remoteOpen(value) {
      remoteOpen = value
    },
    async login(options, cancel = {}) {
      if (closed || login || loggingIn) throw new YuntangError('login.state')
      checkLogin(options)
      const late = () => new YuntangError('request.timeout')
      const attempt = createAttempt(env.after, LIMITS.login, late, cancel.signal)
      loggingIn = attempt
      updateState()
      try {
        const answer = await signIn(options, attempt.signal)
        attempt.signal.throwIfAborted()
        login = answer
        comeback.forget()
        return { userID: answer.userID }
      } finally {
        attempt.done()
        if (loggingIn === attempt) loggingIn = null
        dropIdleLink()
      }
    },
    logout: signOut,
    enter,
    close() {
      if (closed) return
      closed = true
      globalThis.removeEventListener?.('pagehide', unload)
      events.clear()
      signOut()
      devices.close()
    },
  }
}
