import type { Activity, UserKey } from '../../actor/activity.ts'
import type { Context } from '../../actor/context.ts'
import type { Clock } from '../../core/clock.ts'
import type { Log } from '../../core/log.ts'
import { Desk } from './desk.ts'
import type { Command } from './facts.ts'
import type { Times } from './model.ts'
import { arePaired } from './policy.ts'

export interface DesksDeps {
  readonly clock: Clock
  readonly log: Log
  readonly times: Times
  readonly activity: Activity
  /** The page that a user is logged in on. */
  find(account: string, userID: string): Context | undefined
  /** Default: when the event loop comes round, which is after the answer of a running request. */
  defer?(run: () => void): void
}

/** The service desks of all app accounts, kept in step with what users do elsewhere. */
export class Desks {
  readonly #desks = new Map<string, Desk>()
  readonly #unsubscribe: (() => void)[]

  constructor(private readonly deps: DesksDeps) {
    const { activity, clock } = deps
    const tell = ({ account }: UserKey | { account: string }, command: Command) =>
      this.of(account).run(command)
    this.#unsubscribe = [
      activity.on('online', (user) => {
        const page = deps.find(user.account, user.userID)
        const name = page?.user?.nickName ?? ''
        // A login that outlived a restart is there before its page.
        const alive = page?.link.alive ?? false
        tell(user, { type: 'online', userID: user.userID, name, alive })
      }),
      activity.on('offline', (user) =>
        tell(user, { type: 'offline', userID: user.userID, how: user.how, now: clock.now() }),
      ),
      activity.on('link', (user) =>
        tell(user, { type: 'link', userID: user.userID, alive: user.alive, now: clock.now() }),
      ),
      activity.on('meeting', (user) =>
        tell(user, { type: 'meeting', userID: user.userID, inside: user.meetingID !== null }),
      ),
      activity.on('dnd', (user) =>
        tell(user, { type: 'dnd', userID: user.userID, on: user.dnd !== 0 }),
      ),
      activity.on('call', (call) => tell(call, { type: 'call', call, now: clock.now() })),
    ]
  }

  of(account: string): Desk {
    const known = this.#desks.get(account)
    if (known) return known
    const { clock, log, times } = this.deps
    const desk = new Desk({
      clock,
      times,
      find: (userID) => this.deps.find(account, userID),
      defer: this.deps.defer ?? ((run) => void setImmediate(run)),
      failed: (err) => log.error({ err, account }, 'the queues of an account failed'),
    })
    this.#desks.set(account, desk)
    return desk
  }

  /** True when `customer` is offered to or accepted by `agent` (spec 02 §6, do-not-disturb). */
  paired(account: string, agent: string, customer: string): boolean {
    const desk = this.#desks.get(account)
    return desk !== undefined && arePaired(desk.state, agent, customer)
  }

  close(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
    for (const desk of this.#desks.values()) desk.close()
    this.#desks.clear()
  }
}
