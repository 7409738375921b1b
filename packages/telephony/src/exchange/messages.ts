import type { LineTarget } from '../line.ts'
import type { RoomPacket, SpokenPacket } from '../rooms.ts'
import type { PortRange } from './sockets.ts'

/** What the exchange is told. Lines have numbers. Both ends are built from one source. */
export type ToExchange =
  | { type: 'begin'; ports: PortRange; bind: string }
  | { type: 'open'; line: number }
  | { type: 'connect'; line: number; to: LineTarget }
  | { type: 'hold'; line: number; on: boolean }
  | { type: 'listen'; line: number; on: boolean }
  | { type: 'say'; line: number; samples: Int16Array }
  | { type: 'hush'; line: number }
  | { type: 'press'; line: number; digits: string }
  | { type: 'join'; line: number; room: string; peer: string }
  | { type: 'mute'; line: number; on: boolean }
  | { type: 'leave'; line: number }
  | { type: 'close'; line: number }
  | { type: 'heard'; room: string; packets: readonly RoomPacket[] }
  | { type: 'end' }

/** What the exchange tells. */
export type FromExchange =
  | { type: 'opened'; line: number; port: number }
  | { type: 'refused'; line: number; message: string }
  | { type: 'digit'; line: number; digit: string }
  | { type: 'frame'; line: number; frame: Int16Array; level: number }
  | { type: 'speak'; room: string; peer: string; packet: SpokenPacket }
