import { createHash } from 'node:crypto'

/** What is kept of an unguessable secret: with 256 random bits a bare SHA-256 cannot be reversed. */
export const secretHash = (secret: string): string =>
  createHash('sha256').update(secret).digest('base64url')
