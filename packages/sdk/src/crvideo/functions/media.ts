import type { MediaControls, MediaStopReason, Meeting, VideoConfig } from '../../api.ts'
import { changeVideo } from '../../devices/video-config.ts'
import { DEFAULT_MEDIA } from '../../shared-media/encodings.ts'
import { stopReason } from '../../shared-media/failure.ts'
import { flag, number, numericFields, record, text } from '../convert.ts'
import type { Facade } from '../facade.ts'
import { MediaPictures } from '../media-pictures.ts'
import { mediaSlots } from '../media-slots.ts'
import { warn } from '../warn.ts'
import { attempt } from './device-actions.ts'
import type { FunctionTable } from './function-table.ts'

const VIDEO_FIELDS = ['sizeType', 'fps', 'maxbps', 'qp_min', 'qp_max', 'wh_rate'] as const
const PLAYABLE = /\.(?:mp4|m4v|mov|webm|mkv|ogg|ogv|oga|mp3|m4a|aac|wav|flac)$/i
const NOT_PLAYING = 2

/** Shared media and local playback (spec 10 §4). */
export function mediaFunctions(facade: Facade): FunctionTable {
  let config: VideoConfig = DEFAULT_MEDIA
  const pictures = new MediaPictures(facade)
  facade.onClient((client) => [
    ...mediaSlots(client.localMedia, (slot, args) => facade.emit(slot, args)),
    client.localMedia.on('changed', () => pictures.refresh()),
    client.on('meeting', (meeting) => pictures.follow(meeting)),
  ])

  const myID = () => facade.meeting?.me ?? facade.client?.userID ?? ''
  /** What is mine, playing or being opened. */
  const own = (): MediaControls | null => {
    if (facade.client?.localMedia.busy) return facade.client.localMedia
    return facade.meeting?.media.busy ? facade.meeting.media : null
  }
  /** Tells the page why nothing plays. */
  const follow = (playing: Promise<void>, meeting: Meeting | null) => {
    const { client } = facade
    playing.catch((error: unknown) => {
      if (facade.client !== client || (meeting && facade.meeting !== meeting)) return
      const reason: MediaStopReason = stopReason(error)
      if (reason !== 0) warn('the media does not play', error)
      facade.emit('NotifyMediaStop', [myID(), reason])
    })
  }
  const shownOf = (userID: string) => {
    const local = facade.client?.localMedia.current
    if (local && userID !== '' && userID === myID()) return local
    const { current } = facade.meeting?.media ?? {}
    return current && (userID === '' || userID === current.userID) ? current : null
  }

  return {
    StartPlayMedia: (filename, locPlay, bPauseWhenFinished) => {
      const { client, meeting } = facade
      const name = text(filename)
      if (name === '' || !client || own()) return 0
      const end = flag(bPauseWhenFinished)
      if (flag(locPlay)) {
        follow(client.localMedia.play(name, { pauseAtEnd: end }), null)
        return 1
      }
      if (!meeting || meeting.media.current) return 0
      meeting.media.configure(config)
      follow(meeting.media.play(name, { pauseAtEnd: end }), meeting)
      return 1
    },
    PlaybackRecordFile: (filename) => {
      const { client } = facade
      if (!client || own())
        return warn('PlaybackRecordFile ignored: not initialised, or media plays')
      follow(client.recordings.play(text(filename)), null)
    },
    StopPlayMedia: () => {
      const mine = own()
      if (mine) return void mine.stop()
      const { meeting } = facade
      if (meeting?.media.current && meeting.policy === 'owner' && meeting.owner === meeting.me)
        attempt('stopping the media', () => meeting.media.stopOther())
    },
    PausePlayMedia: (bPause) => void own()?.pause(flag(bPause)),
    SetMediaplaypos: (pos) => own()?.seek(number(pos, Number.NaN)),
    SetMediacfg: (given) => {
      const read = record(given)
      if (!read) return warn('SetMediacfg ignored: not an object')
      config = changeVideo(config, numericFields(read, VIDEO_FIELDS))
      facade.meeting?.media.configure(config)
    },
    GetMediacfg: () => JSON.stringify(config),
    GetAllFilesInMediaPath: () =>
      (facade.client?.files.list('media/') ?? [])
        .map(({ path }) => path.split('/').at(-1) ?? '')
        .filter((name) => PLAYABLE.test(name))
        .sort()
        .map((name) => `${facade.sdkPath}/Media/${name}`),
    Getmediainfo: (userID) => {
      const user = text(userID)
      const shown = shownOf(user)
      return JSON.stringify(
        shown
          ? { userID: shown.userID, state: shown.paused ? 1 : 0, mediaName: shown.name }
          : { userID: user, state: NOT_PLAYING, mediaName: '' },
      )
    },
    Getmediaimg: (userID) => {
      const user = text(userID)
      const mine = user === '' || user === myID()
      const isLocal = mine && facade.client?.localMedia.current != null
      return pictures.newest(isLocal, shownOf(user) !== null)
    },
  }
}
