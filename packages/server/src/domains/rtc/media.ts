import { type DeliveredTrack, EngineError, type MediaEngine } from '@yuntang/media'
import {
  type Events,
  type MeetingSnapshot,
  ProtocolError,
  type ReceivedTrack,
  type Relays,
  type VideoWatch,
} from '@yuntang/protocol'
import type { Room } from '../../actor/room.ts'
import type { RoomPart } from '../../actor/room-part.ts'
import type { Log } from '../../core/log.ts'
import type { Fact } from '../members/state.ts'

/** Track name of a microphone, camera or screen in the engine. */
export const trackName = (kind: ReceivedTrack['kind'], videoID: number) =>
  kind === 'camera' ? `cam:${videoID}` : kind

const sourceOf = (track: string): Pick<ReceivedTrack, 'kind' | 'videoID'> =>
  track === 'mic' || track === 'screen'
    ? { kind: track, videoID: 0 }
    : { kind: 'camera', videoID: Number(track.slice(4)) }

/** What a seat wants to see. */
export interface Watched {
  readonly videos: readonly VideoWatch[]
  /** Lines of the shared screen; 0 for not at all. */
  readonly screen: number
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
  /** Seat whose screen members get now, by meeting. */
  readonly #sharing = new Map<number, string>()

  constructor(
    readonly engine: MediaEngine,
    private readonly rooms: { find(id: number): Room | undefined },
    private readonly log: Log,
    /** Who shares in a meeting. */
    private readonly sharer: (meeting: number) => string | null,
    /** Null: there are none. */
    private readonly relays: ((userID: string) => Relays) | null = null,
  ) {
    engine.on('offer', ({ room, peer, sdp, version, tracks }) =>
      this.#tell(room, peer, 'rtc.offer', { sdp, version, tracks: this.#received(room, tracks) }),
    )
    engine.on('layers', ({ room, peer, track, rids }) =>
      this.#tell(room, peer, 'rtc.layers', { videoID: sourceOf(track).videoID, rids }),
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

  #issue(room: Room, seatID: string, { videos, screen }: Watched): Promise<void> {
    const sharing = screen > 0 ? this.#sharing.get(room.id) : undefined
    const shown = sharing ? [{ from: sharing, track: trackName('screen', 0), height: screen }] : []
    const cameras = videos.flatMap(({ userID, videoID, height }) => {
      const from = room.occupant(userID)?.seatID
      return from ? [{ from, track: trackName('camera', videoID), height }] : []
    })
    // The screen is what they came for: a narrow path carries it before any camera.
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

  /** Only the sharer's screen is delivered, whatever others send; an ended share is cut off at once. */
  screenChanged(room: Room): void {
    const sharer = this.sharer(room.id)
    const before = this.#sharing.get(room.id)
    const now = sharer === null ? undefined : room.occupant(sharer)?.seatID
    if (now === before) return
    if (now === undefined) this.#sharing.delete(room.id)
    else this.#sharing.set(room.id, now)
    if (before !== undefined)
      this.#run(
        this.engine.unpublish({
          room: String(room.id),
          peer: before,
          tracks: [trackName('screen', 0)],
        }),
      )
    for (const [seatID, w] of this.#watches)
      if (w.room === room && w.screen > 0) this.#run(this.#issue(room, seatID, w))
  }

  unseated(room: Room, seatID: string): void {
    this.#watches.delete(seatID)
    this.#run(this.engine.closePeer({ room: String(room.id), peer: seatID }))
  }

  ended(id: number): void {
    this.#sharing.delete(id)
    this.#run(this.engine.closeRoom(String(id)))
  }

  #run(work: Promise<unknown>): void {
    work.catch((error) => this.log.warn({ err: error }, 'the media engine refused a clean-up'))
  }
}
