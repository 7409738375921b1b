import type { Static, TSchema } from 'typebox'

/**
 * Who may send a request. `anyone`: any greeted link; `user`: a logged-in link;
 * `member`: a link that holds a seat in a meeting. Finer rules live in each domain's `policy.ts`.
 */
export type Role = 'anyone' | 'user' | 'member'

/** One request of a domain: its input, its answer and the role it needs. */
export interface RequestDef<I extends TSchema = TSchema, O extends TSchema = TSchema> {
  readonly in: I
  readonly out: O
  readonly allow: Role
  /** `fast` requests have an allowance of their own, for pages that send hundreds a second. */
  readonly pace?: 'fast'
}

/**
 * One event of a domain. Every event is numbered and kept until acknowledged. For a page that
 * is too far behind, events that a snapshot replaces are dropped and `session.resync` is sent
 * instead; the others are kept.
 */
export interface EventDef<P extends TSchema = TSchema> {
  readonly payload: P
  readonly replaced: boolean
}

/** A domain's whole contract. */
export interface DomainDef<
  N extends string = string,
  R extends Record<string, RequestDef> = Record<string, RequestDef>,
  E extends Record<string, EventDef> = Record<string, EventDef>,
> {
  readonly name: N
  readonly requests: R
  readonly events: E
}

/** Declares a request. */
export const request = <I extends TSchema, O extends TSchema>(def: RequestDef<I, O>) => def

/** Declares an event that a page gets, however far behind it is. */
export const event = <P extends TSchema>(payload: P): EventDef<P> => ({ payload, replaced: false })

/** Declares an event about state that the snapshot of `session.resync` has, or that a page asks for anew. */
export const replacedEvent = <P extends TSchema>(payload: P): EventDef<P> => ({
  payload,
  replaced: true,
})

/** Declares a domain. */
export const domain = <
  N extends string,
  R extends Record<string, RequestDef>,
  E extends Record<string, EventDef>,
>(
  name: N,
  parts: { requests: R; events: E },
): DomainDef<N, R, E> => ({ name, ...parts })

/** Input type of a request. */
export type In<R> = R extends RequestDef<infer I, TSchema> ? Static<I> : never
/** Answer type of a request. */
export type Out<R> = R extends RequestDef<TSchema, infer O> ? Static<O> : never
/** Payload type of an event. */
export type Payload<E> = E extends EventDef<infer P> ? Static<P> : never

/** Server side: one handler per request, no more and no less. */
export type Handlers<D extends DomainDef, Ctx> = {
  readonly [K in keyof D['requests']]: (
    params: In<D['requests'][K]>,
    ctx: Ctx,
  ) => Promise<Out<D['requests'][K]>> | Out<D['requests'][K]>
}

type Merge<U> = (U extends unknown ? (u: U) => void : never) extends (m: infer M) => void
  ? M
  : never

type RequestsOf<D> = D extends { name: infer N extends string; requests: infer R }
  ? { [K in keyof R & string as `${N}.${K}`]: R[K] }
  : never

type EventsOf<D> = D extends { name: infer N extends string; events: infer E }
  ? { [K in keyof E & string as `${N}.${K}`]: Payload<E[K]> }
  : never

/** Map from `domain.request` to its definition, over a union of domains. */
export type RequestMap<D> = Merge<RequestsOf<D>>

/** Map from `domain.event` to its payload type, over a union of domains. */
export type EventMap<D> = Merge<EventsOf<D>>
