import type { EngineErrorCode, EngineEvents, EngineOptions, MediaEngine } from '../engine.ts'

/** Calls that cross to the child; each takes one argument and answers once. */
export type CallName = Exclude<keyof MediaEngine, 'on' | 'close' | 'sendBridge'>

const CALLS: Record<CallName, true> = {
  publish: true,
  receive: true,
  answer: true,
  watch: true,
  unpublish: true,
  openBridge: true,
  closePeer: true,
  closeRoom: true,
}

const EVENTS: Record<keyof EngineEvents, true> = {
  offer: true,
  layers: true,
  lost: true,
  bridged: true,
  crashed: true,
}

export type ToWorker =
  | { type: 'open'; options: Omit<EngineOptions, 'log'> }
  | { type: 'call'; id: number; name: CallName; argument: unknown }
  | { type: 'sound'; sound: Parameters<MediaEngine['sendBridge']>[0] }
  | { type: 'close' }

export type FromWorker =
  | { type: 'opened' }
  | { type: 'refused'; message: string }
  | { type: 'result'; id: number; value: unknown }
  | { type: 'error'; id: number; code: EngineErrorCode; message: string }
  | {
      [K in keyof EngineEvents]: { type: 'event'; name: K; data: EngineEvents[K] }
    }[keyof EngineEvents]
  | { type: 'log'; level: 'debug' | 'info' | 'warn' | 'error'; text: string; data?: object }

type Fields = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null

/** Both ends are built from one source: this keeps a foreign or half message out, no more. */
export const isToWorker = (m: unknown): m is ToWorker => {
  if (!isObject(m)) return false
  if (m.type === 'open') return isObject(m.options) && typeof m.options.port === 'number'
  if (m.type === 'call')
    return typeof m.id === 'number' && typeof m.name === 'string' && Object.hasOwn(CALLS, m.name)
  if (m.type === 'sound') return isObject(m.sound) && isObject(m.sound.packet)
  return m.type === 'close'
}

export const isFromWorker = (m: unknown): m is FromWorker => {
  if (!isObject(m)) return false
  switch (m.type) {
    case 'opened':
      return true
    case 'refused':
      return typeof m.message === 'string'
    case 'result':
      return typeof m.id === 'number'
    case 'error':
      return typeof m.id === 'number' && typeof m.code === 'string' && typeof m.message === 'string'
    case 'event':
      return typeof m.name === 'string' && Object.hasOwn(EVENTS, m.name) && isObject(m.data)
    case 'log':
      return typeof m.level === 'string' && typeof m.text === 'string'
    default:
      return false
  }
}
