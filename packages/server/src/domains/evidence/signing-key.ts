import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { toBase64url } from '@yuntang/protocol'
import { StartError } from '../../core/start-error.ts'

const FILE = 'evidence.key'

/** Signs stamps and manifests (Ed25519, RFC 8032). */
export interface SigningKey {
  /** Base64url. */
  readonly publicKey: string
  /** Base64url. */
  sign(message: Uint8Array): string
}

/** @param key the private key. */
export const signingKeyOf = (key: KeyObject): SigningKey => {
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' })
  return {
    publicKey: x,
    sign: (message) => toBase64url(sign(null, message, key)),
  }
}

/** What signatures rest on must be on the disk before the first one is given. */
const writeDurably = (file: string, content: string) => {
  const made = openSync(`${file}.new`, 'w', 0o600)
  writeSync(made, content)
  fsyncSync(made)
  closeSync(made)
  renameSync(`${file}.new`, file)
  if (process.platform === 'win32') return
  const directory = openSync(path.dirname(file), 'r')
  fsyncSync(directory)
  closeSync(directory)
}

const read = (file: string): KeyObject | null => {
  try {
    const key = createPrivateKey(readFileSync(file, 'utf8'))
    return key.asymmetricKeyType === 'ed25519' ? key : null
  } catch {
    return null // what is wrong with it may quote it
  }
}

/**
 * The key of the evidence; made once and kept in the data directory (PKCS #8, PEM).
 * @throws StartError when the kept one is damaged.
 */
export const loadSigningKey = (dataDir: string): SigningKey => {
  const file = path.join(dataDir, FILE)
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('ed25519')
    writeDurably(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
  }
  const key = read(file)
  if (!key)
    throw new StartError(
      `The key ${file} is damaged; restore it from a backup. Without it a new one may be made by deleting the file, but then stamps of recordings that were not uploaded yet are lost.`,
    )
  return signingKeyOf(key)
}
