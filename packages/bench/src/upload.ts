import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startServer } from './bench-server.ts'
import type { Bot } from './bot.ts'
import { enterBot, makeMeeting } from './meeting-bots.ts'
import { startPlainServer } from './plain-server.ts'
import { residentKb } from './processes.ts'

const PORT = 48_190
const MIB = 1024 * 1024
/** The largest parts that the SDK sends. */
const PART = 16 * MIB
const PARTS = 16
const SIZE = PARTS * PART
const ROUNDS = 5
const SAMPLE_MS = 50

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** Runs curl, which ends well only when every answer is a success; MiB per second. */
const curl = async (args: readonly string[]): Promise<number> => {
  const from = performance.now()
  const child = spawn('curl', ['--fail', '--silent', '--show-error', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`curl ended with ${code}`)
  return SIZE / MIB / ((performance.now() - from) / 1000)
}

const patch = (url: string, file: string, offset: number): string[] => [
  ...['-X', 'PATCH', '-T', file, '-H', 'Tus-Resumable: 1.0.0', '-H', `Upload-Offset: ${offset}`],
  ...['-H', 'Content-Type: application/offset+octet-stream', url],
]

/** Uploads to the net disk of a bot's meeting, in as many parts as there are files. */
const createUploads = (bot: Bot) => {
  let uploads = 0
  let finishing = 0
  return {
    /** Milliseconds that making one durable and hashing it took. */
    get finishing() {
      return finishing
    },
    async put(files: readonly string[]): Promise<number> {
      uploads += 1
      const fileID = `upload-${uploads}`
      const wanted = { fileID, type: 1 as const, fileName: 'file.bin', size: SIZE }
      const { path: signed } = await bot.call('netdisk.upload', wanted)
      const url = `http://127.0.0.1:${PORT}${signed}`
      const requests = files.map((file, i) => patch(url, file, (i * SIZE) / files.length))
      const speed = await curl(
        requests.flatMap((one, i) => (i === 0 ? one : ['--next', '--fail', '--silent', ...one])),
      )
      const from = performance.now()
      await bot.call('netdisk.finish', { fileID })
      finishing = performance.now() - from
      await bot.call('netdisk.remove', { fileID })
      return speed
    },
  }
}

/** Uploads through our server beside uploads of the same bytes to the plainest server there is. */
export const uploadBench = async (main: string, print: (line: string) => void): Promise<void> => {
  if (spawnSync('curl', ['--version']).error) {
    print('upload: skipped, no curl')
    return
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'yuntang-upload-'))
  const whole = path.join(folder, 'whole')
  const content = randomBytes(SIZE)
  writeFileSync(whole, content)
  const parts = Array.from({ length: PARTS }, (_, i) => {
    const file = path.join(folder, `part${i}`)
    writeFileSync(file, content.subarray(i * PART, (i + 1) * PART))
    return file
  })
  const server = await startServer(main, PORT)
  const plain = await startPlainServer(path.join(folder, 'received'))
  try {
    const bot = await enterBot(PORT, 'uploader', await makeMeeting(PORT))
    const uploads = createUploads(bot)
    const speeds = { plain: [] as number[], whole: [] as number[], parts: [] as number[] }
    // The first round of each warms up.
    await curl(['-T', whole, plain.url])
    await uploads.put([whole])
    const before = residentKb(server.pid)
    let most = before
    const sampling = setInterval(() => {
      most = Math.max(most, residentKb(server.pid))
    }, SAMPLE_MS)
    for (let i = 0; i < ROUNDS; i++) {
      speeds.plain.push(await curl(['-T', whole, plain.url]))
      speeds.whole.push(await uploads.put([whole]))
      speeds.parts.push(await uploads.put(parts))
    }
    clearInterval(sampling)
    bot.close()
    const [base, one, many] = [speeds.plain, speeds.whole, speeds.parts].map(median) as [
      number,
      number,
      number,
    ]
    const share = (speed: number) => `${((speed / base) * 100).toFixed(0)} %`
    print(
      `upload: ${SIZE / MIB} MiB by curl, median of ${ROUNDS}: plain server ${base.toFixed(0)} MiB/s; ` +
        `ours ${one.toFixed(0)} MiB/s in one request (${share(one)}), ` +
        `${many.toFixed(0)} MiB/s in parts of ${PART / MIB} MiB (${share(many)}); ` +
        `on the disk and hashed ${uploads.finishing.toFixed(0)} ms later; ` +
        `the server's memory grew by ${((most - before) / 1024).toFixed(0)} MiB at most`,
    )
  } finally {
    plain.close()
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
