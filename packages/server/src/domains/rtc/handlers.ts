import { type Handlers, ProtocolError, type rtc } from '@yuntang/protocol'
import type { Context, Seat } from '../../actor/context.ts'
import { asProtocolError, type RoomMedia, trackName } from './media.ts'

const guarded = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work
  } catch (error) {
    throw asProtocolError(error)
  }
}

const peerOf = ({ room, id }: Seat) => ({ room: String(room.id), peer: id })

export const rtcHandlers = (media: RoomMedia): Handlers<typeof rtc, Context> => ({
  async publish({ sdp, tracks }, ctx) {
    const seat = ctx.seat as Seat
    const member = seat.room.member(seat.userID)
    for (const t of tracks)
      if (t.kind === 'camera' && !member?.cameras.some((c) => c.videoID === t.videoID))
        throw new ProtocolError('device.none')
    if (tracks.some(({ kind }) => kind === 'mediaSound') && !media.plays(seat))
      throw new ProtocolError('playing.none')
    const { answer } = await guarded(
      media.engine.publish({
        ...peerOf(seat),
        offer: sdp,
        tracks: tracks.map(({ mid, kind, videoID }) => ({
          mid,
          track: trackName(kind, videoID),
          kind: kind === 'mic' || kind === 'mediaSound' ? 'audio' : 'video',
          ...(kind === 'screen' ? { layering: 'pace' as const } : {}),
        })),
      }),
    )
    return { sdp: answer }
  },

  async receive({ sdp }, ctx) {
    const { answer, version } = await guarded(
      media.engine.receive({ ...peerOf(ctx.seat as Seat), offer: sdp }),
    )
    return { sdp: answer, version }
  },

  async answer({ sdp, version }, ctx) {
    await guarded(media.engine.answer({ ...peerOf(ctx.seat as Seat), sdp, version }))
    return {}
  },

  async watch({ videos, screen = 0, media: lines = 0 }, ctx) {
    const { room, id } = ctx.seat as Seat
    await guarded(media.watch(room, id, { videos, screen, media: lines }))
    return {}
  },

  async relays(_params, ctx) {
    return media.relaysOf((ctx.seat as Seat).userID)
  },
})
