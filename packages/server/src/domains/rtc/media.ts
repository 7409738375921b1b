import { type DeliveredTrack, EngineError, type MediaEngine } from '@yuntang/media'
import {
  type Events,
  type MeetingSnapshot,
  ProtocolError,
  type ReceivedTrack,
  type Relays,
  type VideoWatch,
} from '@yuntang/protocol'
import type { Seat } from '../../actor/context.ts'
import type { Room } from '../../actor/room.ts'
import type { RoomPart } from '../../actor/room-part.ts'
import type { Log } from '../../core/log.ts'
import type { Fact } from '../members/state.ts'

/** Track name of a source in the engine. */
export const trackName = (kind: ReceivedTrack['kind'], videoID: number) =>
  kind === 'camera' ? `cam:${videoID}` : kind

const sourceOf = (track: string): Pick<ReceivedTrack, 'kind' | 'videoID'> =>
  track === 'mic' || track === 'screen' || track === 'media' || track === 'mediaSound'
    ? { kind: track, videoID: 0 }
    : { kind: 'camera', videoID: Number(track.slice(4)) }

/** Of these a meeting has one at a time. */
export type Shown = 'screen' | 'media'

/** What a seat wants to see. */
export interface Watched {
  readonly videos: readonly VideoWatch[]
  /** Lines of the shared screen; 0 for not at all. */
  readonly screen: number
  /** Lines of the shared media; 0 for not at all. */
  readonly media: number
}

/** Engine refusals in the words of the contract. */
export const asProtocolError = (error: unknown): unknown =>
  error instanceof EngineError
    ? new ProtocolError(error.code === 'version' ? 'media.stale' : 'media.failed', error.message)
    : error

/**
 * Between rooms and the media engine: room = meeting ID, peer = seat, so that a take-over is another
 * peer. Keeps what each seat watches, because people may come and open later.
 */
export class RoomMedia implements RoomPart {
  readonly #watches = new Map<string, Watched & { room: Room }>()
  /** Seats whose screen and media members get now, by meeting. */
  readonly #shown = { screen: new Map<number, string>(), media: new Map<number, string>() }

  constructor(
    readonly engine: MediaEngine,
    private readonly rooms: { find(id: number): Room | undefined },
    private readonly log: Log,
    /** Who shares a screen or media in a meeting. */
    private readonly sharer: (meeting: number, kind: Shown) => string | null,
    /** Null: there are none. */
    private readonly relays: ((userID: string) => Relays) | null = null,
  ) {
    engine.on('offer', ({ room, peer, sdp, version, tracks }) =>
      this.#tell(room, peer, 'rtc.offer', { sdp, version, tracks: this.#received(room, tracks) }),
    )
    engine.on('layers', ({ room, peer, track, rids }) =>
      this.#tell(room, peer, 'rtc.layers', {
        videoID: sourceOf(track).videoID,
        ...(track === 'media' ? { media: 1 as const } : {}),
        rids,
      }),
    )
    engine.on('lost', ({ room, peer, side }) =>
      this.#tell(room, peer, 'rtc.reset', { reason: side }),
    )
    engine.on('crashed', ({ rooms }) => {
      for (const id of rooms)
        for (const ctx of this.rooms.find(Number(id))?.contexts() ?? [])
          ctx.link.event('rtc.reset', { reason: 'crashed' })
    })
  }

  #tell<K extends 'rtc.offer' | 'rtc.layers' | 'rtc.reset'>(
    room: string,
    peer: string,
    event: K,
    data: Events[K],
  ) {
    const found = this.rooms.find(Number(room))
    const userID = found?.userOf(peer)
    if (found && userID !== undefined) found.tell(userID, event, data)
  }

  #received(roomName: string, tracks: readonly DeliveredTrack[]): ReceivedTrack[] {
    const room = this.rooms.find(Number(roomName))
    return tracks.flatMap(({ mid, from, track }) => {
      const userID = room?.userOf(from)
      return userID === undefined ? [] : [{ mid, userID, ...sourceOf(track) }]
    })
  }

  /** Whether members may get this seat's media now: sound is delivered to all by itself. */
  plays({ room, id }: Pick<Seat, 'room' | 'id'>): boolean {
    return this.#shown.media.get(room.id) === id
  }

  relaysOf(userID: string): Pick<MeetingSnapshot, 'relays'> {
    return this.relays ? { relays: this.relays(userID) } : {}
  }

  /** Relays are known before the first offer: nothing waits for them. */
  snapshot(_room: Room, userID: string): Partial<MeetingSnapshot> {
    return this.relaysOf(userID)
  }

  async watch(room: Room, seatID: string, watched: Watched): Promise<void> {
    this.#watches.set(seatID, { ...watched, room })
    await this.#issue(room, seatID, watched)
  }

  #issue(room: Room, seatID: string, { videos, screen, media }: Watched): Promise<void> {
    const one = (track: Shown, height: number) => {
      const from = height > 0 ? this.#shown[track].get(room.id) : undefined
      return from ? [{ from, track, height }] : []
    }
    const shown = [...one('screen', screen), ...one('media', media)]
    const cameras = videos.flatMap(({ userID, videoID, height }) => {
      const from = room.occupant(userID)?.seatID
      return from ? [{ from, track: trackName('camera', videoID), height }] : []
    })
    // What is shared is what they came for: a narrow path carries it before any camera.
    const wishes = [...shown, ...cameras]
    return this.engine.watch({ room: String(room.id), peer: seatID, wishes })
  }

  /** A closed device is cut off at once, whatever its page does; an entrant may be watched already. */
  applied(room: Room, { event, data }: Fact): void {
    if (event === 'meetings.entered') setImmediate(() => this.#rewatch(room, data.member.userID))
    const peer = 'userID' in data ? room.occupant(data.userID)?.seatID : undefined
    if (!peer) return
    const tracks =
      event === 'members.audioStatus' && data.now !== 3
        ? ['mic']
        : event === 'members.videoStatus' && data.now !== 3
          ? (room.member((data as { userID: string }).userID)?.cameras ?? []).map((c) =>
              trackName('camera', c.videoID),
            )
          : []
    if (tracks.length) this.#run(this.engine.unpublish({ room: String(room.id), peer, tracks }))
  }

  #rewatch(room: Room, userID: string): void {
    for (const [seatID, w] of this.#watches)
      if (w.room === room && w.videos.some((v) => v.userID === userID))
        this.#run(this.#issue(room, seatID, w))
  }

  /** Only the sharer's track is delivered, whatever others send; an ended share is cut off at once. */
  shownChanged(room: Room, kind: Shown): void {
    const sharer = this.sharer(room.id, kind)
    const seats = this.#shown[kind]
    const before = seats.get(room.id)
    const now = sharer === null ? undefined : room.occupant(sharer)?.seatID
    if (now === before) return
    if (now === undefined) seats.delete(room.id)
    else seats.set(room.id, now)
    if (before !== undefined)
      this.#run(
        this.engine.unpublish({
          room: String(room.id),
          peer: before,
          tracks: kind === 'media' ? ['media', 'mediaSound'] : [kind],
        }),
      )
    for (const [seatID, w] of this.#watches)
      if (w.room === room && w[kind] > 0) this.#run(this.#issue(room, seatID, w))
  }

  unseated(room: Room, seatID: string): void {
    this.#watches.delete(seatID)
    this.#run(this.engine.closePeer({ room: String(room.id), peer: seatID }))
  }

  ended(id: number): void {
    this.#shown.screen.delete(id)
    this.#shown.media.delete(id)
    this.#run(this.engine.closeRoom(String(id)))
  }

  #run(work: Promise<unknown>): void {
    work.catch((error) => this.log.warn({ err: error }, 'the media engine refused a clean-up'))
  }
}
