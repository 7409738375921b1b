import { FailedCall } from '../call/failed-call.ts'
import { TakenCall } from '../call/incoming-call.ts'
import { OutgoingCall } from '../call/outgoing-call.ts'
import { Emitter } from '../emitter.ts'
import type { Off } from '../line.ts'
import { dialogKey, dialogOfRequest } from '../sip/dialog/dialog.ts'
import type { Envelope } from '../sip/message/envelope.ts'
import type { SipRequest } from '../sip/message/message.ts'
import type { ServerTransaction } from '../sip/transaction/server.ts'
import type { Transport } from '../sip/transport/port.ts'
import type {
  Call,
  Registration,
  Telephone,
  TelephoneEvents,
  TelephoneOptions,
} from '../telephone.ts'
import { capabilities, refuseMethod, refuseRequest } from './capabilities.ts'
import { callerOf, dialledIn, readDestination, trunkUri } from './numbers.ts'
import { Registrar } from './registrar.ts'
import type { Stack } from './stack.ts'

/** Milliseconds between pings that keep the way through NAT and the connection open (RFC 5626 §4.4). */
const PING_EVERY = 25_000
/** Milliseconds for goodbyes when the telephone is closed. */
const CLOSE_WITHIN = 2000
const CLOSE_STEP = 20

type Known = OutgoingCall | TakenCall

/** Routes requests to calls and makes new ones. */
export class UserAgent implements Telephone {
  readonly #options: TelephoneOptions
  readonly #stack: Stack
  readonly #transport: Transport
  readonly #calls = new Map<string, Known>()
  readonly #emitter: Emitter<TelephoneEvents>
  readonly #registrar: Registrar | null
  #stopPing = () => {}
  #closing: Promise<void> | null = null

  constructor(options: TelephoneOptions, stack: Stack, transport: Transport) {
    this.#options = options
    this.#stack = stack
    this.#transport = transport
    this.#emitter = new Emitter(options.log)
    const addresses = {
      registrar: trunkUri('', options.trunk),
      record: trunkUri(options.user, options.trunk),
    }
    this.#registrar = options.register
      ? new Registrar(stack, addresses, (state) => this.#emitter.emit('registration', state))
      : null
  }

  get local(): { readonly address: string; readonly port: number } {
    return { address: this.#stack.address, port: this.#transport.local.port }
  }

  get registration(): Registration {
    return this.#registrar?.state ?? 'off'
  }

  on<K extends keyof TelephoneEvents>(
    event: K,
    listener: (...data: TelephoneEvents[K]) => void,
  ): Off {
    return this.#emitter.on(event, listener)
  }

  start(): void {
    void this.#registrar?.register()
    this.#ping()
  }

  dial(to: string): Call {
    const { trunk, callerID, user } = this.#options
    const destination = readDestination(to, trunk, (number) => this.#options.rewrite(number))
    if (!destination || this.#closing)
      return new FailedCall(this.#stack, destination?.number ?? '', 'failed')
    if (this.#isFull) return new FailedCall(this.#stack, destination.number, 'busy')
    const tag = this.#stack.ids()
    const from = { uri: trunkUri(callerID || user, trunk), tag }
    const call: OutgoingCall = new OutgoingCall(this.#stack, destination, from, () =>
      this.#calls.delete(key),
    )
    const key = dialogKey(call.id, tag)
    this.#calls.set(key, call)
    void call.start()
    return call
  }

  /** A request of the trunk. */
  request(tx: ServerTransaction): void {
    const { envelope, request } = tx
    const call = this.#calls.get(dialogKey(envelope.callId, envelope.toTag))
    if (envelope.toTag) {
      if (call) call.receive(tx)
      else tx.respond({ status: 481 })
      return
    }
    const isOurs = request.method === 'INVITE' || request.method === 'OPTIONS'
    const refusal = isOurs ? refuseRequest(request) : refuseMethod(request.method)
    if (refusal) tx.respond(refusal)
    else if (request.method === 'OPTIONS') tx.respond(capabilities())
    else this.#incoming(tx)
  }

  acknowledge(ack: SipRequest, envelope: Envelope): void {
    this.#calls.get(dialogKey(envelope.callId, envelope.toTag))?.acknowledge(ack, envelope)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  get #isFull(): boolean {
    return this.#calls.size >= (this.#options.maxCalls ?? 100)
  }

  #incoming(tx: ServerTransaction): void {
    const dialog = dialogOfRequest(tx)
    if (!dialog) tx.respond({ status: 400 })
    else if (this.#closing) tx.respond({ status: 480 })
    else if (this.#isFull) tx.respond({ status: 486 })
    else {
      const key = dialogKey(dialog.callId, dialog.localTag)
      const numbers = {
        peer: callerOf(tx.request),
        dialled: dialledIn(tx.request, this.#options.user),
      }
      const call = new TakenCall(
        this.#stack,
        tx,
        dialog,
        numbers,
        (announced) => this.#emitter.emit('incoming', announced),
        () => this.#calls.delete(key),
      )
      this.#calls.set(key, call)
      void call.start()
    }
  }

  /** Also looks after the trunk's addresses, which may change. */
  #ping(): void {
    void this.#stack.hops().then(([hop]) => {
      if (this.#closing) return
      if (hop && (this.#registrar || this.#transport.reliable)) this.#transport.ping(hop)
      this.#stopPing = this.#stack.clock.schedule(PING_EVERY, () => this.#ping())
    })
  }

  async #close(): Promise<void> {
    const { layer, clock } = this.#stack
    this.#stopPing()
    this.#registrar?.close()
    for (const call of [...this.#calls.values()]) call.hangUp()
    const until = clock.now() + CLOSE_WITHIN
    while ((layer.isWaiting || this.#calls.size) && clock.now() < until)
      await new Promise<void>((resolve) => clock.schedule(CLOSE_STEP, resolve))
    layer.close()
    await this.#transport.close()
    this.#emitter.clear()
  }
}
