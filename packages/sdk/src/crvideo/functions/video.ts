import { CameraPictures } from '../camera-pictures.ts'
import { flag, number, numericFields, record, text } from '../convert.ts'
import type { Facade } from '../facade.ts'
import { warn } from '../warn.ts'
import { attempt, closeDevice, inMeeting, openDevice } from './device-actions.ts'
import type { FunctionTable } from './function-table.ts'

const VIDEO_FIELDS = ['sizeType', 'fps', 'maxbps', 'qp_min', 'qp_max', 'wh_rate'] as const

/** Cameras and video configuration (spec 08 §6, §7). */
export function videoFunctions(facade: Facade): FunctionTable {
  const myID = () => facade.meeting?.me ?? facade.client?.userID ?? ''
  const isMe = (userID: string) => userID === '' || userID === myID()

  const pictures = new CameraPictures(facade)
  facade.onClient((client) => [
    client.on('meeting', (meeting) => pictures.follow(meeting)),
    () => pictures.follow(null),
  ])

  return {
    OpenVideo: (userID) => openDevice(facade, 'camera', userID),
    CloseVideo: (userID) => closeDevice(facade, 'camera', userID),
    GetVideoStatus: (userID) => facade.meeting?.member(text(userID))?.video ?? 0,
    GetAllVideoInfo: (userID) => {
      const user = text(userID)
      const mine = isMe(user)
      const cameras = mine
        ? (facade.client?.devices.cameras ?? [])
        : (facade.meeting?.member(user)?.cameras ?? [])
      return cameras
        .map(({ videoID, name }) => ({ userID: mine ? myID() : user, videoID, videoName: name }))
        .sort((a, b) => a.videoID - b.videoID)
    },
    SetVideoCfg: (cfg) => {
      const given = record(cfg)
      if (!facade.client || !given) return warn('SetVideoCfg ignored: no client or no object')
      facade.client.devices.setVideo(numericFields(given, VIDEO_FIELDS))
    },
    GetVideoImg: (userID, videoID) => {
      const camera = number(videoID, -1)
      return pictures.newest(text(userID), camera)
    },
    GetVideoCfg: () => ({ ...facade.settings.video }),
    GetWatchableVideos: () =>
      JSON.stringify(
        (facade.meeting?.watchable ?? []).map(({ userID, videoID }) => ({ userID, videoID })),
      ),
    GetDefaultVideo: (userID) => {
      const user = text(userID)
      if (isMe(user)) return facade.client?.devices.defaultVideo ?? 0
      return facade.meeting?.member(user)?.defaultVideo ?? 0
    },
    SetDefaultVideo: (userID, videoID) => {
      const user = text(userID)
      const camera = number(videoID, -1)
      if (!facade.client || !Number.isInteger(camera)) return warn('SetDefaultVideo ignored')
      if (isMe(user)) return facade.client.devices.setDefaultVideo(camera)
      inMeeting(facade, 'SetDefaultVideo', (meeting) =>
        attempt('SetDefaultVideo', () => meeting.askDefaultVideo(user, camera)),
      )
    },
    GetEnableMutiVideo: (userID) => {
      const user = text(userID)
      if (isMe(user)) return facade.settings.multiVideo
      return facade.meeting?.member(user)?.multiVideo ?? false
    },
    SetEnableMutiVideo: (userID, enable) => {
      if (!facade.client || !isMe(text(userID))) return warn('SetEnableMutiVideo: not my cameras')
      facade.client.devices.setMultiVideo(flag(enable))
    },
  }
}
