import { ALLOW } from '../agent/capabilities.ts'
import type { Stack } from '../agent/stack.ts'
import { chance } from '../chance.ts'
import {
  readMinInterval,
  type SessionTimer,
  timerDelay,
  timerOfResponse,
} from '../sip/dialog/session-timer.ts'
import type { SipResponse } from '../sip/message/message.ts'
import type { ClientListener } from '../sip/transaction/client.ts'

/** The dialog that is kept alive. */
export interface Refreshed {
  send(
    method: 'UPDATE' | 'INVITE',
    headers: Readonly<Record<string, string>>,
    body: string | undefined,
    listener: ClientListener,
  ): void
  /** Our offer as it stands. */
  offer(): string
  /** The 2xx to our INVITE came (again): acknowledges it and takes its answer; false when that does not fit. */
  accepted(response: SipResponse): boolean
  /** Something else is being negotiated just now. */
  busy(): boolean
  lost(): void
}

/** The session timer of one call: refreshes it, or says when it is dead (RFC 4028 §7.4, §10). */
export class Refresher {
  /** The other side takes UPDATE. */
  updates: boolean
  readonly #stack: Stack
  readonly #refreshed: Refreshed
  #stops: (() => void)[] = []
  #stopped = false
  #pending = false

  constructor(stack: Stack, refreshed: Refreshed, updates: boolean) {
    this.#stack = stack
    this.#refreshed = refreshed
    this.updates = updates
  }

  /** A refresh of ours is on its way. */
  get pending(): boolean {
    return this.#pending
  }

  /** Starts anew, with every refresh of either side; null ends it. */
  start(timer: SessionTimer | null): void {
    this.#clear()
    if (!timer || this.#stopped) return
    // Who refreshes has the rest of the interval to bring it through.
    this.#after(timerDelay({ ...timer, weRefresh: false }), () => this.#refreshed.lost())
    if (timer.weRefresh) this.#after(timerDelay(timer), () => this.#send(timer.interval))
  }

  stop(): void {
    this.#stopped = true
    this.#clear()
  }

  #after(ms: number, run: () => void): void {
    this.#stops.push(this.#stack.clock.schedule(ms, run))
  }

  #clear(): void {
    for (const stop of this.#stops) stop()
    this.#stops = []
  }

  #send(interval: number): void {
    const { updates } = this
    if (this.#pending || this.#refreshed.busy()) {
      this.#after(1000, () => this.#send(interval))
      return
    }
    this.#pending = true
    const headers = {
      Contact: this.#stack.contact,
      Allow: ALLOW,
      Supported: 'timer',
      'Session-Expires': `${interval};refresher=uac`,
      ...(updates ? {} : { 'Content-Type': 'application/sdp' }),
    }
    const body = updates ? undefined : this.#refreshed.offer()
    this.#refreshed.send(updates ? 'UPDATE' : 'INVITE', headers, body, {
      response: (response) => {
        if (response.status < 200) return
        this.#pending = false
        if (response.status < 300) this.#succeeded(response, updates)
        else if (!this.#stopped) this.#refused(response, interval, updates)
      },
      failed: () => {
        this.#pending = false
        if (!this.#stopped) this.#refreshed.lost()
      },
    })
  }

  #succeeded(response: SipResponse, update: boolean): void {
    const fits = update || this.#refreshed.accepted(response)
    if (this.#stopped) return
    if (fits) this.start(timerOfResponse(response))
    else this.#refreshed.lost()
  }

  /** What is not named here leaves the call as it is, until the timer says that it is dead. */
  #refused(response: SipResponse, interval: number, update: boolean): void {
    const { status } = response
    const again = (ms: number, seconds = interval) => this.#after(ms, () => this.#send(seconds))
    if (status === 408 || status === 481) this.#refreshed.lost()
    else if (status === 422) again(0, Math.max(interval, readMinInterval(response)))
    // RFC 3261 §14.1, the longer of both waits: whose Call-ID it is makes no difference here.
    else if (status === 491) again(2100 + 1900 * chance(this.#stack.ids()))
    else if (update && (status === 405 || status === 501)) {
      this.updates = false
      again(0)
    }
  }
}
