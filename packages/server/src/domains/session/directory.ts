import type { Activity, OfflineCause } from '../../actor/activity.ts'
import type { Context, User } from '../../actor/context.ts'
import type { Clock } from '../../core/clock.ts'
import { secretHash } from '../../core/hash.ts'
import type { LinkEnd } from '../../gateway/link.ts'
import type { Seats } from '../meetings/seats.ts'

/** Proofs kept after their login ended; beyond it the oldest go. */
const MAX_PROOFS = 10_000

/** A login that was lost with its meeting. */
interface Lost {
  readonly user: User
  readonly meeting: number
  readonly until: number
}

const key = (account: string, userID: string) => `${account}\n${userID}`

/** Who is logged in on this server, and whose login was lost a moment ago. */
export class Directory {
  readonly #online = new Map<string, Context>()
  readonly #offAlive = new Map<Context, () => void>()
  readonly #byProof = new Map<string, Context>()
  readonly #lost = new Map<string, Lost>()

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
    const { account, userID, proofHash } = ctx.user
    this.#online.set(key(account, userID), ctx)
    this.#byProof.set(proofHash, ctx)
    const offAlive = ctx.link.onAlive((alive) =>
      this.activity.emit('link', { account, userID, alive }),
    )
    this.#offAlive.set(ctx, offAlive)
    this.activity.emit('online', { account, userID })
  }

  /** The page is gone for good; its seat must not have been left yet. */
  ended(ctx: Context, how: LinkEnd): void {
    if (how === 'lost') this.#keep(ctx)
    this.remove(ctx, how)
  }

  /** Every logged-in user of an account, in order of login. */
  all(account: string): Context[] {
    return [...this.#online.values()].filter((ctx) => ctx.user?.account === account)
  }

  remove(ctx: Context, how: OfflineCause): void {
    const { user } = ctx
    if (!user || this.find(user.account, user.userID) !== ctx) return
    this.#online.delete(key(user.account, user.userID))
    this.#byProof.delete(user.proofHash)
    this.#offAlive.get(ctx)?.()
    this.#offAlive.delete(ctx)
    this.activity.emit('offline', { account: user.account, userID: user.userID, how })
  }

  /**
   * A second login: the earlier page loses its meeting, then its login (spec 02 §3, 07 §5.5). The
   * seat waits for the new page.
   */
  replace(account: string, userID: string, seats: Seats): void {
    const earlier = this.find(account, userID)
    if (!earlier) return
    seats.hold(earlier)
    this.remove(earlier, 'replaced')
    earlier.user = null
    earlier.link.event('session.lineOff', { code: 'session.replaced' })
  }

  /** For T_SESSION after the loss the proof lets its page back into the meeting (spec 07 §5.3). */
  #keep({ user, seat }: Context): void {
    if (!user || !seat) return
    const now = this.clock.now()
    for (const [proof, { until }] of this.#lost)
      if (until <= now || this.#lost.size >= MAX_PROOFS) this.#lost.delete(proof)
      else break
    this.#lost.set(user.proofHash, { user, meeting: seat.room.id, until: now + this.sessionMs })
  }

  /**
   * Whose proof this is, for this meeting. `ctx` is the login's page where the server has not given
   * it up yet: a page may notice a loss earlier than the server does.
   */
  byProof(proof: string, meeting: number): { user: User; ctx: Context | null } | null {
    const hash = secretHash(proof)
    const ctx = this.#byProof.get(hash)
    if (ctx?.user && ctx.seat?.room.id === meeting) return { user: ctx.user, ctx }
    const lost = this.#lost.get(hash)
    return lost && lost.meeting === meeting && lost.until > this.clock.now()
      ? { user: lost.user, ctx: null }
      : null
  }
}
