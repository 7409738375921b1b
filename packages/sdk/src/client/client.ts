import { type ErrorCode, platformCrypto } from '@yuntang/protocol'
import type { Client, ClientEvents, ClientOptions, ClientState } from '../api.ts'
import { createDevices } from '../devices/devices.ts'
import { createCalls } from '../domains/calls.ts'
import { createChannel } from '../domains/channel.ts'
import { createComeback } from '../domains/comeback.ts'
import { createMeetings } from '../domains/meetings.ts'
import { createPresence } from '../domains/presence.ts'
import { createQueues } from '../domains/queues.ts'
import { createEmitter } from '../emitter.ts'
import { YuntangError } from '../errors.ts'
import { createRecordingEvidence } from '../evidence/recording-evidence.ts'
import { openStamps } from '../evidence/stamp-store.ts'
import { createMemoryStore } from '../files/file-index.ts'
import { pageFiles, pageStore } from '../files/page-files.ts'
import { createFileKeys } from '../files/sealed/file-keys.ts'
import { plainFile } from '../files/sealed/plain-file.ts'
import { createHttpFiles } from '../http-files/http-files.ts'
import { createRecords } from '../http-files/records.ts'
import { httpBase } from '../link/addresses.ts'
import { createConnector } from '../link/connector.ts'
import { browserEnv } from '../link/env.ts'
import type { LinkHandlers, Send } from '../link/link.ts'
import { createMeetingMedia } from '../media/meeting-media.ts'
import { createNetDisk } from '../meeting/netdisk.ts'
import type { MeetingEvent } from '../meeting/replica.ts'
import { createRecordStore } from '../record-uploads/record-store.ts'
import { createRecordList } from '../recording/record-list.ts'
import { createRecordings } from '../recording/recordings.ts'
import { createLocalMedia } from '../shared-media/local-media.ts'
import { createUploadRate } from '../transfers/upload-rate.ts'
import { createConnection } from './connection.ts'
import { createEntry } from './entry.ts'
import { createInbox } from './inbox.ts'
import { createLogin } from './login.ts'
import { followPage } from './page-life.ts'
import { watchUnloading } from './unloading.ts'

/** 128 random bits; `getRandomValues` also exists outside secure contexts. */
const newID = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')

/** A name that one page of the origin holds at a time; runs once it is free. */
const holdName = async (name: string, run: () => Promise<void>): Promise<void> => {
  const locks = globalThis.navigator?.locks
  if (locks) await locks.request(`yuntang.record:${name}`, run)
  else await run()
}

/** Makes the client of this page; nothing connects before the first login or entry. */
export const createClient = (options: ClientOptions = {}): Client => {
  const env = browserEnv
  const events = createEmitter<ClientEvents>()
  const inbox = createInbox()
  const devices = createDevices()
  const comeback = createComeback(env.now)

  let mediaOn = options.media ?? true
  let remoteOpen = options.remoteOpen ?? 'auto'
  let announced: ClientState = 'idle'
  let closed = false

  const findState = (): ClientState => {
    if (closed) return 'closed'
    if (connection.link?.state === 'resuming') return 'resuming'
    if (login.current || entry.meeting) return 'online'
    return login.busy || entry.busy ? 'connecting' : 'idle'
  }
  const updateState = () => {
    const now = findState()
    if (now === announced) return
    announced = now
    events.emit('state', now)
  }
  /** A guest's link lives as long as something uses it. */
  const changed = () => {
    if (!login.current && !entry.meeting && !login.busy && !entry.busy) connection.close()
    updateState()
  }

  /** The link ended by itself: what was pending fails first, then the meeting, then the login. */
  const lineOff = (code: ErrorCode) => {
    const lostLogin = login.current
    connection.forget()
    login.forget()
    channel.end(new YuntangError(code))
    recordings.disconnected(new YuntangError(code))
    const over = entry.take()
    if (lostLogin && over) comeback.keep(code, lostLogin, over.id)
    // Rejections reach their handlers as microtasks, so listeners hear of it one task later.
    env.after(0, () => {
      if (closed) return
      if (over) {
        recordings.meetingOver()
        over.announceEnd(code === 'session.replaced' ? 'replaced' : 'dropped')
        events.emit('meeting', null)
      }
      updateState()
      if (lostLogin) forgetUser()
      if (lostLogin) events.emit('lineOff', { code, sdk: new YuntangError(code).sdk })
    })
  }

  const handlers: LinkHandlers = {
    event(name, data) {
      entry.meeting?.handle({ name, data } as MeetingEvent)
      inbox.deliver(name, data)
    },
    binary: (frame) => channel.frame(frame),
    state(now, restarted = false) {
      channel.setLive(now === 'live', restarted)
      if (restarted) calls.restarted()
      entry.meeting?.setLinkState(now === 'live')
      updateState()
    },
    ended: lineOff,
  }
  const connector = createConnector(env, globalThis.location ?? null)
  const connection = createConnection(connector, handlers, options.server ?? '')
  const login = createLogin(connection, env, changed)
  const files = pageFiles()
  if (options.work) files.work = options.work
  const channel = createChannel({
    env,
    inbox,
    files,
    send: login.send,
    loggedIn: () => login.current !== null,
    sendBinary: (frame) => connection.link?.sendBinary(frame) ?? false,
    unsent: () => connection.link?.unsent ?? 0,
    newID,
  })
  files.tidy().catch((error: unknown) => console.warn('old temporary files stay', error))
  const keys = createFileKeys()
  const httpFiles = createHttpFiles({
    env,
    files,
    records: createRecords(pageStore() ?? createMemoryStore()),
    page: globalThis.document?.baseURI ?? null,
    wallClock: () => Date.now(),
    fetch: (...given) => fetch(...given),
    newRequest: () => new XMLHttpRequest(),
    plain: (file) => plainFile(file, keys),
  })
  const rate = createUploadRate(env)
  const localMedia = createLocalMedia({
    files,
    keys,
    devices,
    me: () => entry.meeting?.me ?? login.current?.userID ?? '',
    sharing: () => entry.meeting?.media.busy ?? false,
  })
  const entry = createEntry({
    env,
    connection,
    login,
    comeback,
    devices,
    files,
    keys,
    localMedia,
    createMedia: () => (mediaOn ? createMeetingMedia : null),
    remoteOpen: () => remoteOpen,
    newID,
    createNetDisk: (send, server) =>
      createNetDisk({
        env,
        send,
        server,
        files,
        rate,
        newID,
        fetch: (...given) => fetch(...given),
      }),
    announce: (meeting) => {
      if (!meeting) recordings.meetingOver()
      events.emit('meeting', meeting)
    },
    changed,
  })

  const isIn = () => connection.link !== null && (login.current !== null || entry.meeting !== null)
  /** For whoever is logged in or in a meeting. */
  const sendAsMember: Send = (method, params, signal) =>
    connection.link && isIn()
      ? connection.link.send(method, params, signal)
      : Promise.reject(new YuntangError('login.required'))
  const serverAddress = () => httpBase(connection.link?.url ?? '')

  const evidence = createRecordingEvidence({
    env,
    digest: platformCrypto().digest,
    stamps: openStamps(),
    send: sendAsMember,
    connected: isIn,
    wallClock: () => Date.now(),
  })
  const recordings = createRecordings({
    files,
    list: createRecordList(pageStore() ?? createMemoryStore()),
    keys,
    localMedia,
    taps: [evidence],
    uploads: {
      env,
      rate,
      send: sendAsMember,
      server: serverAddress,
      handIn: evidence.handIn,
      me: () => login.current?.userID ?? entry.meeting?.me ?? '',
      refusal() {
        if (isIn()) return null
        const { server } = connection
        return new YuntangError(connector.usable(server) ? 'login.required' : 'connection.none')
      },
      async plain(path) {
        const file = await files.read(path).catch(() => null)
        return file && (await plainFile(file, keys))
      },
      page: globalThis.document?.baseURI ?? null,
      fetch: (...given) => fetch(...given),
      newRequest: () => new XMLHttpRequest(),
    },
    meeting: () => entry.meeting,
    voices() {
      const now = entry.meeting?.voices() ?? { own: [], others: [], media: [] }
      const { sound } = localMedia
      return sound ? { ...now, media: [...now.media, sound] } : now
    },
    now: env.now,
    wallClock: () => Date.now(),
    hold: holdName,
  })
  recordings
    .repair()
    .then(() => evidence.tidy(new Set(files.list().map(({ path }) => files.idOf(path) ?? ''))))
    .catch((error: unknown) => console.warn('what closed pages left stays as it is', error))

  const records = createRecordStore({
    send: sendAsMember,
    server: serverAddress,
    fetch: (...given) => fetch(...given),
    removed: recordings.unstored,
  })

  const presence = createPresence(login, inbox)
  const calls = createCalls(login, inbox)
  const forgetUser = () => {
    presence.reset()
    calls.reset()
    queues.reset()
  }
  const queues = createQueues({ login, inbox, calls, now: env.now })

  inbox.on('session.lineOff', ({ code }) => connection.link?.fail(code))
  inbox.on('session.resync', ({ meeting }) => entry.resync(meeting))
  inbox.on('meetings.stopped', ({ id }) => {
    if (entry.meeting?.id === id) entry.end('stopped')
  })
  inbox.on('meetings.dropped', ({ id, reason }) => {
    if (entry.meeting?.id === id) entry.end(reason === 1 ? 'replaced' : 'dropped')
  })

  const signOut = () => {
    const reason = new YuntangError('request.replaced')
    login.abort(reason)
    entry.abort(reason)
    comeback.forget()
    entry.end('left', !unloading.leaving)
    if (login.current && !unloading.leaving) connection.tell('session.logout', {})
    login.forget()
    forgetUser()
    channel.end(reason)
    recordings.disconnected(new YuntangError('login.required'))
    connection.close()
    updateState()
  }

  const meetings = createMeetings({
    loggedIn: () => login.current !== null,
    send: login.send,
    sendAsAnyone: connection.sendAsAnyone,
    destroyed(id) {
      if (entry.meeting?.id === id) entry.end('left')
    },
  })

  const unfollow = followPage({
    unload: () => connection.link?.unload(),
    restored: () => connection.link?.fail('connection.lost'),
    awake: () => connection.link?.hurry(),
  })
  const unloading = watchUnloading(env.after)

  return {
    on: events.on,
    once: events.once,
    devices,
    meetings,
    presence,
    calls,
    channel,
    files,
    localMedia,
    httpFiles,
    queues,
    recordings,
    records,
    get state() {
      return findState()
    },
    get userID() {
      return login.current?.userID ?? null
    },
    get meeting() {
      return entry.meeting
    },
    get server() {
      return connection.server
    },
    set server(value) {
      connection.server = value
    },
    get uploadRate() {
      return rate.limit
    },
    set uploadRate(value) {
      rate.limit = value
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
      if (closed) throw new YuntangError('login.state')
      const { userID } = await login.begin(options, cancel)
      comeback.forget()
      return { userID }
    },
    logout: signOut,
    async enter(options, cancel = {}) {
      if (closed) throw new YuntangError('login.required')
      return await entry.enter(options, cancel)
    },
    async serverInfo(cancel = {}) {
      const { guests, phones } = await connector.greet(connection.server, cancel.signal)
      return { guests, phones }
    },
    close() {
      if (closed) return
      closed = true
      unfollow()
      events.clear()
      presence.clear()
      calls.clear()
      queues.clear()
      recordings.close()
      evidence.close()
      signOut()
      httpFiles.close()
      localMedia.close()
      unloading.close()
      devices.close()
    },
  }
}
