import type { Activity, OfflineCause } from '../../actor/activity.ts'
import type { Context, User } from '../../actor/context.ts'
import type { Clock } from '../../core/clock.ts'
import type { Seats } from '../meetings/seats.ts'

/** Proofs kept after their login ended; beyond it the oldest go. */
const MAX_PROOFS = 10_000

interface Proof {
  readonly user: User
  readonly until: number
}

const key = (account: string, userID: string) => `${account}\n${userID}`

/** Who is logged in on this server, and whose login was lost a moment ago. */
export class Directory {
  readonly #online = new Map<string, Context>()
  readonly #release = new Map<Context, () => void>()
  readonly #proofs = new Map<string, Proof>()

  constructor(
    private readonly clock: Clock,
    private readonly sessionMs: number,
    private readonly activity: Activity,
  ) {}

  get size(): number {
    return this.#online.size
  }

  find(account: string, userID: string): Context | undefined {
    return this.#online.get(key(account, userID))
  }

  add(ctx: Context): void {
    if (!ctx.user) return
    const { account, userID } = ctx.user
    this.#online.set(key(account, userID), ctx)
    const offAlive = ctx.link.onAlive((alive) =>
      this.activity.emit('link', { account, userID, alive }),
    )
    const offEnd = ctx.link.onEnd((how) => {
      const { user } = ctx
      if (how === 'lost' && user) this.#keep(user)
      this.remove(ctx, how)
    })
    this.#release.set(ctx, () => {
      offAlive()
      offEnd()
    })
    this.activity.emit('online', { account, userID })
  }

  /** Every logged-in user of an account, in order of login. */
  all(account: string): Context[] {
    return [...this.#online.values()].filter((ctx) => ctx.user?.account === account)
  }

  remove(ctx: Context, how: OfflineCause): void {
    const { user } = ctx
    if (!user || this.find(user.account, user.userID) !== ctx) return
    this.#online.delete(key(user.account, user.userID))
    this.#release.get(ctx)?.()
    this.#release.delete(ctx)
    this.activity.emit('offline', { account: user.account, userID: user.userID, how })
  }

  /** A second login: the earlier page loses its seat, then its login (spec 02 §3). */
  replace(account: string, userID: string, seats: Seats): void {
    const earlier = this.find(account, userID)
    if (!earlier) return
    seats.drop(earlier)
    this.remove(earlier, 'replaced')
    earlier.user = null
    earlier.link.event('session.lineOff', { code: 'session.replaced' })
  }

  /** For T_SESSION after the loss the proof lets its page back into the meeting (spec 07 §5.3). */
  #keep(user: User): void {
    const now = this.clock.now()
    for (const [proof, { until }] of this.#proofs)
      if (until <= now || this.#proofs.size >= MAX_PROOFS) this.#proofs.delete(proof)
      else break
    this.#proofs.set(user.proof, { user, until: now + this.sessionMs })
  }

  byProof(proof: string): User | undefined {
    const kept = this.#proofs.get(proof)
    return kept && kept.until > this.clock.now() ? kept.user : undefined
  }
}
