import type { UserKey } from '../../actor/activity.ts'
import type { Clock } from '../../core/clock.ts'

const key = ({ account, userID }: UserKey) => `${account}\n${userID}`

/** Since when the links of users in calls are lost: T_SESSION counts from there (spec 02 §5). */
export class Losses {
  readonly #since = new Map<string, number>()

  constructor(private readonly clock: Clock) {}

  link(user: UserKey & { readonly alive: boolean }, engaged: boolean): void {
    if (user.alive || !engaged) this.forget(user)
    else this.#since.set(key(user), this.clock.now())
  }

  /** When the link was lost, now if it was not noticed before; forgets it. */
  take(user: UserKey): number {
    const since = this.#since.get(key(user)) ?? this.clock.now()
    this.forget(user)
    return since
  }

  forget(user: UserKey): void {
    this.#since.delete(key(user))
  }
}
