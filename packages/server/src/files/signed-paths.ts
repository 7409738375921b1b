import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../core/clock.ts'

/**
 * Fetching a blob as a file of that name, playing it in place, or adding to one (`name` is empty then).
 */
export interface FileGrant {
  readonly action: 'get' | 'show' | 'put'
  readonly blob: string
  readonly name: string
  /** Media type of what is shown; `""`: by the name. */
  readonly type: string
}

/** Query of a signed path. */
export interface SignedQuery {
  readonly expires: string
  readonly signature: string
}

/** Paths that carry their own permission for some minutes: whoever has one may use it. */
export interface SignedPaths {
  /** Path and query, below the server's base address. */
  sign(grant: FileGrant): string
  check(grant: FileGrant, query: SignedQuery): boolean
}

/** Long enough to begin; a transfer under way is not cut off, a later part asks for a new path. */
const VALID_MS = 15 * 60_000
/** Who plays a long film asks for parts of it until the end, under the path that the player has. */
const SHOWN_MS = 24 * 3_600_000

export const UPLOADS = '/api/v1/uploads'
export const FILES = '/api/v1/files'

/** @param secret at least 32 random bytes, kept over restarts. */
export const createSignedPaths = (secret: Buffer, clock: Clock): SignedPaths => {
  const signature = ({ action, blob, name, type }: FileGrant, expires: string) =>
    createHmac('sha256', secret)
      // Only what is shown carries its type in the query.
      .update(JSON.stringify([action, blob, name, action === 'show' ? type : '', expires]))
      .digest()
  return {
    sign(grant) {
      const expires = String(clock.now() + (grant.action === 'show' ? SHOWN_MS : VALID_MS))
      const query = new URLSearchParams({
        ...(grant.name ? { name: grant.name } : {}),
        ...(grant.action === 'show' ? { show: grant.type } : {}),
        expires,
        signature: signature(grant, expires).toString('base64url'),
      })
      return `${grant.action === 'put' ? UPLOADS : FILES}/${grant.blob}?${query}`
    },
    check(grant, query) {
      if (!/^\d{1,16}$/.test(query.expires) || Number(query.expires) < clock.now()) return false
      const claimed = Buffer.from(query.signature, 'base64url')
      const right = signature(grant, query.expires)
      return claimed.length === right.length && timingSafeEqual(claimed, right)
    },
  }
}
