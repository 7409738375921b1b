import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** Of the app account `demo`. */
export const PASSWORD = 'bench'

/** A built server as a process of its own, with data that goes with it. */
export interface BenchServer {
  readonly port: number
  readonly pid: number
  close(): Promise<void>
}

/** @param main the built server. The media port is ten above `port`. */
export const startServer = async (main: string, port: number): Promise<BenchServer> => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'yuntang-bench-'))
  const child = spawn(process.execPath, [main], {
    env: {
      ...process.env,
      PORT: String(port),
      MEDIA_PORT: String(port + 10),
      PUBLIC_IP: '127.0.0.1',
      DATA_DIR: dataDir,
      APP_ACCOUNT: 'demo',
      APP_PASSWORD: PASSWORD,
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  // Also when the benchmark fails.
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const close = async () => {
    process.removeListener('exit', kill)
    child.kill('SIGTERM')
    await ended
    rmSync(dataDir, { recursive: true, force: true })
  }
  for (let i = 0; i < 300 && child.exitCode === null; i++) {
    const up = await fetch(`http://127.0.0.1:${port}/healthz`).then(
      (r) => r.ok,
      () => false,
    )
    if (up) return { port, pid: child.pid as number, close }
    await new Promise((r) => setTimeout(r, 100))
  }
  await close()
  throw new Error('The server did not get ready')
}
