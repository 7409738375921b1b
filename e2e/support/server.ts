import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { get as httpGet } from 'node:http'
import { get as httpsGet } from 'node:https'
import { createServer } from 'node:net'
import { cpus, tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../packages/server/dist/main.js', import.meta.url))

export const ACCOUNT = 'demo'
export const PASSWORD = 'a test password'

export interface RunningServer {
  /** http://localhost:port */
  readonly url: string
  readonly port: number
  readonly pid: number
  readonly dataDir: string
  readonly output: () => string
  /** SIGTERM; resolves with the exit code and how long it took. */
  stop(): Promise<{ code: number | null; ms: number }>
  /** SIGKILL: a crash. */
  kill(): Promise<void>
  /** Removes the data directory after the end. */
  forget(): void
}

export const freeTcpPort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const s = createServer()
    s.on('error', reject)
    s.listen(0, '127.0.0.1', () => {
      const { port } = s.address() as { port: number }
      s.close(() => resolve(port))
    })
  })

const bindUdp = (port: number) =>
  new Promise<{ port: number; close(): Promise<void> } | null>((resolve) => {
    const s = createSocket('udp4')
    s.on('error', () => resolve(null))
    s.bind(port, '127.0.0.1', () =>
      resolve({
        port: s.address().port,
        close: () => new Promise((closed) => s.close(() => closed())),
      }),
    )
  })

/** The first of as many free ports in a row as the server starts media processes. */
export const freeUdpPort = async (count = cpus().length): Promise<number> => {
  for (;;) {
    const first = await bindUdp(0)
    if (!first) continue
    const more = await Promise.all(
      Array.from({ length: count - 1 }, (_, i) => bindUdp(first.port + 1 + i)),
    )
    await Promise.all([first, ...more].map((bound) => bound?.close()))
    if (more.every((bound) => bound !== null)) return first.port
  }
}

/**
 * A server of a story lives for seconds: to optimize what its database runs once costs a quarter of
 * its start. What runs for longer is optimized all the same.
 */
const FLAGS = ['--wasm-tiering-budget=90000000']

/** Starts the built server as a process and returns without waiting for it. */
export const spawnServer = (
  env: Record<string, string>,
  args: string[] = [],
  as: { uid?: number; gid?: number } = {},
) => {
  const child: ChildProcess = spawn(process.execPath, [...FLAGS, MAIN, ...args], {
    ...as,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout?.on('data', (d) => {
    output += d
  })
  child.stderr?.on('data', (d) => {
    output += d
  })
  const exited = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)))
  return { child, exited, output: () => output }
}

/** Takes the self-signed certificate of `HTTPS=1`, as a person does once. */
const isHealthy = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const get = url.startsWith('https:') ? httpsGet : httpGet
    get(url, { rejectUnauthorized: false }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    }).on('error', () => resolve(false))
  })

const newDir = () => mkdtempSync(path.join(tmpdir(), 'yuntang-e2e-'))
/** Names the prepared directory in the environment of the workers, and of a run of several projects. */
const PREPARED = 'YUNTANG_E2E_DATA'

/**
 * Makes the data directory of a server that was started once; what stories start begins with a copy.
 * Answers it, or null where the run has it from an earlier project, or keeps it for the next.
 */
export const prepareData = async (): Promise<string | null> => {
  const kept = process.env[PREPARED]
  if (kept && existsSync(kept)) return null
  delete process.env[PREPARED]
  const server = await startServer({}, newDir())
  await server.stop()
  process.env[PREPARED] = kept ?? server.dataDir
  if (!kept) return server.dataDir
  try {
    renameSync(server.dataDir, kept)
  } catch (error) {
    // Two projects that begin at the same time both make it: one is enough.
    if (!existsSync(kept)) throw error
    server.forget()
  }
  return null
}

const freshData = (): string => {
  const dir = newDir()
  const prepared = process.env[PREPARED]
  if (prepared) cpSync(prepared, dir, { recursive: true })
  return dir
}

/** Starts the built server on free ports, on fresh data unless told otherwise, and waits until it is ready. */
export const startServer = async (
  env: Record<string, string> = {},
  dataDir = freshData(),
): Promise<RunningServer> => {
  const port = env.PORT ? Number(env.PORT) : await freeTcpPort()
  const { child, exited, output } = spawnServer({
    PORT: String(port),
    MEDIA_PORT: String(await freeUdpPort()),
    PUBLIC_IP: '127.0.0.1',
    DATA_DIR: dataDir,
    APP_ACCOUNT: ACCOUNT,
    APP_PASSWORD: PASSWORD,
    LOG_LEVEL: 'warn',
    ...env,
  })
  const scheme = env.HTTPS ? 'https' : 'http'
  const url = `${scheme}://localhost:${port}`
  for (let i = 0; ; i++) {
    if (child.exitCode !== null) throw new Error(`The server ended at once:\n${output()}`)
    if (await isHealthy(`${url}/healthz`)) break
    if (i > 400) {
      child.kill('SIGKILL')
      throw new Error(`The server did not get ready:\n${output()}`)
    }
    await new Promise((r) => setTimeout(r, 100))
  }
  return {
    url,
    port,
    pid: child.pid as number,
    dataDir,
    output,
    async stop() {
      const from = Date.now()
      child.kill('SIGTERM')
      return { code: await exited, ms: Date.now() - from }
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
    forget: () => rmSync(dataDir, { recursive: true, force: true }),
  }
}
