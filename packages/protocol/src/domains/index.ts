import type { EventMap, RequestMap } from '../contract.ts'
import { meetings } from './meetings.ts'
import { members } from './members.ts'
import { rtc } from './rtc.ts'
import { session } from './session.ts'

/** Every domain, once. */
export const DOMAINS = { session, meetings, members, rtc } as const
export type AnyDomain = (typeof DOMAINS)[keyof typeof DOMAINS]

export type Requests = RequestMap<AnyDomain>
/** `domain.request` names. */
export type Method = keyof Requests
/** Payload type by event name. */
export type Events = EventMap<AnyDomain>
export type EventName = keyof Events
