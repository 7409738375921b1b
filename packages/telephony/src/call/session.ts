import { ALLOW, capabilities, offerOf, refuseMethod, refuseRequest } from '../agent/capabilities.ts'
import { hopOf, type Stack } from '../agent/stack.ts'
import { chance } from '../chance.ts'
import type { Line } from '../line.ts'
import type { Agreed, Negotiation } from '../sdp/negotiation.ts'
import { SdpError } from '../sdp/read.ts'
import { advance, contactOf, type Dialog, requestIn } from '../sip/dialog/dialog.ts'
import { answerTimer, MIN_INTERVAL, timerOfResponse } from '../sip/dialog/session-timer.ts'
import type { SipRequest, SipResponse } from '../sip/message/message.ts'
import type { Reply } from '../sip/message/respond.ts'
import { type Sent, sendRequest } from '../sip/requester.ts'
import type { ClientListener } from '../sip/transaction/client.ts'
import type { ServerTransaction } from '../sip/transaction/server.ts'
import type { Hop } from '../sip/transport/port.ts'
import { AwaitedAck } from './awaited-ack.ts'
import { readDtmfInfo } from './dtmf-info.ts'
import { Refresher } from './refresher.ts'

/** The call that a session belongs to. */
export interface SessionOwner {
  bye(): void
  /** The other side is gone: the session timer ran out, or a refresh found nobody. */
  lost(): void
  digit(digit: string): void
  /** The ACK of our 2xx; `usable`: a description in it fits. */
  acknowledged(usable: boolean): void
  noAck(): void
}

/** Where sound of a call is agreed and flows. */
export interface Sound {
  readonly negotiation: Negotiation
  readonly line: Line
}

const NOBODY: ClientListener = { response: () => {}, failed: () => {} }

/** One dialog of a call with its sound: everything that the two sides say inside it. */
export class Session {
  readonly #stack: Stack
  readonly #came: Hop
  readonly #sound: Sound
  readonly #owner: SessionOwner
  readonly #refresher: Refresher
  #dialog: Dialog
  #awaited: AwaitedAck | null = null
  /** Our offer in a 2xx waits for its answer in the ACK. */
  #offered = false
  /** Of the latest offer that has its answer. */
  #agreed: Agreed | null = null
  #accepted: string | null = null

  /** `came`: where the message that made the dialog came from. */
  constructor(
    stack: Stack,
    dialog: Dialog,
    came: Hop,
    sound: Sound,
    owner: SessionOwner,
    updates: boolean,
  ) {
    this.#stack = stack
    this.#dialog = dialog
    this.#came = came
    this.#sound = sound
    this.#owner = owner
    let refresh: Sent | null = null
    this.#refresher = new Refresher(
      stack,
      {
        send: (method, headers, body, listener) => {
          refresh = this.#send(method, { headers, body }, listener)
        },
        offer: () => sound.negotiation.offer(),
        accepted: (response) => {
          this.#moveTarget(response)
          if (refresh) this.sendAck(refresh.transaction.request)
          return this.accept(response.body.toString('latin1'))
        },
        busy: () => this.#awaited !== null,
        lost: () => owner.lost(),
      },
      updates,
    )
  }

  get remoteTag(): string {
    return this.#dialog.remoteTag
  }

  get settled(): boolean {
    return this.#agreed !== null
  }

  /** Takes the answer to our offer; false when it does not fit. The same once more changes nothing. */
  accept(answer: string): boolean {
    if (answer === this.#accepted) return true
    try {
      this.apply(this.#sound.negotiation.accept(answer))
      this.#accepted = answer
      return true
    } catch (error) {
      this.#refusedSound(error)
      return false
    }
  }

  /** Sound flows as agreed. */
  apply(agreed: Agreed): void {
    this.#agreed = agreed
    this.#accepted = null
    this.#sound.line.connect(agreed.target)
    this.#sound.line.hold(agreed.held)
  }

  /** The sound of another fork was heard meanwhile. */
  applyAgain(): void {
    if (this.#agreed) this.apply(this.#agreed)
  }

  /** The 2xx to our INVITE is there: the call begins, with the session timer that it asks for. */
  begin(response: SipResponse): void {
    this.#refresher.updates = response.headers.names('Allow', 'update')
    this.#moveTarget(response)
    this.#refresher.start(timerOfResponse(response))
  }

  /** Sends our 2xx to an INVITE and repeats it until the ACK; `offers`: the body is no answer. */
  answer(invite: ServerTransaction, body: string, offers: boolean): void {
    const timer = answerTimer(invite.request)
    const reply: Reply = {
      status: 200,
      headers: {
        Contact: this.#stack.contact,
        Allow: ALLOW,
        Supported: 'timer',
        'Content-Type': 'application/sdp',
        ...(timer.tooSmall ? {} : timer.headers),
      },
      body,
    }
    const giveUp = () => {
      this.#awaited = null
      this.#owner.noAck()
    }
    this.#offered = offers
    invite.respond(reply)
    const { cseq } = invite.envelope
    const repeat = () => invite.respond(reply)
    this.#awaited = new AwaitedAck(this.#stack.clock, cseq, repeat, giveUp)
    if (!timer.tooSmall) this.#refresher.start(timer.timer)
  }

  acknowledge(ack: SipRequest, cseq: number): void {
    if (this.#awaited?.cseq !== cseq) return
    this.#awaited.stop()
    this.#awaited = null
    const usable = !this.#offered || this.accept(ack.body.toString('latin1'))
    this.#offered = false
    this.#owner.acknowledged(usable)
  }

  /** A request of the other side inside the call. */
  receive(tx: ServerTransaction): void {
    const { request, envelope } = tx
    const refusal = refuseRequest(request)
    const next = advance(this.#dialog, request, envelope.cseq)
    if (refusal) tx.respond(refusal)
    else if (!next) tx.respond({ status: 500 })
    else if (request.method === 'INVITE' || request.method === 'UPDATE') {
      const refused = this.#change(tx, next)
      if (refused) tx.respond(refused)
    } else {
      this.#dialog = next
      this.#other(tx)
    }
  }

  bye(): void {
    this.#send('BYE', {}, NOBODY)
    this.stop()
  }

  /** RFC 3262 §4: says that a provisional response arrived. */
  prack(response: SipResponse): void {
    const RAck = `${response.headers.get('RSeq')} ${response.headers.get('CSeq')}`
    this.#send('PRACK', { headers: { RAck } }, NOBODY)
  }

  /** The ACK of a 2xx; `invite` is what that accepts. */
  sendAck(invite: SipRequest): void {
    const seq = Number.parseInt(invite.headers.get('CSeq')!, 10)
    const { request } = requestIn(this.#dialog, 'ACK', { seq })
    // §22.1: with the credentials of the INVITE.
    for (const name of ['Authorization', 'Proxy-Authorization'])
      for (const value of invite.headers.all(name)) request.headers.add(name, value)
    this.#stack.layer.acknowledge(request, this.#hop)
  }

  /** Nothing happens by itself any more. */
  stop(): void {
    this.#refresher.stop()
    this.#awaited?.stop()
  }

  get #hop(): Hop {
    return hopOf(this.#dialog, this.#came, this.#stack.trunk)
  }

  #moveTarget(response: SipResponse): void {
    this.#dialog = { ...this.#dialog, target: contactOf(response) ?? this.#dialog.target }
  }

  #refusedSound(error: unknown): void {
    if (!(error instanceof SdpError)) throw error
    this.#stack.log('info', `A description that does not fit: ${error.message}.`)
  }

  #send(
    method: string,
    content: { headers?: Readonly<Record<string, string>>; body?: string },
    listener: ClientListener,
  ): Sent {
    const make = () => {
      const made = requestIn(this.#dialog, method, content)
      this.#dialog = made.dialog
      return made.request
    }
    return sendRequest(this.#stack.layer, this.#stack.keys, make, this.#hop, listener)
  }

  #other(tx: ServerTransaction): void {
    const { method } = tx.request
    if (method === 'BYE') {
      tx.respond({ status: 200 })
      this.#owner.bye()
    } else if (method === 'INFO') {
      const read = readDtmfInfo(tx.request)
      tx.respond({ status: 'status' in read ? read.status : 200 })
      if ('digit' in read) this.#owner.digit(read.digit)
    } else tx.respond(method === 'OPTIONS' ? capabilities() : refuseMethod(method))
  }

  /**
   * Re-INVITE and UPDATE (RFC 3261 §14.2, RFC 3311 §5.2): both may bring an offer, both refresh. Gives
   * the refusal, when it is one.
   */
  #change(tx: ServerTransaction, next: Dialog): Reply | null {
    const isInvite = tx.request.method === 'INVITE'
    const offer = offerOf(tx.request)
    if ('status' in offer) return offer
    const offers = isInvite || offer.sdp !== null
    if (this.#refresher.pending && offers) return { status: 491 }
    if (this.#awaited || (!this.#agreed && offers)) {
      const seconds = Math.floor(chance(this.#stack.ids()) * 10)
      return { status: 500, headers: { 'Retry-After': String(seconds) } }
    }
    const timer = answerTimer(tx.request)
    if (timer.tooSmall) return { status: 422, headers: { 'Min-SE': String(MIN_INTERVAL) } }
    const answer = offer.sdp === null ? null : this.#answerTo(offer.sdp)
    if (offer.sdp !== null && !answer) return { status: 488 }
    this.#dialog = next
    this.#refresher.updates ||= tx.request.headers.names('Allow', 'update')
    if (answer) this.apply(answer.agreed)
    if (isInvite) this.answer(tx, answer?.text ?? this.#sound.negotiation.offer(), answer === null)
    else {
      const type: Record<string, string> = answer ? { 'Content-Type': 'application/sdp' } : {}
      const headers = { Contact: this.#stack.contact, ...timer.headers, ...type }
      tx.respond({ status: 200, headers, body: answer?.text })
      this.#refresher.start(timer.timer)
    }
    return null
  }

  #answerTo(offer: string): { text: string; agreed: Agreed } | null {
    try {
      return this.#sound.negotiation.answer(offer)
    } catch (error) {
      this.#refusedSound(error)
      return null
    }
  }
}
