import { FIRST_PAGES } from '@yuntang/protocol'
import type {
  BoardEvents,
  CallsEvents,
  ChannelEvents,
  ChatEvents,
  Client,
  ClientEvents,
  Devices,
  Files,
  MediaEvents,
  Meeting,
  MeetingEvents,
  MemberInfo,
  PagesEvents,
  ScreenEvents,
} from '../../src/api.ts'
import { install } from '../../src/crvideo/install.ts'
import { createEmitter } from '../../src/emitter.ts'

type CallOf = (name: string) => (...args: unknown[]) => Promise<never>

const fakeQueues = (call: CallOf) => ({
  on: () => () => {},
  list: [],
  queuing: { queue: -1, position: 0, waited: 0 },
  serving: [],
  session: null,
  status: () => null,
  ...Object.fromEntries(
    ['init', 'refresh', 'join', 'leave', 'serve', 'stopServing', 'next', 'accept', 'reject'].map(
      (name) => [name, call(`queues.${name}`)],
    ),
  ),
})

/** A client whose operations the test settles itself; only what the facade's rules touch. */
export function page() {
  const events = createEmitter<ClientEvents>()
  const callEvents = createEmitter<CallsEvents>()
  const channel = createEmitter<ChannelEvents>()
  const calls: {
    name: string
    args: unknown[]
    resolve(v: unknown): void
    reject(e: unknown): void
  }[] = []
  const call =
    (name: string) =>
    (...args: unknown[]) =>
      new Promise<never>((resolve, reject) => {
        calls.push({ name, args, resolve: resolve as (v: unknown) => void, reject })
      })
  const devices = {
    on: () => () => {},
    start: async () => {},
    setAudio: () => {},
    setVideo: () => {},
    setMultiVideo: () => {},
    mics: [],
    speakers: [],
    cameras: [],
    audio: {},
    video: {},
    micVolume: 255,
    speakerVolume: 255,
    multiVideo: false,
  } as unknown as Devices
  const client = {
    on: events.on,
    devices,
    channel: {
      on: channel.on,
      sendCommand: call('sendCommand'),
      sendBuffer: call('sendBuffer'),
      sendFile: call('sendFile'),
    },
    files: { put: call('put') },
    httpFiles: { on: () => () => {} },
    recordings: { on: () => () => {} },
    localMedia: { on: () => () => {}, busy: false, own: null, current: null },
    meeting: null as Meeting | null,
    userID: 'me' as string | null,
    login: call('login'),
    enter: call('enter'),
    meetings: { create: call('create'), list: call('list'), destroy: call('destroy') },
    presence: { on: () => () => {}, list: call('list users') },
    calls: {
      on: callEvents.on,
      start: call('call'),
      accept: call('accept'),
      invite: call('invite'),
    },
    queues: fakeQueues(call),
    logout: () => {},
    close: () => {},
  }
  const target: Record<string, unknown> = {}
  install(
    target,
    {
      createClient: () => client as unknown as Client,
      files: {} as Files,
      origin: 'https://x.example',
      newID: () => `id${calls.length}`,
      defer: (run) => queueMicrotask(run),
      yield: (run) => setTimeout(run),
      report: () => {},
    },
    '',
  )
  const log: unknown[][] = []
  const listen = (...names: string[]) => {
    for (const name of names) {
      const slot = target[`CRVideo_${name}`] as { callback: (...args: unknown[]) => void }
      slot.callback = (...args) => log.push([name, ...args])
    }
  }
  const run = (name: string, ...args: unknown[]): unknown =>
    (target[`CRVideo_${name}`] as (...args: unknown[]) => unknown)(...args)
  return { target, client, events, callEvents, channel, calls, log, listen, run }
}

/** A meeting with its own events. */
export function fakeMeeting(members: MemberInfo[] = []) {
  const events = createEmitter<MeetingEvents>()
  const meeting = {
    on: events.on,
    chat: createEmitter<ChatEvents>(),
    pages: { ...createEmitter<PagesEvents>(), ...FIRST_PAGES },
    board: { ...createEmitter<BoardEvents>(), ready: true, list: [] },
    screen: { ...createEmitter<ScreenEvents>(), sharer: '', sharing: false, area: null },
    media: { ...createEmitter<MediaEvents>(), busy: false, own: null, current: null },
    me: 'me',
    members,
    member: (userID: string) => members.find((member) => member.userID === userID) ?? null,
    leave: () => {},
  } as unknown as Meeting
  return { meeting, events }
}

/** Lets every promise reaction and delivery run. */
export const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 0))
