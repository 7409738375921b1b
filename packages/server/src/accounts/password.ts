import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'

/** What pages send for a password: its MD5 as lower-case hex (spec 02 §3). */
export const md5Hex = (password: string): string =>
  createHash('md5').update(password, 'utf8').digest('hex')

/**
 * What is stored: argon2id over that MD5 text, with the library's defaults (19 MiB, two passes).
 * A stolen table therefore lets nobody log in, as bare MD5s would.
 */
export const hashPassword = (md5: string): Promise<string> => hash(md5)

/** Whether a stored hash is of this MD5 text; false for a hash that cannot be read. */
export const isPassword = (passwordHash: string, md5: string): Promise<boolean> =>
  verify(passwordHash, md5).catch(() => false)

/** Verifies MD5 texts against stored hashes. */
export interface PasswordCheck {
  /** False also for `null`, an unknown account, after the same work. */
  verify(passwordHash: string | null, md5: string): Promise<boolean>
}

/**
 * Makes a check. All users of an app account send the same password, so the last right one per hash
 * is remembered, as an HMAC under `secret`: a meeting full of people comes back without argon2 each.
 */
export const createPasswordCheck = async (secret: string): Promise<PasswordCheck> => {
  const nobody = await hashPassword(secret)
  const known = new Map<string, Buffer>()
  const digest = (passwordHash: string, md5: string) =>
    createHmac('sha256', secret).update(passwordHash).update('\n').update(md5).digest()

  return {
    async verify(passwordHash, md5) {
      if (passwordHash === null) {
        await isPassword(nobody, md5)
        return false
      }
      const given = digest(passwordHash, md5)
      const right = known.get(passwordHash)
      if (right && timingSafeEqual(right, given)) return true
      const ok = await isPassword(passwordHash, md5)
      if (ok) known.set(passwordHash, given)
      return ok
    },
  }
}
