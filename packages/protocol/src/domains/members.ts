import type { Static } from 'typebox'
import { domain, event, replacedEvent, request } from '../contract.ts'
import { LIMITS } from '../limits.ts'
import {
  bool,
  int,
  list,
  NickName,
  nothing,
  obj,
  oneOf,
  opt,
  text,
  UserID,
  VideoID,
} from '../schema.ts'

/** 1 no device, 2 closed, 3 open. The states 0 and 4 never cross the wire (spec 08 §2). */
export const DeviceStatus = oneOf(1, 2, 3)

export const Camera = obj({ videoID: VideoID(), name: text(LIMITS.deviceNameChars, 1) })
export type Camera = Static<typeof Camera>

const Cameras = list(Camera, LIMITS.camerasPerMember)

/** What a member's page says about its devices. */
export const Devices = obj({
  mic: bool(),
  cameras: Cameras,
  /** 0 when there is no camera. */
  defaultVideo: int(0, 65_535),
  multiVideo: bool(),
})
export type Devices = Static<typeof Devices>

export const Member = obj({
  userID: UserID(),
  nickName: NickName(),
  audio: DeviceStatus,
  video: DeviceStatus,
  cameras: Cameras,
  /** Cameras sent now, default first; empty unless `video` is 3. */
  sending: list(VideoID(), LIMITS.camerasPerMember),
  defaultVideo: int(0, 65_535),
  multiVideo: bool(),
  /** A telephone: it has no page, so only sound, and nobody to ask for anything. */
  phone: opt(bool()),
})
export type Member = Static<typeof Member>

const Kind = oneOf('mic', 'camera')

/** Members' devices and their status (spec 08). */
export const members = domain('members', {
  requests: {
    /** My microphone is captured and published: others may hear it. */
    openMic: request({ in: nothing(), out: nothing(), allow: 'member' }),
    /** These own cameras are published; also replaces the set while open. */
    openCamera: request({
      in: obj({ sending: list(VideoID(), LIMITS.camerasPerMember) }),
      out: nothing(),
      allow: 'member',
    }),
    /** Own or another member's device; executed by the server at once. */
    close: request({ in: obj({ userID: UserID(), kind: Kind }), out: nothing(), allow: 'member' }),
    closeAllMics: request({ in: nothing(), out: nothing(), allow: 'member' }),
    /** Asks another member's page to open a device. */
    askOpen: request({
      in: obj({ userID: UserID(), kind: Kind }),
      out: nothing(),
      allow: 'member',
    }),
    /** Asks another member's page to choose its default camera. */
    askDefaultVideo: request({
      in: obj({ userID: UserID(), videoID: int(-1, 65_535) }),
      out: nothing(),
      allow: 'member',
    }),
    /** My device list, default camera or multi-camera mode changed. */
    setDevices: request({ in: Devices, out: nothing(), allow: 'member' }),
  },
  events: {
    audioStatus: replacedEvent(obj({ userID: UserID(), old: DeviceStatus, now: DeviceStatus })),
    videoStatus: replacedEvent(
      obj({
        userID: UserID(),
        old: DeviceStatus,
        now: DeviceStatus,
        sending: list(VideoID(), LIMITS.camerasPerMember),
      }),
    ),
    /** `changed` tells whether cameras were added or removed, or only names or modes. */
    devices: replacedEvent(
      obj({ userID: UserID(), cameras: Cameras, multiVideo: bool(), changed: bool() }),
    ),
    defaultVideo: replacedEvent(obj({ userID: UserID(), videoID: int(0, 65_535) })),
    openRequested: event(obj({ by: UserID(), kind: Kind })),
    defaultVideoRequested: event(obj({ by: UserID(), videoID: int(-1, 65_535) })),
  },
})
