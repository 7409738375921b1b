import type { Clock } from '../../clock.ts'
import type { Log } from '../../telephone.ts'
import { hostText } from '../grammar/uri.ts'
import { MAGIC, stampVia } from '../grammar/via.ts'
import { type Envelope, envelopeOf } from '../message/envelope.ts'
import {
  isRequest,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from '../message/message.ts'
import { type Reply, respond } from '../message/respond.ts'
import { SipSyntaxError } from '../message/syntax-error.ts'
import type { Hop, Transport } from '../transport/port.ts'
import { type ClientListener, type ClientTransaction, following, startClient } from './client.ts'
import { clientKey, mergedKey, serverKey } from './keys.ts'
import { responseHop, type ServerTransaction, startServer } from './server.ts'

/** Who answers requests. */
export interface RequestHandler {
  request(transaction: ServerTransaction): void
  /** The ACK of a 2xx; it belongs to no transaction. */
  ack(request: SipRequest, envelope: Envelope): void
}

export interface LayerOptions {
  readonly transport: Transport
  readonly clock: Clock
  readonly ids: () => string
  readonly log: Log
  readonly handler: RequestHandler
  /** Transactions at a time, of either side; requests over it get 503 and leave nothing here. */
  readonly limit?: number
}

/** All transactions of one transport (RFC 3261 §17). */
export class TransactionLayer {
  readonly #options: LayerOptions
  readonly #clients = new Map<string, ClientTransaction>()
  readonly #servers = new Map<string, ServerTransaction>()
  /** Server transactions by {@link mergedKey}. */
  readonly #merged = new Map<string, ServerTransaction>()
  readonly #limit: number

  constructor(options: LayerOptions) {
    this.#options = options
    this.#limit = options.limit ?? 2000
  }

  get size(): number {
    return this.#clients.size + this.#servers.size
  }

  /** Whether a request of ours has no final answer yet. */
  get isWaiting(): boolean {
    return [...this.#clients.values()].some((client) => client.isWaiting)
  }

  /** Sends a request that has no Via yet, in a transaction of its own. */
  request(sent: SipRequest, hop: Hop, listener: ClientListener): ClientTransaction {
    const { transport, ids } = this.#options
    const { address, port } = transport.local
    const branch = `${MAGIC}${ids()}`
    const headers = sent.headers
      .clone()
      .prepend(
        'Via',
        `SIP/2.0/${transport.kind} ${hostText(address)}:${port};rport;branch=${branch}`,
      )
    return this.#start({ ...sent, headers }, branch, hop, listener)
  }

  /** Takes an INVITE back (§9.1): only once a provisional response was there. */
  cancel(invite: ClientTransaction): void {
    const sent = following('CANCEL', invite.request, undefined)
    const branch = /;branch=([^;]+)/.exec(sent.headers.get('Via')!)![1]!
    this.#start(sent, branch, invite.hop, { response: () => {}, failed: () => {} })
    invite.cancelled()
  }

  /** Sends the ACK of a 2xx, which is a transaction of none (§13.2.2.4). */
  acknowledge(ack: SipRequest, hop: Hop): void {
    const { transport, ids } = this.#options
    const { address, port } = transport.local
    const via = `SIP/2.0/${transport.kind} ${hostText(address)}:${port};rport;branch=${MAGIC}${ids()}`
    transport.send({ ...ack, headers: ack.headers.clone().prepend('Via', via) }, hop, () => {})
  }

  receive(message: SipMessage, from: Hop): void {
    try {
      const envelope = envelopeOf(message)
      if (isRequest(message)) this.#request(message, envelope, from)
      else this.#response(message, envelope, from)
    } catch (error) {
      if (!(error instanceof SipSyntaxError)) throw error
      this.damaged(error, from)
    }
  }

  /** Refuses a request that cannot be read in full, when enough of it can (§16.3, §21.4.1). */
  damaged(error: SipSyntaxError, from: Hop): void {
    this.#options.log('info', `A damaged SIP message: ${error.message}.`, { from: from.address })
    const { read } = error
    if (!read || !isRequest(read) || read.method === 'ACK') return
    const { headers } = read
    if (!['Via', 'From', 'To', 'Call-ID', 'CSeq'].every((name) => headers.get(name))) return
    try {
      // Whatever else is wrong, the answer must find its way.
      const envelope = envelopeOf({ ...read, uri: 'sip:damaged.invalid' })
      this.#refuse(read, envelope, from, { status: error.status })
    } catch {
      const [via] = headers.list('Via')
      if (!via) return
      const reply = respond(read, { status: error.status }, this.#options.ids())
      this.#options.transport.send(reply, from, () => {})
    }
  }

  close(): void {
    for (const transaction of [...this.#clients.values(), ...this.#servers.values()])
      transaction.stop()
  }

  #start(sent: SipRequest, branch: string, hop: Hop, listener: ClientListener): ClientTransaction {
    const key = clientKey(branch, sent.method)
    const transaction = startClient(sent, hop, this.#options, listener, () =>
      this.#clients.delete(key),
    )
    this.#clients.set(key, transaction)
    return transaction
  }

  #response(message: SipResponse, envelope: Envelope, from: Hop): void {
    // A second Via means that it is another's response (§8.1.3.3).
    if (message.headers.list('Via').length !== 1) return
    const branch = envelope.via.params.get('branch') ?? ''
    this.#clients.get(clientKey(branch, envelope.cseqMethod))?.receive(message, from)
  }

  #request(message: SipRequest, envelope: Envelope, from: Hop): void {
    const { handler } = this.#options
    const key = serverKey(envelope, message.method)
    const known = this.#servers.get(key)
    if (message.method === 'ACK') {
      if (known && known.envelope.callId === envelope.callId) known.acknowledge()
      else handler.ack(message, envelope)
      return
    }
    const merged = mergedKey(envelope)
    const refusal = this.#refusal(envelope, merged)
    if (known) known.receive()
    else if (refusal) this.#refuse(message, envelope, from, refusal)
    else this.#begin(message, envelope, from, key, merged)
  }

  #refusal(envelope: Envelope, merged: string): Reply | null {
    if (this.size >= this.#limit) return { status: 503, headers: { 'Retry-After': '10' } }
    if (!envelope.toTag && envelope.cseqMethod !== 'CANCEL' && this.#merged.has(merged))
      return { status: 482 }
    return null
  }

  #begin(message: SipRequest, envelope: Envelope, from: Hop, key: string, merged: string): void {
    const { handler, ids } = this.#options
    this.#stamp(message, from)
    const transaction = startServer(
      message,
      envelope,
      from,
      ids(),
      this.#options,
      () => handler.ack(message, envelope),
      () => {
        this.#servers.delete(key)
        if (this.#merged.get(merged) === transaction) this.#merged.delete(merged)
      },
    )
    this.#servers.set(key, transaction)
    if (!this.#merged.has(merged)) this.#merged.set(merged, transaction)
    if (message.method === 'CANCEL') this.#cancelled(transaction)
    else handler.request(transaction)
  }

  /** §9.2: the CANCEL is answered by itself; what it cancels ends if it has no answer yet. */
  #cancelled(cancel: ServerTransaction): void {
    const invite = this.#servers.get(serverKey(cancel.envelope, 'INVITE'))
    cancel.respond({ status: invite ? 200 : 481 })
    if (invite && !invite.answered) invite.onCancel()
  }

  #stamp(message: SipRequest, from: Hop): void {
    const [first = '', ...others] = message.headers.list('Via')
    message.headers.delete('Via')
    for (const via of others.reverse()) message.headers.prepend('Via', via)
    message.headers.prepend('Via', stampVia(first, from))
  }

  /** Answers without keeping anything. */
  #refuse(message: SipRequest, envelope: Envelope, from: Hop, reply: Reply): void {
    const { transport, ids } = this.#options
    this.#stamp(message, from)
    transport.send(respond(message, reply, ids()), responseHop(envelope, from), () => {})
  }
}
