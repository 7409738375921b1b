import { offerOf } from '../agent/capabilities.ts'
import type { Stack } from '../agent/stack.ts'
import { Emitter } from '../emitter.ts'
import type { Line, Off } from '../line.ts'
import type { Agreed } from '../sdp/negotiation.ts'
import { SdpError } from '../sdp/read.ts'
import type { Dialog } from '../sip/dialog/dialog.ts'
import { answerTimer, MIN_INTERVAL } from '../sip/dialog/session-timer.ts'
import type { Envelope } from '../sip/message/envelope.ts'
import type { SipRequest } from '../sip/message/message.ts'
import type { Reply } from '../sip/message/respond.ts'
import type { ServerTransaction } from '../sip/transaction/server.ts'
import type { CallEvents, IncomingCall } from '../telephone.ts'
import { INCOMING, type IncomingAct, type IncomingEvent, stepIncoming } from './incoming.ts'
import { openSound } from './open-sound.ts'
import { Session, type Sound } from './session.ts'

/** A provisional response is said again each minute, so that no proxy gives up (RFC 3261 §13.3.1.1). */
const RING_AGAIN = 60_000

/** A call that somebody makes to us. */
export class TakenCall implements IncomingCall {
  readonly id: string
  readonly peer: string
  readonly dialled: string
  readonly #stack: Stack
  readonly #invite: ServerTransaction
  readonly #dialog: Dialog
  readonly #announce: (call: IncomingCall) => void
  readonly #gone: () => void
  readonly #emitter: Emitter<CallEvents>
  #state = INCOMING
  #sound: Sound | null = null
  #session: Session | null = null
  #answer: { text: string; agreed: Agreed } | null = null
  #stops: (() => void)[] = []

  constructor(
    stack: Stack,
    invite: ServerTransaction,
    dialog: Dialog,
    numbers: { peer: string; dialled: string },
    announce: (call: IncomingCall) => void,
    gone: () => void,
  ) {
    this.id = stack.ids()
    this.peer = numbers.peer
    this.dialled = numbers.dialled
    this.#stack = stack
    this.#invite = invite
    this.#dialog = dialog
    this.#announce = announce
    this.#gone = gone
    this.#emitter = new Emitter(stack.log)
    invite.onCancel = () => this.#feed({ type: 'cancel' })
    invite.onFail = () => this.#feed({ type: 'cancel' })
  }

  get line(): Line | null {
    return this.#sound?.line ?? null
  }

  on<K extends keyof CallEvents>(event: K, listener: (...data: CallEvents[K]) => void): Off {
    return this.#emitter.on(event, listener)
  }

  answer(): void {
    this.#feed({ type: 'answer' })
  }

  hangUp(): void {
    this.#feed({ type: 'hangUp' })
  }

  /** Opens the sound and rings. */
  async start(): Promise<void> {
    this.#invite.respond({ status: 100 })
    const sound = await openSound(this.#stack)
    if (this.#state.at !== 'opening') sound?.line.close()
    else if (!sound) this.#feed({ type: 'noMedia' })
    else {
      this.#sound = sound
      sound.line.on('digit', (digit) => this.#emitter.emit('digit', digit))
      if (!this.#negotiate()) return
      this.#stops.push(
        this.#stack.clock.schedule(this.#stack.ringFor, () => this.#feed({ type: 'ringOver' })),
      )
      this.#feed({ type: 'opened' })
    }
  }

  receive(tx: ServerTransaction): void {
    if (tx.envelope.fromTag !== this.#dialog.remoteTag || !this.#session)
      tx.respond({ status: 481 })
    else this.#session.receive(tx)
  }

  acknowledge(ack: SipRequest, envelope: Envelope): void {
    if (envelope.fromTag === this.#dialog.remoteTag) this.#session?.acknowledge(ack, envelope.cseq)
  }

  /** Answers the offer, when there is one; refuses the call when it does not fit. */
  #negotiate(): boolean {
    const sound = this.#sound!
    const offer = offerOf(this.#invite.request)
    if ('status' in offer) return this.#refuse(offer)
    if (answerTimer(this.#invite.request).tooSmall)
      return this.#refuse({ status: 422, headers: { 'Min-SE': String(MIN_INTERVAL) } })
    try {
      this.#answer = offer.sdp === null ? null : sound.negotiation.answer(offer.sdp)
    } catch (error) {
      if (!(error instanceof SdpError)) throw error
      this.#stack.log('info', `An offer that does not fit: ${error.message}.`)
      return this.#refuse({ status: 488 })
    }
    const updates = this.#invite.request.headers.names('Allow', 'update')
    const owner = {
      bye: () => this.#feed({ type: 'bye' }),
      lost: () => this.#feed({ type: 'lost' }),
      digit: (digit: string) => this.#emitter.emit('digit', digit),
      acknowledged: (usable: boolean) =>
        this.#feed(
          usable || this.#state.at === 'confirming' ? { type: 'ack', usable } : { type: 'lost' },
        ),
      noAck: () => this.#feed({ type: this.#state.at === 'answered' ? 'lost' : 'noAck' }),
    }
    const { from } = this.#invite
    this.#session = new Session(this.#stack, this.#dialog, from, sound, owner, updates)
    return true
  }

  /** Before anybody here knows of the call. */
  #refuse(reply: Reply): false {
    this.#invite.respond(reply)
    this.#state = { at: 'over' }
    this.#release()
    return false
  }

  #release(): void {
    for (const stop of this.#stops) stop()
    this.#stops = []
    this.#session?.stop()
    this.#sound?.line.close()
    this.#gone()
  }

  #feed(event: IncomingEvent): void {
    const { state, acts } = stepIncoming(this.#state, event)
    this.#state = state
    for (const act of acts) this.#act(act)
    if (this.#state.at === 'over') this.#release()
  }

  #act(act: IncomingAct): void {
    switch (act.do) {
      case 'announce':
        this.#announce(this)
        if (this.#state.at === 'ringing') this.#ring()
        break
      case 'accept':
        for (const stop of this.#stops.splice(0)) stop()
        this.#session!.answer(
          this.#invite,
          this.#answer?.text ?? this.#sound!.negotiation.offer(),
          this.#answer === null,
        )
        break
      case 'refuse':
        this.#invite.respond({ status: act.status })
        break
      case 'bye':
        this.#session!.bye()
        break
      case 'tellAnswered':
        // The ACK has the tag that only the real caller was told: before it nothing flows anywhere, since
        // the source of a datagram can be forged.
        if (this.#answer) this.#session!.apply(this.#answer.agreed)
        this.#emitter.emit('answered')
        break
      case 'end':
        this.#sound?.line.close()
        this.#emitter.emit('ended', act.why, act.status)
    }
  }

  /** Who requires reliable provisional responses gets none, which is always allowed (RFC 3262 §3). */
  #ring(): void {
    if (this.#invite.request.headers.names('Require', '100rel')) return
    this.#invite.respond({ status: 180, headers: { Contact: this.#stack.contact } })
    this.#stops.push(
      this.#stack.clock.schedule(RING_AGAIN, () => {
        if (this.#state.at === 'ringing') this.#ring()
      }),
    )
  }
}
