import { ALLOW, contentType } from '../agent/capabilities.ts'
import type { Stack } from '../agent/stack.ts'
import { Emitter } from '../emitter.ts'
import type { Line, Off } from '../line.ts'
import { dialogOfResponse } from '../sip/dialog/dialog.ts'
import { INTERVAL, MIN_INTERVAL, readMinInterval } from '../sip/dialog/session-timer.ts'
import { readAddress } from '../sip/grammar/address.ts'
import { readNumber } from '../sip/grammar/text.ts'
import type { Envelope } from '../sip/message/envelope.ts'
import { Headers } from '../sip/message/headers.ts'
import { request, type SipRequest, type SipResponse } from '../sip/message/message.ts'
import { type Sent, sendRequest } from '../sip/requester.ts'
import type { ClientListener } from '../sip/transaction/client.ts'
import type { ServerTransaction } from '../sip/transaction/server.ts'
import type { Hop } from '../sip/transport/port.ts'
import type { Call, CallEvents } from '../telephone.ts'
import { openSound } from './open-sound.ts'
import { OUTGOING, type OutgoingAct, type OutgoingEvent, stepOutgoing } from './outgoing.ts'
import { Session, type Sound } from './session.ts'

/** Early dialogs of one call; a trunk that forks further is not followed. */
const MAX_FORKS = 16
/** Times that a too small session interval is raised. */
const MAX_RAISES = 3

interface Fork {
  readonly session: Session
  /** RSeq of the last reliable response. */
  rseq: number
  /** Was told to go. */
  dismissed: boolean
}

/** A call that we make. */
export class OutgoingCall implements Call {
  readonly id: string
  readonly peer: string
  readonly #stack: Stack
  readonly #uri: string
  readonly #from: string
  readonly #gone: () => void
  readonly #emitter: Emitter<CallEvents>
  readonly #forks = new Map<string, Fork>()
  #state = OUTGOING
  #sound: Sound | null = null
  #hops: Hop[] = []
  #seq = 0
  #interval = INTERVAL
  #minInterval = MIN_INTERVAL
  #raises = 0
  #invite: Sent | null = null
  #answered: Session | null = null
  /** What the event that is being handled is about. */
  #current: { response: SipResponse; from: Hop } | null = null
  #stopRinging = () => {}

  /** `gone`: nothing of the call is left to be found by requests of the other side. */
  constructor(
    stack: Stack,
    to: { number: string; uri: string },
    from: { uri: string; tag: string },
    gone: () => void,
  ) {
    this.id = stack.ids()
    this.peer = to.number
    this.#stack = stack
    this.#uri = to.uri
    this.#from = `<${from.uri}>;tag=${from.tag}`
    this.#gone = gone
    this.#emitter = new Emitter(stack.log)
  }

  get line(): Line | null {
    return this.#sound?.line ?? null
  }

  on<K extends keyof CallEvents>(event: K, listener: (...data: CallEvents[K]) => void): Off {
    return this.#emitter.on(event, listener)
  }

  hangUp(): void {
    this.#feed({ type: 'hangUp' })
  }

  /** Opens the sound, finds the trunk, and calls. */
  async start(): Promise<void> {
    const [hops, sound] = await Promise.all([this.#stack.hops(), openSound(this.#stack)])
    if (this.#state.at !== 'opening') {
      sound?.line.close()
      return
    }
    this.#sound = sound
    sound?.line.on('digit', (digit) => this.#emitter.emit('digit', digit))
    this.#hops = hops
    if (!sound) this.#feed({ type: 'noMedia' })
    else this.#feed({ type: hops.length ? 'opened' : 'failed' })
  }

  /** A request of the other side inside one of the dialogs. */
  receive(tx: ServerTransaction): void {
    const session = this.#forks.get(tx.envelope.fromTag)?.session
    const mine = session && (this.#answered === null || this.#answered === session)
    // The called side may not end an early dialog with BYE (RFC 3261 §15).
    if (!mine || (!this.#answered && tx.request.method === 'BYE')) tx.respond({ status: 481 })
    else session.receive(tx)
  }

  acknowledge(ack: SipRequest, envelope: Envelope): void {
    if (this.#answered?.remoteTag === envelope.fromTag)
      this.#answered.acknowledge(ack, envelope.cseq)
  }

  #feed(event: OutgoingEvent): void {
    const { state, acts } = stepOutgoing(this.#state, event)
    this.#state = state
    for (const act of acts) this.#act(act)
  }

  #act(act: OutgoingAct): void {
    switch (act.do) {
      case 'invite':
        this.#stopRinging = this.#stack.clock.schedule(this.#stack.ringFor, () =>
          this.#feed({ type: 'ringOver' }),
        )
        this.#callNext()
        break
      case 'cancel':
        if (this.#invite) this.#stack.layer.cancel(this.#invite.transaction)
        break
      case 'acknowledge':
        this.#fork()?.session.sendAck(this.#invite!.transaction.request)
        break
      case 'byeFork':
        this.#dismiss()
        break
      case 'bye':
        this.#answered?.bye()
        break
      case 'tellTrying':
        this.#emitter.emit('trying')
        break
      case 'tellRinging':
        this.#emitter.emit('ringing')
        break
      case 'tellAnswered':
        this.#stopRinging()
        this.#answered = this.#fork()!.session
        if (this.#forks.size > 1) this.#answered.applyAgain()
        this.#answered.begin(this.#current!.response)
        this.#emitter.emit('answered')
        break
      case 'end':
        this.#end(act)
    }
  }

  #end({ why, status }: Extract<OutgoingAct, { do: 'end' }>): void {
    this.#stopRinging()
    for (const { session } of this.#forks.values()) session.stop()
    this.#sound?.line.close()
    this.#gone()
    this.#emitter.emit('ended', why, status)
  }

  /** Calls by the next address of the trunk (RFC 3263 §4.3). */
  #callNext(): void {
    const hop = this.#hops.shift()!
    const { layer, keys } = this.#stack
    const listener: ClientListener = {
      response: (response, from) => this.#heard(response, from, hop),
      failed: () => {
        if (this.#state.at === 'calling' && this.#hops.length) this.#callNext()
        else this.#feed({ type: 'failed' })
      },
    }
    const make = () => this.#makeInvite()
    this.#invite = sendRequest(layer, keys, make, hop, listener, () => this.#isWaiting)
  }

  #makeInvite(): SipRequest {
    this.#seq++
    const headers = Headers.of({
      'Max-Forwards': '70',
      From: this.#from,
      To: `<${this.#uri}>`,
      'Call-ID': this.id,
      CSeq: `${this.#seq} INVITE`,
      Contact: this.#stack.contact,
      Allow: ALLOW,
      Supported: '100rel, timer',
      'Session-Expires': String(this.#interval),
      'Min-SE': String(this.#minInterval),
      'Content-Type': 'application/sdp',
    })
    return request('INVITE', this.#uri, headers, this.#sound!.negotiation.offer())
  }

  #heard(response: SipResponse, from: Hop, hop: Hop): void {
    const { status } = response
    this.#current = { response, from }
    if (status < 200) this.#provisional(response)
    else if (status < 300) {
      const fork = this.#fork()
      const known = fork !== null && (fork.dismissed || fork.session === this.#answered)
      this.#feed({ type: 'accepted', known, usable: known || (!!fork && this.#sounds(fork)) })
    } else if (status === 422 && this.#raises < MAX_RAISES && this.#isWaiting) {
      this.#raises++
      this.#minInterval = readMinInterval(response)
      this.#interval = Math.max(this.#interval, this.#minInterval)
      this.#hops.unshift(hop)
      this.#callNext()
    } else if (status === 503 && this.#state.at === 'calling' && this.#hops.length) this.#callNext()
    else this.#feed({ type: 'rejected', status })
    this.#current = null
  }

  get #isWaiting(): boolean {
    return this.#state.at === 'calling' || this.#state.at === 'proceeding'
  }

  #provisional(response: SipResponse): void {
    const fork = this.#isWaiting && response.status > 100 ? this.#fork() : null
    const early = fork !== null && this.#isNew(response, fork) && this.#sounds(fork)
    const rings = response.status >= 180 && response.status < 190 && response.status !== 183
    if (this.#isWaiting || this.#state.at === 'leaving')
      this.#feed({ type: 'provisional', rings: rings || early })
  }

  /** Takes reliable responses once and in order, and says so (RFC 3262 §4). */
  #isNew(response: SipResponse, fork: Fork): boolean {
    if (!response.headers.names('Require', '100rel')) return true
    const rseq = readNumber(response.headers.get('RSeq'), 2 ** 31)
    if (rseq === null || (fork.rseq >= 0 && rseq !== fork.rseq + 1)) return false
    fork.rseq = rseq
    fork.session.prack(response)
    return true
  }

  /** The dialog of the current response, made when it is new. */
  #fork(): Fork | null {
    const { response, from } = this.#current!
    const tag = readAddress(response.headers.get('To') ?? '')?.params.get('tag') ?? ''
    const known = this.#forks.get(tag)
    if (known) return known
    if ((this.#forks.size >= MAX_FORKS && response.status < 200) || !this.#sound) return null
    const dialog = dialogOfResponse(this.#invite!.transaction.request, response)
    const session: Session = new Session(
      this.#stack,
      dialog,
      from,
      this.#sound,
      {
        bye: () => this.#feed({ type: 'bye' }),
        lost: () => this.#feed({ type: 'lost' }),
        digit: (digit) => this.#emitter.emit('digit', digit),
        // Of re-INVITEs: an answer in it that does not fit leaves no sound to go on with.
        acknowledged: (usable) => usable || this.#feed({ type: 'lost' }),
        noAck: () => this.#feed({ type: 'lost' }),
      },
      response.headers.names('Allow', 'update'),
    )
    const fork = { session, rseq: -1, dismissed: false }
    this.#forks.set(tag, fork)
    return fork
  }

  #dismiss(): void {
    const fork = this.#fork()
    if (!fork) return
    fork.dismissed = true
    fork.session.bye()
  }

  /** Takes the description of the current response; true when this or an earlier one fits. */
  #sounds({ session }: Fork): boolean {
    const { response } = this.#current!
    if (!response.body.length || contentType(response) !== 'application/sdp') return session.settled
    return session.accept(response.body.toString('latin1'))
  }
}
