import type { Line, Off, PhoneMedia } from './line.ts'

/** A packet of Opus sound (48 kHz) from a page of a room; numbers as in RFC 3550. */
export interface RoomPacket {
  readonly from: string
  readonly track: string
  /** Another one means that all numbers begin anew. */
  readonly stream: number
  readonly seq: number
  readonly timestamp: number
  readonly opus: Uint8Array
}

/** A packet of Opus sound for a room. `level` in −dBov, 0 to 127 (RFC 6464). */
export interface SpokenPacket {
  readonly opus: Uint8Array
  readonly level: number
  readonly timestamp: number
}

/** What telephones need of rooms: the bridges of a media engine. */
export interface SoundRooms {
  openBridge(p: { room: string; peer: string; speaks: boolean; listens: boolean }): Promise<void>
  sendBridge(p: { room: string; peer: string; packet: SpokenPacket }): void
  closePeer(p: { room: string; peer: string }): Promise<void>
  on(
    event: 'bridged',
    listener: (data: { room: string; peer: string; packets: readonly RoomPacket[] }) => void,
  ): Off
  /** All bridges of these rooms are gone. */
  on(event: 'crashed', listener: (data: { rooms: string[] }) => void): Off
}

/** Lines, and the rooms they are in. */
export interface PhoneSound extends PhoneMedia {
  /**
   * From now on the telephone hears the room's loudest few without itself, and is the peer's track
   * `mic` to the others. In one room at a time: it leaves the one before. `isMuted`: it only hears.
   */
  join(line: Line, at: { room: string; peer: string; isMuted?: boolean | undefined }): Promise<void>
  /** Whether what the telephone says stays out of its room. */
  mute(line: Line, isMuted: boolean): Promise<void>
  /** It hears silence and what it is told by `say`. A closed line has left. */
  leave(line: Line): Promise<void>
  /** Its thread died, and the line with it, which is closed now: the call should end. */
  on(event: 'lost', listener: (line: Line) => void): Off
  /** Closes all lines and bridges. Idempotent. */
  close(): Promise<void>
}
