import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { freeTcpPort, freeUdpPort } from './server.ts'

const BENCH = fileURLToPath(new URL('../../scripts/bench.mjs', import.meta.url))

/** `npm run bench -- room` as a process of its own. */
export interface RoomProcess {
  readonly url: string
  readonly output: () => string
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>
}

/** Resolves when the room has printed its address. */
export const startRoomProcess = async (): Promise<RoomProcess> => {
  const port = await freeTcpPort()
  const mediaPort = await freeUdpPort(1)
  const args = ['room', '--port', `${port}`, '--media-port', `${mediaPort}`, '--every', '1']
  const child: ChildProcess = spawn(process.execPath, [BENCH, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  let output = ''
  child.stderr?.on('data', (d) => {
    output += d
  })
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (d) => {
      output += d
      if (output.includes('http://')) resolve()
    })
    void ended.then(() => reject(new Error(`The room ended at once:\n${output}`)))
  })
  return {
    url: `http://127.0.0.1:${port}`,
    output: () => output,
    stop() {
      child.kill('SIGTERM')
      return ended
    },
  }
}
