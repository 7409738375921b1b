import type { Client, MediaControls, MediaStopReason, Meeting, VideoConfig } from '../../api.ts'
import { changeVideo } from '../../devices/video-config.ts'
import { safeName } from '../../files/paths.ts'
import { DEFAULT_MEDIA } from '../../shared-media/encodings.ts'
import { stopReason } from '../../shared-media/failure.ts'
import { flag, number, numericFields, record, text } from '../convert.ts'
import type { Facade } from '../facade.ts'
import { MediaIndex } from '../media-index.ts'
import { MediaLook } from '../media-look.ts'
import { mediaSlots } from '../media-slots.ts'
import { EMPTY_IMAGE } from '../raw-image.ts'
import { warn } from '../warn.ts'
import { attempt } from './device-actions.ts'
import type { FunctionTable } from './function-table.ts'

const VIDEO_FIELDS = ['sizeType', 'fps', 'maxbps', 'qp_min', 'qp_max', 'wh_rate'] as const
const PLAYABLE = /\.(?:mp4|m4v|mov|webm|mkv|ogg|ogv|oga|mp3|m4a|aac|wav|flac)$/i
const NOT_PLAYING = 2

/** A file object is known by a path below `Temp`; a film is not copied (spec 00 §9, 10 §1.2). */
const tempPath = ({ files }: Client, file: Blob): string =>
  files.register(file, `${files.work}/Temp/${safeName(file instanceof File ? file.name : 'media')}`)

/** Shared media and local playback (spec 10 §4). */
export function mediaFunctions(facade: Facade): FunctionTable {
  let config: VideoConfig = DEFAULT_MEDIA
  /** Files that lie beside the page. */
  let deployed: MediaIndex | null = null
  let local: MediaLook | null = null
  let shared: MediaLook | null = null
  const look = (media: MediaControls) =>
    new MediaLook(media, {
      heard: () => facade.delivery.hasHandler('NotifyMemberMediaData'),
      tell: (userID, position) => facade.emit('NotifyMemberMediaData', [userID, position]),
    })
  const follow = (meeting: Meeting | null) => {
    shared?.close()
    shared = meeting && look(meeting.media)
  }
  facade.onClient((client) => {
    const index = new MediaIndex(facade.sdkPath)
    deployed = index
    // Pages that show media may ask for the list at any time, and ask once.
    facade.containers.whenMedia(() => index.look())
    local = look(client.localMedia)
    return [
      ...mediaSlots(client.localMedia, (slot, args) => facade.emit(slot, args)),
      client.on('meeting', follow),
      () => {
        follow(null)
        local?.close()
        local = null
        deployed = null
      },
    ]
  })

  const myID = () => facade.meeting?.me ?? facade.client?.userID ?? ''
  /** What is mine, playing or being opened. */
  const own = (): MediaControls | null => {
    if (facade.client?.localMedia.busy) return facade.client.localMedia
    return facade.meeting?.media.busy ? facade.meeting.media : null
  }
  /** Tells the page why nothing plays. */
  const report = (playing: Promise<void>, meeting: Meeting | null) => {
    const { client } = facade
    playing.catch((error: unknown) => {
      if (facade.client !== client || (meeting && facade.meeting !== meeting)) return
      const reason: MediaStopReason = stopReason(error)
      if (reason !== 0) warn('the media does not play', error)
      facade.emit('NotifyMediaStop', [myID(), reason])
    })
  }
  /** Who plays: own local media under the own ID, whoever shares under its own, or none. */
  const controlsOf = (userID: string): MediaControls | null => {
    const { localMedia } = facade.client ?? {}
    if (localMedia?.current && userID !== '' && userID === myID()) return localMedia
    const { media } = facade.meeting ?? {}
    return media?.current && (userID === '' || userID === media.current.userID) ? media : null
  }

  return {
    StartPlayMedia: (filename, locPlay, bPauseWhenFinished) => {
      const { client, meeting } = facade
      if (!client || own()) return 0
      const name = filename instanceof Blob ? tempPath(client, filename) : text(filename)
      if (name === '') return 0
      const end = flag(bPauseWhenFinished)
      if (flag(locPlay)) {
        report(client.localMedia.play(name, { pauseAtEnd: end }), null)
        return 1
      }
      if (!meeting || meeting.media.current) return 0
      meeting.media.configure(config)
      report(meeting.media.play(name, { pauseAtEnd: end }), meeting)
      return 1
    },
    PlaybackRecordFile: (filename) => {
      const { client } = facade
      if (!client || own())
        return warn('PlaybackRecordFile ignored: not initialised, or media plays')
      report(client.recordings.play(text(filename)), null)
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
    GetAllFilesInMediaPath: () => {
      if (!facade.client) return []
      deployed?.look()
      const { files } = facade.client
      const stored = files
        .list('media/')
        .map(({ path }) => path.slice(files.work.length + '/media/'.length))
        .filter((name) => !name.includes('/'))
      return [...new Set([...stored, ...(deployed?.names ?? [])])]
        .filter((name) => PLAYABLE.test(name))
        .sort()
        .map((name) => `${facade.sdkPath}/Media/${name}`)
    },
    Getmediainfo: (userID) => {
      const user = text(userID)
      const shown = controlsOf(user)?.current
      return JSON.stringify(
        shown
          ? { userID: shown.userID, state: shown.paused ? 1 : 0, mediaName: shown.name }
          : { userID: user, state: NOT_PLAYING, mediaName: '' },
      )
    },
    Getmediaimg: (userID) => {
      const shown = controlsOf(text(userID))
      const looks = shown === facade.client?.localMedia ? local : shared
      return shown && looks ? looks.newest() : EMPTY_IMAGE
    },
  }
}
