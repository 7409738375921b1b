import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { freeTcpPort } from './server.ts'

const PROGRAM = '/usr/bin/turnserver'

/** Whether Debian's `coturn` is installed. */
export const hasTurnServer = existsSync(PROGRAM)

export interface TurnServer {
  readonly urls: Readonly<Record<'udp' | 'tcp', string>>
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

/** A TURN server on this machine. */
export const startTurnServer = async (secret: string): Promise<TurnServer> => {
  const port = await freeTcpPort()
  const child = spawn(PROGRAM, [
    '-n',
    '--listening-ip=127.0.0.1',
    '--relay-ip=127.0.0.1',
    `--listening-port=${port}`,
    '--use-auth-secret',
    `--static-auth-secret=${secret}`,
    '--realm=yuntang',
    '--allow-loopback-peers',
    '--no-tls',
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
  for (let i = 0; !(await answers(port)); i++) {
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
    },
    output: () => output,
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}
