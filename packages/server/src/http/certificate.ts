import { X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { generate } from 'selfsigned'
import { StartError } from '../core/start-error.ts'

const CERTIFICATE = 'certificate.pem'
const KEY = 'certificate-key.pem'
const ISSUER = 'Yuntang self-signed'
const DAY = 86_400_000
/** Safari refuses certificates that are valid for more than 825 days. */
const VALID_DAYS = 365
const RENEW_DAYS = 30

/** PEM texts for a TLS server. */
export interface Certificate {
  readonly key: string
  readonly cert: string
}

const covers = (cert: X509Certificate, addresses: readonly string[], now: number): boolean =>
  Date.parse(cert.validTo) - now > RENEW_DAYS * DAY &&
  cert.checkHost('localhost') !== undefined &&
  addresses.every((address) => cert.checkIP(address) !== undefined)

const make = async (addresses: readonly string[], now: number): Promise<Certificate> => {
  const made = await generate([{ name: 'commonName', value: ISSUER }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(now - DAY),
    notAfterDate: new Date(now + VALID_DAYS * DAY),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          ...addresses.map((ip) => ({ type: 7 as const, ip })),
        ],
      },
    ],
  })
  return { key: made.private, cert: made.cert }
}

const save = async (file: string, text: string): Promise<void> => {
  await writeFile(`${file}.new`, text, { mode: 0o600 })
  await rename(`${file}.new`, file)
}

/**
 * The certificate of the data directory. A self-made one is made where none is, and again before it
 * expires or when the machine has a new address; one that the operator put there is never replaced.
 * @param hostAddresses IP addresses beside loopback that it has to name.
 * @param now milliseconds since 1970.
 */
export const loadCertificate = async (
  dataDir: string,
  hostAddresses: readonly string[],
  now: number,
): Promise<Certificate> => {
  const certFile = path.join(dataDir, CERTIFICATE)
  const keyFile = path.join(dataDir, KEY)
  const addresses = [...new Set(['127.0.0.1', '::1', ...hostAddresses])]

  if (existsSync(certFile) && existsSync(keyFile)) {
    const kept = { key: await readFile(keyFile, 'utf8'), cert: await readFile(certFile, 'utf8') }
    try {
      const parsed = new X509Certificate(kept.cert)
      const ours = parsed.subject.includes(ISSUER)
      if (!ours || covers(parsed, addresses, now)) return kept
    } catch (cause) {
      throw new StartError(
        `The certificate ${certFile} cannot be read; mend it, or delete it and ${KEY} to get a new self-signed one.`,
        { cause },
      )
    }
  }
  const made = await make(addresses, now)
  await save(keyFile, made.key)
  await save(certFile, made.cert)
  return made
}
