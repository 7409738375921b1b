import { spawn } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { loadCertificate } from '../../packages/server/src/http/certificate.ts'
import { freeTcpPort } from './server.ts'

const PROGRAM = '/usr/bin/turnserver'

/** Whether Debian's `coturn` is installed. */
export const hasTurnServer = existsSync(PROGRAM)

export interface TurnServer {
  readonly urls: Readonly<Record<'udp' | 'tcp' | 'tls', string>>
  /** The flag with which Chromium takes its certificate. */
  readonly trust: string
  /** Whether it sends from this UDP port to its peers. */
  isRelay(port: number): boolean
  readonly output: () => string
  stop(): Promise<void>
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })

/** Ports that it relays from; away from those that other sockets of this machine draw. */
const [LEAST, MOST] = [20_000, 20_999]

/** A TURN server on this machine. */
export const startTurnServer = async (secret: string): Promise<TurnServer> => {
  const [port, tlsPort] = [await freeTcpPort(), await freeTcpPort()]
  const dir = mkdtempSync(path.join(tmpdir(), 'yuntang-turn-'))
  const { cert } = await loadCertificate(dir, [], Date.now())
  const key = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' })
  const child = spawn(PROGRAM, [
    '-n',
    '--listening-ip=127.0.0.1',
    '--relay-ip=127.0.0.1',
    `--listening-port=${port}`,
    `--tls-listening-port=${tlsPort}`,
    `--cert=${path.join(dir, 'certificate.pem')}`,
    `--pkey=${path.join(dir, 'certificate-key.pem')}`,
    `--min-port=${LEAST}`,
    `--max-port=${MOST}`,
    '--use-auth-secret',
    `--static-auth-secret=${secret}`,
    '--realm=yuntang',
    '--allow-loopback-peers',
    '--no-dtls',
    '--no-cli',
    '--log-file=stdout',
    '--pidfile=',
    '--verbose',
  ])
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => {
      output += data
    })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  for (let i = 0; !((await answers(port)) && (await answers(tlsPort))); i++) {
    if (i > 100 || child.exitCode !== null) {
      child.kill('SIGKILL')
      throw new Error(`The TURN server did not start:\n${output}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return {
    urls: {
      udp: `turn:127.0.0.1:${port}?transport=udp`,
      tcp: `turn:127.0.0.1:${port}?transport=tcp`,
      tls: `turns:localhost:${tlsPort}?transport=tcp`,
    },
    trust: `--ignore-certificate-errors-spki-list=${createHash('sha256').update(key).digest('base64')}`,
    isRelay: (from) => from >= LEAST && from <= MOST,
    output: () => output,
    async stop() {
      child.kill('SIGTERM')
      await exited
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
