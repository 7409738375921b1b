import type { EventName, Events } from '@yuntang/protocol'
import type { Unsubscribe } from '../api.ts'
import { createEmitter } from '../emitter.ts'

/** What the server says to this page, by the contract's event names; each domain takes its own. */
export interface Inbox {
  on<K extends EventName>(event: K, listener: (data: Events[K]) => void): Unsubscribe
  deliver(name: EventName, data: unknown): void
}

export const createInbox = (): Inbox => {
  const emitter = createEmitter<Events>()
  return {
    on: emitter.on,
    deliver: (name, data) => emitter.emit(name, data as never),
  }
}
