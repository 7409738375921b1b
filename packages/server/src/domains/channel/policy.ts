import type { Context, User } from '../../actor/context.ts'

/** Any logged-in user may send to any other of the same app account, and to itself (spec 04 §8). */
export const maySend = (from: User, to: Context | undefined): to is Context & { user: User } =>
  to?.user?.account === from.account
