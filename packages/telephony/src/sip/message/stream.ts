import { MAX_HEAD } from './limits.ts'
import type { SipMessage } from './message.ts'
import { bodyLength, endOfHead, parseHead } from './parse.ts'
import { SipSyntaxError } from './syntax-error.ts'

const NOTHING = Buffer.alloc(0)

/**
 * Cuts a stream into messages by Content-Length (RFC 3261 §18.3). Empty lines between messages are
 * keep-alives (RFC 5626 §4.4.1). Holds one message at most.
 */
export class MessageStream {
  #data: Buffer = NOTHING
  /** Where the end of the head is looked for next, so that slow bytes do not cost a full search each. */
  #searched = 0
  #lineEnds = 0
  #head: { message: SipMessage; end: number; length: number } | null = null

  /**
   * Messages that are complete now. After an error the stream cannot go on: nobody knows where the next
   * message begins.
   */
  push(data: Buffer): { messages: SipMessage[]; pings: number; error: SipSyntaxError | null } {
    this.#data = this.#data.length ? Buffer.concat([this.#data, data]) : data
    const messages: SipMessage[] = []
    let pings = 0
    for (;;) {
      if (!this.#head) {
        pings += this.#skipEmptyLines()
        const read = this.#readHead()
        if (read instanceof SipSyntaxError) return { messages, pings, error: read }
        if (!read) break
      }
      const { message, end, length } = this.#head!
      if (this.#data.length < end + length) break
      messages.push({ ...message, body: Buffer.from(this.#data.subarray(end, end + length)) })
      this.#data = this.#data.subarray(end + length)
      this.#head = null
      this.#searched = 0
      this.#lineEnds = 0
    }
    return { messages, pings, error: null }
  }

  /** A ping is two line ends with nothing before; they may come apart. */
  #skipEmptyLines(): number {
    let at = 0
    while (this.#data[at] === 13 && this.#data[at + 1] === 10) at += 2
    this.#lineEnds += at / 2
    const pings = Math.floor(this.#lineEnds / 2)
    this.#lineEnds %= 2
    if (at) {
      this.#data = this.#data.subarray(at)
      this.#searched = 0
    }
    return pings
  }

  /** Whether the head of the next message is there. */
  #readHead(): boolean | SipSyntaxError {
    const from = Math.max(0, this.#searched - 3)
    const found = endOfHead(this.#data.subarray(from))
    if (found < 0) {
      this.#searched = this.#data.length
      if (this.#data.length > MAX_HEAD) return new SipSyntaxError(413, 'a head over 16 KiB')
      return false
    }
    const end = from + found
    try {
      const message = parseHead(this.#data.subarray(0, end))
      const length = bodyLength(message)
      if (length === null) return new SipSyntaxError(400, 'no Content-Length on a stream', message)
      this.#head = { message, end, length }
      return true
    } catch (error) {
      if (error instanceof SipSyntaxError) return error
      throw error
    }
  }
}
