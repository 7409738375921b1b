import { DOMAINS, type Method, ProtocolError, type RequestDef, type Role } from '@yuntang/protocol'
import { Compile } from 'typebox/compile'
import type { Context } from '../actor/context.ts'

export type Handler = (params: never, ctx: Context) => unknown

interface Entry {
  check(value: unknown): boolean
  allow: Role
  pace: 'normal' | 'fast'
  handle: Handler
}

/** Handlers of all domains, keyed like the contract. */
export type AllHandlers = { readonly [D in keyof typeof DOMAINS]: Record<string, Handler> }

/** Looks a request up in the contract, validates it, checks the role, and calls its handler. */
export class Dispatcher {
  readonly #entries = new Map<string, Entry>()

  constructor(handlers: AllHandlers) {
    for (const [name, domain] of Object.entries(DOMAINS))
      for (const [request, def] of Object.entries(domain.requests as Record<string, RequestDef>)) {
        const handle = handlers[name as keyof typeof DOMAINS][request]
        if (!handle) continue // `session.hello` belongs to the gateway itself
        const validator = Compile(def.in)
        this.#entries.set(`${name}.${request}`, {
          check: (value) => validator.Check(value),
          allow: def.allow,
          pace: def.pace ?? 'normal',
          handle,
        })
      }
  }

  /** The allowance that a request counts against. */
  paceOf(method: string): 'normal' | 'fast' {
    return this.#entries.get(method)?.pace ?? 'normal'
  }

  async call(method: Method | string, params: unknown, ctx: Context): Promise<unknown> {
    const entry = this.#entries.get(method)
    if (!entry) throw new ProtocolError('method.unknown')
    if (!entry.check(params)) throw new ProtocolError('param.invalid')
    if (entry.allow === 'user' && !ctx.user) throw new ProtocolError('login.required')
    if (entry.allow === 'member' && !ctx.seat) throw new ProtocolError('meeting.outside')
    return (await entry.handle(params as never, ctx)) ?? {}
  }
}
