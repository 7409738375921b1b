import type { SipRequest, SipResponse } from '../message/message.ts'
import { answerChallenge, type Challenge, type Credentials, readChallenge } from './challenge.ts'

/** The header that challenges, and the one that answers it. */
const HEADERS = {
  401: ['WWW-Authenticate', 'Authorization'],
  407: ['Proxy-Authenticate', 'Proxy-Authorization'],
} as const

interface Lock {
  readonly challenge: Challenge
  readonly header: string
  count: number
}

/** Realms remembered; a trunk has one or two. */
const MAX_REALMS = 8

/** Challenges met so far, so that later requests carry their answer at once, each with the next count. */
export class KeyRing {
  readonly #credentials: Credentials
  readonly #ids: () => string
  readonly #locks = new Map<string, Lock>()

  constructor(credentials: Credentials, ids: () => string) {
    this.#credentials = credentials
    this.#ids = ids
  }

  /** The request with the answers to all known challenges. */
  sign(request: SipRequest): SipRequest {
    if (!this.#locks.size) return request
    const headers = request.headers.clone()
    for (const lock of this.#locks.values())
      headers.add(
        lock.header,
        answerChallenge(lock.challenge, this.#credentials, {
          method: request.method,
          uri: request.uri,
          count: ++lock.count,
          cnonce: this.#ids(),
        }),
      )
    return { ...request, headers }
  }

  /**
   * Takes the challenges of a 401 or 407. `met` holds what this request was challenged with before.
   * False when trying again cannot help: nothing that we can answer, or the answer was wrong.
   */
  learn(response: SipResponse, met: Set<string>): boolean {
    if (response.status !== 401 && response.status !== 407) return false
    if (!this.#credentials.user) return false
    const [challenging, answering] = HEADERS[response.status]
    const challenges = response.headers
      .all(challenging)
      .flatMap((text) => readChallenge(text) ?? [])
    let learnt = false
    for (const realm of new Set(challenges.map((c) => c.realm))) {
      // The first that we can compute is the one the server likes best (RFC 8760 §2.4).
      const challenge = challenges.find((c) => c.realm === realm)!
      const key = `${answering} ${realm}`
      if (met.has(key) && !challenge.stale) {
        // What is wrong is not sent again by itself.
        this.#locks.delete(key)
        return false
      }
      met.add(key)
      if (this.#locks.size >= MAX_REALMS) this.#locks.clear()
      this.#locks.set(key, { challenge, header: answering, count: 0 })
      learnt = true
    }
    return learnt
  }
}
