/** A page's handler. */
export type Handler = (...args: never[]) => unknown

/** One callback slot: the page assigns `callback` at any time (spec 00 §3). */
export class CbProxy {
  readonly name: string
  callback: Handler | null = null
  constructor(name: string) {
    this.name = name
  }
}

/** The function to call now: `callback`, else an own `call` property (spec 00 §3 rule 3). */
export function handlerOf(slot: CbProxy): Handler | null {
  if (typeof slot.callback === 'function') return slot.callback
  const own: unknown = Object.getOwnPropertyDescriptor(slot, 'call')?.value
  return typeof own === 'function' ? (own as Handler) : null
}
