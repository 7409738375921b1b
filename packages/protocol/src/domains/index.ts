import type { EventDef, EventMap, RequestMap } from '../contract.ts'
import { board } from './board.ts'
import { calls } from './calls.ts'
import { channel } from './channel.ts'
import { evidence } from './evidence.ts'
import { im } from './im.ts'
import { media } from './media.ts'
import { meetings } from './meetings.ts'
import { members } from './members.ts'
import { netdisk } from './netdisk.ts'
import { pages } from './pages.ts'
import { phones } from './phones.ts'
import { presence } from './presence.ts'
import { queues } from './queues.ts'
import { records } from './records.ts'
import { rtc } from './rtc.ts'
import { screen } from './screen.ts'
import { session } from './session.ts'

/** Every domain, once. */
export const DOMAINS = {
  session,
  meetings,
  members,
  rtc,
  presence,
  calls,
  phones,
  channel,
  queues,
  netdisk,
  im,
  pages,
  board,
  screen,
  media,
  evidence,
  records,
} as const
export type AnyDomain = (typeof DOMAINS)[keyof typeof DOMAINS]

export type Requests = RequestMap<AnyDomain>
/** `domain.request` names. */
export type Method = keyof Requests
/** Payload type by event name. */
export type Events = EventMap<AnyDomain>
export type EventName = keyof Events

/** Events that a snapshot replaces for a page that is too far behind. */
export const REPLACED: ReadonlySet<EventName> = new Set(
  Object.entries(DOMAINS).flatMap(([name, { events }]) =>
    Object.entries(events as Record<string, EventDef>).flatMap(([event, { replaced }]) =>
      replaced ? [`${name}.${event}` as EventName] : [],
    ),
  ),
)
