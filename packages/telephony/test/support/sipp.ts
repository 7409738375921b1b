import { spawn, spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

const isExecutable = (file: string) => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const onPath = (name: string) =>
  (process.env.PATH ?? '')
    .split(path.delimiter)
    .map((dir) => path.join(dir, name))
    .find(isExecutable)

const find = (): string | null => {
  const found = onPath('sipp')
  if (found) return found
  if (process.getuid?.() !== 0 || !onPath('apt-get')) {
    console.log('No sipp here (Debian: sip-tester): the tests against it are skipped.')
    return null
  }
  console.log('Installing Debian’s sip-tester for the telephone tests …')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  // Another test file may be at it at the same time.
  const wait = ['-o', 'DPkg::Lock::Timeout=180']
  spawnSync('apt-get', [...wait, 'update'], { stdio: 'ignore', env })
  spawnSync('apt-get', [...wait, 'install', '-y', '--no-install-recommends', 'sip-tester'], {
    stdio: 'ignore',
    env,
  })
  const installed = onPath('sipp')
  if (!installed)
    console.log('Debian’s sip-tester could not be installed: the tests against it are skipped.')
  return installed ?? null
}

/** Path of sipp, or null with the reason said on the console. */
export const SIPP = find()

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

const isBound = (port: number, transport: 'udp' | 'tcp'): boolean => {
  const hex = `:${port.toString(16).toUpperCase().padStart(4, '0')} `
  return [transport, `${transport}6`].some((name) => {
    try {
      return readFileSync(`/proc/net/${name}`, 'utf8').includes(hex)
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
  const port = await freePort()
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
