import type { ErrorCode } from '@yuntang/protocol'
import type { Devices } from './devices/api.ts'
import type { Calls } from './domains/calls-api.ts'
import type { Channel } from './domains/channel-api.ts'
import type { Presence } from './domains/presence-api.ts'
import type { Queues } from './domains/queues-api.ts'
import type { Files } from './files/api.ts'
import type { HttpFiles } from './http-files/api.ts'
import type { Boards } from './meeting/board-api.ts'
import type { Chat } from './meeting/chat-api.ts'
import type { NetDisk } from './meeting/netdisk-api.ts'
import type { Pages } from './meeting/pages-api.ts'
import type { RawMedia } from './raw/api.ts'
import type { Recordings, RecordStore } from './recording/api.ts'
import type { Screen } from './screen/api.ts'
import type { MediaControls, SharedMedia } from './shared-media/api.ts'

export type * from './devices/api.ts'
export type * from './domains/calls-api.ts'
export type * from './domains/channel-api.ts'
export type * from './domains/presence-api.ts'
export type * from './domains/queues-api.ts'
export type * from './files/api.ts'
export type * from './http-files/api.ts'
export type * from './meeting/board-api.ts'
export type * from './meeting/chat-api.ts'
export type * from './meeting/netdisk-api.ts'
export type * from './meeting/pages-api.ts'
export type * from './raw/api.ts'
export type * from './recording/api.ts'
export type * from './screen/api.ts'
export type * from './shared-media/api.ts'
export type * from './transfers/api.ts'

/**
 * The typed SDK's public shape. Everything that the classic `CRVideo_*` facade needs is here too, so
 * that both surfaces stand on the same behaviour. Lists and objects handed out are snapshots.
 */

/** Subscribing returns the function that ends the subscription. */
export type Unsubscribe = () => void

/** Typed events: the listener gets one object. A listener that throws never disturbs the others. */
export interface Events<M> {
  on<K extends keyof M>(event: K, listener: (data: M[K]) => void): Unsubscribe
  /** Resolves with the next such event; rejects when `signal` aborts. */
  once<K extends keyof M>(event: K, options?: { signal?: AbortSignal }): Promise<M[K]>
}

export interface Cancellable {
  signal?: AbortSignal
}

/** 0 unknown user, 1 no device, 2 closed, 3 open, 4 opening (own devices only); spec 08 §2. */
export type DeviceStatus = 0 | 1 | 2 | 3 | 4

export interface CameraInfo {
  readonly videoID: number
  /** Never empty. */
  readonly name: string
}

export interface MemberInfo {
  readonly userID: string
  /** Empty means: show the user ID. */
  readonly nickName: string
  readonly audio: DeviceStatus
  readonly video: DeviceStatus
  readonly cameras: readonly CameraInfo[]
  /** Cameras sent now, default first. */
  readonly sending: readonly number[]
  /** 0 when there is no camera. */
  readonly defaultVideo: number
  readonly multiVideo: boolean
  /** A telephone: only sound, and its microphone is opened and closed by others too. */
  readonly phone?: boolean
}

export interface MeetingInfo {
  readonly id: number
  /** `""` none, `"*"` hidden from this user. */
  readonly password: string
  readonly subject: string
  /** Absolute public link. */
  readonly url: string
  readonly creator: string
  readonly memberCount: number
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

export interface LoginOptions {
  account: string
  /**
   * Plain password or its MD5 as 32 hex digits (see `passwordDigest`, for pages that remember a login);
   * only the MD5 is sent.
   */
  password: string
  nickName: string
  userID?: string
  authCode?: string
}

export interface EnterOptions {
  id: number
  password?: string
  /** Default: the login's user ID, or a server-made one for a guest. */
  userID?: string
  nickName?: string
}

/** What a server says of itself in its greeting. */
export interface ServerInfo {
  /** Whether meetings can be entered without a login. */
  readonly guests: boolean
  /** Whether telephones can be invited into meetings. */
  readonly phones: boolean
}

/** `idle` no connection · `online` logged in or guest link · `resuming` link lost, silent reconnect. */
export type ClientState = 'idle' | 'connecting' | 'online' | 'resuming' | 'closed'

export interface ClientEvents {
  state: ClientState
  /** The login ended without being asked to; `meetingDropped` has fired before if one was open. */
  lineOff: { code: ErrorCode; sdk: number }
  /** A meeting was entered, or left for whatever reason (null). */
  meeting: Meeting | null
}

export interface ClientOptions {
  /**
   * `host:port;host2:port2;`, tried in turn, with or without a scheme; or a list. Default: the page's
   * own origin (spec 02, SetServerAddr).
   */
  server?: string | readonly string[]
  /** false: devices work locally, nothing is published or received (spec 08 §2.2). Default true. */
  media?: boolean
  /** Consent for opening my devices on another member's request (spec 08 §2.1). Default `auto`. */
  remoteOpen?: RemoteOpenPolicy
  /** Work directory of {@link Client.files}. */
  work?: string
}

export type RemoteOpenPolicy =
  | 'auto'
  | 'deny'
  | ((kind: 'mic' | 'camera', by: string) => boolean | Promise<boolean>)

/** One page's client. */
export interface Client extends Events<ClientEvents> {
  readonly state: ClientState
  /** User ID of the login; null without one. */
  readonly userID: string | null
  readonly devices: Devices
  readonly meetings: Meetings
  readonly presence: Presence
  readonly calls: Calls
  /** Data from user to user outside of meetings. */
  readonly channel: Channel
  /** Files of this page's origin, shared by all its tabs. */
  readonly files: Files
  /** A file played on this page alone, in a meeting or outside (spec 10 §4). */
  readonly localMedia: MediaControls
  /** Transfers to and from other HTTP servers. */
  readonly httpFiles: HttpFiles
  readonly queues: Queues
  /** Recording on this page. */
  readonly recordings: Recordings
  /** What the server keeps of them. */
  readonly records: RecordStore
  /** The meeting this page is in. */
  readonly meeting: Meeting | null
  /** Used by the next login or entry. */
  server: string | readonly string[]
  media: boolean
  remoteOpen: RemoteOpenPolicy
  /** Bytes per second of all uploads to the net disk together; 0 (default): no limit. Acts at once. */
  uploadRate: number
  /**
   * Rejects with a {@link YuntangError}: login.state, param.invalid, connection.*, request.timeout,
   * protocol.version, login.refused, login.throttled, auth.*, internal. An aborted login leaves nothing.
   */
  login(options: LoginOptions, cancel?: Cancellable): Promise<{ userID: string }>
  /** Deliberate logout: takes effect at once, also while logging in; leaves the meeting. Harmless in any state. */
  logout(): void
  /**
   * Takes a seat. Needs no media connection and opens no device. A newer call replaces a running one,
   * which then rejects with `request.replaced`. Errors: param.invalid, login.required, identity.taken,
   * seat.taken-over, connection.*, meeting.*.
   */
  enter(options: EnterOptions, cancel?: Cancellable): Promise<Meeting>
  /** Asks the server what it offers; works without a login. Rejects with connection.* or protocol.version. */
  serverInfo(cancel?: Cancellable): Promise<ServerInfo>
  /** Releases everything; no event fires afterwards. Idempotent. */
  close(): void
}

/** Meetings seen from outside (spec 03 §2). Needs a login. */
export interface Meetings {
  create(
    options: { subject: string; withPassword?: boolean },
    cancel?: Cancellable,
  ): Promise<MeetingInfo>
  /** Newest first. */
  list(cancel?: Cancellable): Promise<MeetingInfo[]>
  /** Ends the meeting for everyone. Own page leaves it before the promise resolves. */
  destroy(id: number, cancel?: Cancellable): Promise<void>
  /** What a public link's last part stands for; works without a login. */
  resolve(
    slug: string,
    cancel?: Cancellable,
  ): Promise<{ id: number; subject: string; protected: boolean }>
}

export type EndReason = 'left' | 'stopped' | 'dropped' | 'replaced'

export interface MeetingEvents {
  memberEntered: { member: MemberInfo }
  /** The member list no longer has it; `cause` tells whether it left or its connection was lost. */
  memberLeft: { userID: string; cause: 'left' | 'lost' }
  /** `old` and `now` differ, except 3→3 when the set of cameras sent in multi-camera mode changed. */
  audioStatus: { userID: string; old: DeviceStatus; now: DeviceStatus }
  videoStatus: { userID: string; old: DeviceStatus; now: DeviceStatus }
  /** Camera list changed; `changed` false when only names or modes did. */
  cameras: { userID: string; changed: boolean }
  defaultVideo: { userID: string; videoID: number }
  /** Speech level 0–10, at most 5 times a second and member, when it changed (spec 08 §5). */
  energy: { userID: string; old: number; now: number }
  /** Network level 0–10 (spec 07 §6). */
  network: { level: number }
  /** A picture source became available, changed or went away; see {@link Meeting.video}. */
  video: { userID: string; videoID: number; stream: MediaStream | null }
  /** The meeting is over for this page: `dropped` lost, `replaced` taken over, `stopped` ended by others. */
  ended: { reason: EndReason }
}

/** The meeting this page is in. After `ended` all getters answer empty and actions reject. */
export interface Meeting extends Events<MeetingEvents>, RawMedia {
  readonly id: number
  readonly subject: string
  readonly owner: string
  readonly url: string
  readonly me: string
  readonly policy: 'open' | 'owner'
  /** In order of entry, me included. */
  readonly members: readonly MemberInfo[]
  member(userID: string): MemberInfo | null
  /** Nickname of a member, also of one that left; `""` for a user never seen here. */
  nickName(userID: string): string
  /** Cameras open now: members in order of entry, default camera first. */
  readonly watchable: readonly { userID: string; videoID: number }[]
  /** Speech level 0–10 at this moment. */
  energy(userID: string): number
  readonly networkLevel: number
  readonly netdisk: NetDisk
  /** Whiteboards (spec 12). */
  readonly board: Boards
  readonly mic: OwnDevice
  readonly camera: OwnDevice
  readonly chat: Chat
  /** What all members look at together: page, wall layout, main video. */
  readonly pages: Pages
  /** Screen share and remote control. */
  readonly screen: Screen
  /** Files played to all members. */
  readonly media: SharedMedia
  /** Closes another member's (or my) device; executed by the server. */
  close(userID: string, kind: 'mic' | 'camera'): Promise<void>
  closeAllMics(): Promise<void>
  /**
   * Asks another member's page to open; the answer shows as a status change only. A telephone's microphone
   * opens at once, or mic.limit says why not.
   */
  askOpen(userID: string, kind: 'mic' | 'camera'): Promise<void>
  askDefaultVideo(userID: string, videoID: number): Promise<void>
  /** Ends a telephone's call. Rejects with member.unknown or permission.denied. */
  hangUpPhone(userID: string): Promise<void>
  /**
   * Wants a camera's picture (`videoID` -1: the default camera) for a view of `height` device pixels.
   * The stream comes by `onStream` now or later and again at every change; null while there is none.
   * A camera without any watcher is not received. Own cameras come straight from capture.
   */
  watch(
    want: { userID: string; videoID: number; height: number },
    onStream: (stream: MediaStream | null) => void,
  ): Watch
  /** Leaves at once, without waiting for the server. */
  leave(): void
}

/** A standing wish for one camera's picture. */
export interface Watch {
  /** Device pixels; 0 pauses reception, the last picture may stay. */
  resize(height: number): void
  close(): void
}

/** My microphone or my cameras in the meeting. */
export interface OwnDevice {
  readonly status: DeviceStatus
  /**
   * 2 → 4 → 3; a call that changes nothing resolves at once. Rejects with device.none,
   * permission.denied, media.failed or connection.*; the status is back at 2 or 1 then. Rejects with
   * mic.limit when too many microphones are open; the status stays 4 until it is opened again or closed.
   */
  open(cancel?: Cancellable): Promise<void>
  /** Synchronous: capture is released when it returns. */
  close(): void
}

/** Every failure of the SDK. `sdk` is the classic API's number for it (spec 01). */
export interface YuntangErrorShape extends Error {
  readonly code: ErrorCode
  readonly sdk: number
}
