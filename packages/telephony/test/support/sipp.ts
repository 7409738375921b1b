import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { findProgram } from './program.ts'

/** Path of sipp, or null with the reason said on the console. */
export const SIPP = findProgram('sipp', 'sip-tester')

/** A port that nobody has just now, over UDP and TCP. */
export const freePort = async (): Promise<number> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  const socket = createSocket('udp4')
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.bind(port, '127.0.0.1', resolve)
    })
  } catch {
    return freePort()
  } finally {
    socket.close()
  }
  return port
}

/** Whether somebody listens there; who is connected to it does not count. */
const isBound = (port: number, transport: 'udp' | 'tcp'): boolean => {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  const local = new RegExp(`^ *\\d+: [\\dA-F]+:${hex} `, 'm')
  return [transport, `${transport}6`].some((name) => {
    try {
      return local.test(readFileSync(`/proc/net/${name}`, 'utf8'))
    } catch {
      return false
    }
  })
}

export interface Sipp {
  readonly port: number
  /** Resolves when all went as the scenario says; rejects with what sipp saw. */
  readonly done: Promise<void>
  stop(): void
}

export interface SippOptions {
  /** XML. */
  readonly scenario: string
  readonly transport?: 'udp' | 'tcp'
  /** Default: any that is free. */
  readonly port?: number
  /** Where sipp calls; without it sipp waits for a call. */
  readonly call?: { port: number; number?: string }
  /** Calls until it is done. */
  readonly calls?: number
  readonly args?: readonly string[]
}

const read = (file: string) => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** Runs sipp on a scenario of ours. */
export const startSipp = async (options: SippOptions): Promise<Sipp> => {
  const transport = options.transport ?? 'udp'
  const port = options.port ?? (await freePort())
  const dir = mkdtempSync(path.join(tmpdir(), 'yuntang-sipp-'))
  const scenario = path.join(dir, 'scenario.xml')
  writeFileSync(scenario, options.scenario)
  const args = [
    ...(options.call
      ? [`127.0.0.1:${options.call.port}`, '-s', options.call.number ?? '4930']
      : []),
    ...['-sf', scenario, '-i', '127.0.0.1', '-p', String(port), '-m', String(options.calls ?? 1)],
    ...['-t', transport === 'tcp' ? 't1' : 'u1', '-nostdin', '-timeout', '20', '-timeout_error'],
    ...['-trace_err', '-error_file', path.join(dir, 'errors')],
    ...['-trace_msg', '-message_file', path.join(dir, 'messages')],
    ...(options.args ?? []),
  ]
  const child = spawn(SIPP!, args, { cwd: dir, stdio: ['ignore', 'ignore', 'pipe'] })
  let complaints = ''
  child.stderr.on('data', (data) => {
    complaints += data
  })
  const done = new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => {
      const seen = `${complaints}\n${read(path.join(dir, 'errors'))}\n${read(path.join(dir, 'messages'))}`
      rmSync(dir, { recursive: true, force: true })
      if (code === 0) resolve()
      else reject(new Error(`sipp ended with ${code}:\n${seen.slice(-8000)}`))
    })
  })
  done.catch(() => {})
  const ready = () => isBound(port, transport) || child.exitCode !== null
  while (!options.call && !ready()) await new Promise((resolve) => setTimeout(resolve, 20))
  return { port, done, stop: () => child.kill('SIGKILL') }
}
