import { LIMITS, ProtocolError } from '@yuntang/protocol'
import type { Line, PhoneSound } from '@yuntang/telephony'
import type { Room } from '../../actor/room.ts'
import type { RoomPart } from '../../actor/room-part.ts'
import type { Clock } from '../../core/clock.ts'
import type { Ids } from '../../core/ids.ts'
import type { Log } from '../../core/log.ts'
import type { MeetingStore } from '../../storage/port.ts'
import type { Rooms } from '../meetings/rooms.ts'
import type { Fact } from '../members/state.ts'

/** Telephones that nobody with a page keeps company are hung up after this. */
const ALONE_MS = 5 * 60_000

export interface PhoneSeatsDeps {
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly store: Pick<MeetingStore, 'find'>
  readonly rooms: Pick<Rooms, 'open' | 'occupied'>
  readonly sound: Pick<PhoneSound, 'join' | 'mute' | 'leave'>
  readonly maxMembers: number
  readonly maxOpenMics: number
}

/** Who sits down. */
export interface PhoneGuest {
  readonly userID: string
  readonly nickName: string
  readonly line: Line
  /** Ends its call, whose owner leaves the seat. `ended`: the meeting is over, and the seat with it. */
  hangUp(why: 'ended' | 'hungUp'): void
}

/** A telephone in a meeting: a member without a page. */
export interface PhoneSeat {
  readonly room: Room
  readonly userID: string
  readonly line: Line
  /** Opens or closes its microphone; false when too many are open. */
  speak(on: boolean): boolean
  /** Idempotent. */
  leave(cause: 'left' | 'lost'): void
  /** Ends its call; by default somebody wants it to. */
  hangUp(why?: 'ended' | 'hungUp'): void
}

/** The telephones of all meetings, and their sound there. */
export class PhoneSeats implements RoomPart {
  readonly #seats = new Map<number, Map<string, PhoneSeat>>()
  readonly #alone = new Map<number, () => void>()
  /** Lines whose sound is in their room, and whether it is muted there. */
  readonly #joined = new Map<Line, boolean>()

  constructor(private readonly deps: PhoneSeatsDeps) {}

  find(room: Room, userID: string): PhoneSeat | undefined {
    return this.#seats.get(room.id)?.get(userID)
  }

  /** Rejects with meeting.unknown or meeting.full, or when its sound finds no way there. */
  async take(meetingID: number, guest: PhoneGuest): Promise<PhoneSeat> {
    const meeting = await this.deps.store.find(meetingID)
    if (!meeting) throw new ProtocolError('meeting.unknown')
    const room = this.deps.rooms.open(meeting)
    const seats = this.#seats.get(room.id) ?? new Map<string, PhoneSeat>()
    if (room.size >= this.deps.maxMembers || seats.size >= LIMITS.phonesPerMeeting)
      throw new ProtocolError('meeting.full')
    this.#seats.set(room.id, seats)
    const seat = this.#sit(room, guest)
    seats.set(seat.userID, seat)
    this.deps.rooms.occupied(room, true)
    seat.speak(true)
    try {
      await this.#join(seat)
    } catch (error) {
      seat.leave('lost')
      throw error
    }
    this.#watch(room)
    return seat
  }

  /** Two calls from one number are two members. */
  #free(room: Room, wanted: string): string {
    let userID = wanted
    for (let n = 2; room.occupant(userID); n++) userID = `${wanted}_${n}`
    return userID
  }

  #sit(room: Room, guest: PhoneGuest): PhoneSeat {
    const { userID: wanted, nickName, line } = guest
    const { clock, ids } = this.deps
    const userID = this.#free(room, wanted)
    const occupant = {
      seatID: ids.uuid(),
      ctx: null,
      instance: '',
      since: clock.now(),
      phone: true as const,
    }
    const devices = { mic: true, cameras: [], defaultVideo: 0, multiVideo: false }
    room.seat(userID, occupant, { type: 'enter', userID, nickName, devices, phone: true })
    return {
      room,
      userID,
      line,
      speak: (on) => this.#speak(room, userID, on),
      leave: (cause) => this.#leave(room, userID, cause),
      hangUp: (why = 'hungUp') => guest.hangUp(why),
    }
  }

  #speak(room: Room, userID: string, on: boolean): boolean {
    try {
      const { maxOpenMics: maxOpen } = this.deps
      room.commit(
        on ? { type: 'openMic', userID, maxOpen } : { type: 'close', userID, kind: 'mic' },
      )
      return true
    } catch {
      return false // mic.limit: it only listens
    }
  }

  async #join(seat: PhoneSeat): Promise<void> {
    const { room, userID, line } = seat
    const peer = room.occupant(userID)?.seatID
    if (peer === undefined) return
    const isMuted = room.member(userID)?.audio !== 3
    await this.deps.sound.join(line, { room: String(room.id), peer, isMuted })
    if (this.find(room, userID) !== seat) return
    this.#joined.set(line, isMuted)
    this.#follow(seat, room.member(userID)?.audio !== 3)
  }

  /** Whatever closed or opened its microphone, its sound follows. */
  applied(room: Room, { event, data }: Fact): void {
    if (event !== 'members.audioStatus') return
    const seat = this.find(room, data.userID)
    if (seat) this.#follow(seat, data.now !== 3)
  }

  /** A line that is still on its way into the room follows when it is there. */
  #follow({ line }: PhoneSeat, isMuted: boolean): void {
    if ((this.#joined.get(line) ?? isMuted) === isMuted) return
    this.#joined.set(line, isMuted)
    this.#run(this.deps.sound.mute(line, isMuted))
  }

  #part({ line }: PhoneSeat): void {
    this.#joined.delete(line)
    this.#run(this.deps.sound.leave(line))
  }

  announced(room: Room, { event }: Fact): void {
    if (event === 'meetings.entered' || event === 'meetings.left') this.#watch(room)
  }

  #watch(room: Room): void {
    const phones = this.#seats.get(room.id)?.size ?? 0
    const isAlone = phones > 0 && phones === room.size
    if (isAlone === this.#alone.has(room.id)) return
    this.#alone.get(room.id)?.()
    this.#alone.delete(room.id)
    if (!isAlone) return
    const cancel = this.deps.clock.schedule(ALONE_MS, () => {
      this.#alone.delete(room.id)
      for (const seat of [...(this.#seats.get(room.id)?.values() ?? [])]) seat.hangUp()
    })
    this.#alone.set(room.id, cancel)
  }

  #leave(room: Room, userID: string, cause: 'left' | 'lost'): void {
    const seats = this.#seats.get(room.id)
    const seat = seats?.get(userID)
    if (!seats?.delete(userID) || !seat) return
    if (seats.size === 0) this.#seats.delete(room.id)
    this.#part(seat)
    room.unseat(userID, cause)
    if (room.size === 0) this.deps.rooms.occupied(room, false)
  }

  /** The meeting is over: nobody is told, its telephones are hung up. */
  ended(id: number): void {
    this.#alone.get(id)?.()
    this.#alone.delete(id)
    const seats = [...(this.#seats.get(id)?.values() ?? [])]
    this.#seats.delete(id)
    for (const seat of seats) {
      this.#part(seat)
      seat.hangUp('ended')
    }
  }

  #run(work: Promise<void>): void {
    work.catch((err: unknown) => this.deps.log.warn({ err }, 'a telephone’s sound did not follow'))
  }

  close(): void {
    for (const cancel of this.#alone.values()) cancel()
    this.#alone.clear()
    this.#seats.clear()
    this.#joined.clear()
  }
}
