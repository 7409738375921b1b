import { chance } from '../chance.ts'
import { readAddress } from '../sip/grammar/address.ts'
import { readNumber } from '../sip/grammar/text.ts'
import { readUri } from '../sip/grammar/uri.ts'
import { Headers } from '../sip/message/headers.ts'
import { request, type SipResponse } from '../sip/message/message.ts'
import { sendRequest } from '../sip/requester.ts'
import type { Hop } from '../sip/transport/port.ts'
import type { Registration } from '../telephone.ts'
import type { Stack } from './stack.ts'

/** Seconds that we ask for. */
const EXPIRES = 3600
/** Milliseconds: the first wait after a failure, doubled up to the last. */
const FIRST_WAIT = 10_000
const LAST_WAIT = 600_000
const MAX_SECONDS = 2 ** 31 - 1

/** Seconds that the trunk grants: those of our Contact, else of the response (RFC 3261 §10.2.4). */
const grantedBy = (response: SipResponse, contact: string): number => {
  const own = readUri(contact.slice(1, -1))
  const mine = response.headers
    .list('Contact')
    .flatMap((text) => readAddress(text) ?? [])
    .find((address) => {
      const uri = readUri(address.uri)
      return uri?.user === own?.user && uri?.host === own?.host && uri?.port === own?.port
    })
  return (
    readNumber(mine?.params.get('expires'), MAX_SECONDS) ??
    readNumber(response.headers.get('Expires'), MAX_SECONDS) ??
    EXPIRES
  )
}

/** Keeps us registered at the trunk (RFC 3261 §10). */
export class Registrar {
  readonly #stack: Stack
  readonly #registrar: string
  readonly #record: string
  readonly #callId: string
  readonly #tell: (state: Registration) => void
  #expires = EXPIRES
  #seq = 0
  #failures = 0
  #stopTimer = () => {}
  #state: Registration = 'trying'
  #hop: Hop | null = null
  #closed = false

  /** `registrar`: Request-URI; `record`: the address that is registered. */
  constructor(
    stack: Stack,
    addresses: { registrar: string; record: string },
    tell: (state: Registration) => void,
  ) {
    this.#stack = stack
    this.#registrar = addresses.registrar
    this.#record = addresses.record
    this.#callId = stack.ids()
    this.#tell = tell
  }

  get state(): Registration {
    return this.#state
  }

  async register(): Promise<void> {
    const hops = await this.#stack.hops()
    if (this.#closed) return
    // After a failure the next address of the trunk is tried.
    const hop = hops[this.#failures % Math.max(1, hops.length)]
    if (hop) this.#send(hop, this.#expires)
    else this.#failed('unreachable')
  }

  /** Takes the registration back, without waiting for the answer. */
  close(): void {
    this.#closed = true
    this.#stopTimer()
    if (this.#state === 'registered' && this.#hop) this.#send(this.#hop, 0)
  }

  #send(hop: Hop, expires: number): void {
    const { layer, keys, ids, contact } = this.#stack
    const tag = ids()
    const make = () =>
      request(
        'REGISTER',
        this.#registrar,
        Headers.of({
          'Max-Forwards': '70',
          From: `<${this.#record}>;tag=${tag}`,
          To: `<${this.#record}>`,
          'Call-ID': this.#callId,
          CSeq: `${++this.#seq} REGISTER`,
          Contact: contact,
          Expires: String(expires),
        }),
      )
    sendRequest(layer, keys, make, hop, {
      response: (response) => {
        if (response.status >= 200 && !this.#closed) this.#answered(response, hop, expires)
      },
      failed: () => {
        if (!this.#closed) this.#failed('unreachable')
      },
    })
  }

  #answered(response: SipResponse, hop: Hop, expires: number): void {
    const { status } = response
    const least = readNumber(response.headers.get('Min-Expires'), MAX_SECONDS) ?? 0
    if (status < 300) {
      this.#hop = hop
      this.#failures = 0
      this.#become('registered')
      // Time enough for one more try before it is over.
      const granted = Math.max(1, grantedBy(response, this.#stack.contact))
      this.#again(1000 * Math.max(granted - 60, granted / 2))
    } else if (status === 423 && least > expires) {
      this.#expires = least
      this.#send(hop, least)
    } else if (status === 401 || status === 403 || status === 407) this.#failed('unauthorised')
    else this.#failed('failed')
  }

  #failed(state: Registration): void {
    this.#become(state)
    const wait = Math.min(LAST_WAIT, FIRST_WAIT * 2 ** this.#failures++)
    this.#again(wait * (0.5 + chance(this.#stack.ids()) / 2))
  }

  #again(ms: number): void {
    this.#stopTimer()
    this.#stopTimer = this.#stack.clock.schedule(ms, () => {
      void this.register()
    })
  }

  #become(state: Registration): void {
    if (this.#state === state) return
    this.#state = state
    this.#tell(state)
  }
}
