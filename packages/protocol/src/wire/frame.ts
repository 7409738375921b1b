import type { ErrorCode } from '../errors.ts'

/** Request of the page. `id` counts up from 1 per link and survives a resume. */
export interface RequestFrame {
  id: number
  method: string
  params: unknown
}
/** The page has everything up to this number. */
export interface AckFrame {
  ack: number
}
/** Heartbeat; any traffic counts as a sign of life. */
export interface PingFrame {
  ping: number
}
export type ClientFrame = RequestFrame | AckFrame | PingFrame

export interface WireError {
  code: ErrorCode
  message: string
}
/** Answer to a request: numbered like an event, so that a resume delivers it exactly once. */
export interface AnswerFrame {
  seq: number
  id: number
  result?: unknown
  error?: WireError
}
/** Durable event. */
export interface EventFrame {
  seq: number
  event: string
  data: unknown
  /** The page acknowledges at once: somebody waits for its arrival. */
  receipt?: true
}
/** Event that is not kept for a link that is away. */
export interface VolatileFrame {
  event: string
  data: unknown
}
export interface PongFrame {
  pong: number
}
/** The greeting's answer and its error are never numbered: they precede the numbering. */
export interface HelloFrame {
  hello: unknown
}
export interface RefusalFrame {
  refused: WireError
}
export type ServerFrame =
  | AnswerFrame
  | EventFrame
  | VolatileFrame
  | PongFrame
  | HelloFrame
  | RefusalFrame

const isObject = (v: unknown): v is Record<string, unknown> =>
  typeof v === 'object' && v !== null && !Array.isArray(v)
const isCount = (v: unknown): v is number => Number.isSafeInteger(v) && (v as number) >= 0

const parse = (raw: string): Record<string, unknown> | null => {
  try {
    const v: unknown = JSON.parse(raw)
    return isObject(v) ? v : null
  } catch {
    return null
  }
}

/** Reads a frame of a page; null when it is none. Parameters are validated later, by the contract. */
export const parseClientFrame = (raw: string): ClientFrame | null => {
  const v = parse(raw)
  if (!v) return null
  if (isCount(v.ping)) return { ping: v.ping }
  if (isCount(v.ack)) return { ack: v.ack }
  if (isCount(v.id) && v.id > 0 && typeof v.method === 'string' && v.method.length <= 64)
    return { id: v.id, method: v.method, params: v.params ?? {} }
  return null
}

/** Reads a frame of the server; null when it is none. */
export const parseServerFrame = (raw: string): ServerFrame | null => {
  const v = parse(raw)
  if (!v) return null
  if (isCount(v.pong)) return { pong: v.pong }
  if (isObject(v.hello)) return { hello: v.hello }
  if (isObject(v.refused)) return v as unknown as RefusalFrame
  if (isCount(v.seq) && isCount(v.id)) return v as unknown as AnswerFrame
  if (typeof v.event === 'string') return v as unknown as EventFrame | VolatileFrame
  return null
}
