import { createPrivateKey } from 'node:crypto'
import { signingKeyOf } from '../../src/domains/evidence/signing-key.ts'

/** PKCS #8 of an Ed25519 key, up to its 32 bytes (RFC 8410 §7). */
const HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The same key in every run, so that what a restarted server signed before still holds. */
export const testSigningKey = signingKeyOf(
  createPrivateKey({
    key: Buffer.concat([HEAD, Buffer.alloc(32, 7)]),
    format: 'der',
    type: 'pkcs8',
  }),
)
