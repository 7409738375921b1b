import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser, JSHandle, Page } from 'playwright-core'
import { startServer } from './bench-server.ts'
import { launchBrowser } from './browser.ts'
import { fitLine } from './record/line.ts'
import { canLook, lookAt } from './record/look.ts'
import { fakeDevices, PERIOD, TONE_SECONDS } from './record/source-page.ts'
import { type BenchClient, openPage } from './typed-page.ts'

const PORT = 48_230
const FILE = 'bench.webm'
const FRAME_RATE = 15
const WARM_UP_MS = 20_000
/** Bytes that leave the page at once. */
const SLICE = 4 * 1024 * 1024

interface RecordClient extends BenchClient {
  recordings: {
    layout: readonly object[] | null
    start(options: object): Promise<void>
    stop(): Promise<void>
    readonly duration: number
    readonly leftOut: { encoder: number; page: number }
  }
  files: { get(name: string): Promise<Blob | null> }
}

/** MiB that the renderers of a browser use, after their garbage is gone. */
const memoryOf = async (browser: Browser, page: Page): Promise<number> => {
  const own = await page.context().newCDPSession(page)
  await own.send('HeapProfiler.collectGarbage')
  await own.detach()
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const sizes = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1])
  return sizes.reduce((sum, kB) => sum + Number(kB ?? 0), 0) / 1024
}

const saveFile = async (client: JSHandle<BenchClient>, file: string): Promise<void> => {
  for (let from = 0; ; from += SLICE) {
    const part = await client.evaluate(
      async (c, [name, begin, end]) => {
        const blob = await (c as RecordClient).files.get(name)
        const bytes = new Uint8Array(await (blob ?? new Blob()).slice(begin, end).arrayBuffer())
        let text = ''
        for (let i = 0; i < bytes.length; i += 32_768)
          text += String.fromCharCode(...bytes.subarray(i, i + 32_768))
        return btoa(text)
      },
      [FILE, from, from + SLICE] as const,
    )
    if (part === '') return
    await appendFile(file, Buffer.from(part, 'base64'))
  }
}

/** How far sound and picture of the file part, and whether sound has holes. */
const printDrift = (file: string, isSeries: boolean, print: (line: string) => void): void => {
  const { apart, hum } = lookAt(file)
  if (isSeries)
    for (const [at, by] of apart)
      print(`record: at ${at.toFixed(1)} s ${(by * 1000).toFixed(0)} ms`)
  const { slope, error } = fitLine(apart)
  const all = apart.map(([, seconds]) => seconds * 1000)
  const hour = (perSecond: number) => Math.round(perSecond * 3_600_000)
  print(
    `record: sound and picture stayed within ${(Math.max(...all) - Math.min(...all)).toFixed(0)} ms; ` +
      `their rates differ by ${hour(slope)} ± ${hour(2 * error)} ms in an hour, extrapolated`,
  )
  const means = Array.from({ length: Math.ceil((apart.at(-1)?.[0] ?? 0) / 60) }, (_, minute) => {
    const its = apart.filter(([at]) => Math.floor(at / 60) === minute)
    return (its.reduce((sum, [, by]) => sum + by, 0) / its.length) * 1000
  }).filter(Number.isFinite)
  print(
    `record: averaged over each minute within ${(Math.max(...means) - Math.min(...means)).toFixed(0)} ms; ` +
      `the last minute ${((means.at(-1) ?? 0) - (means[0] ?? 0)).toFixed(0)} ms from the first`,
  )
  const [quietest, loudest] = hum.map((dB) => dB.toFixed(1))
  print(
    `record: a hum that never ends is at least ${quietest} dB and at most ${loudest} dB from its usual level`,
  )
}

/**
 * One page records two cameras of 640 × 360 and the time into 1280 × 720 at 15 pictures a second, and
 * uploads that while it records: pictures left out, memory, and whether sound and picture part. `--seconds` 60;
 * `--series` prints how far apart they are at each tone.
 */
export const recordBench = async (
  main: string,
  args: readonly string[],
  print: (line: string) => void,
): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: { seconds: { type: 'string' }, series: { type: 'boolean' } },
  })
  const seconds = Number(values.seconds ?? 60)
  if (!(seconds >= 30)) throw new Error('--seconds is a number of at least 30')
  const folder = mkdtempSync(path.join(tmpdir(), 'yuntang-bench-'))
  const server = await startServer(main, PORT)
  const browsers = [await launchBrowser(), await launchBrowser()] as const
  try {
    const other = await openPage(browsers[0], PORT, 'other')
    const id = await other.client.evaluate(async (client) => {
      const { id: meeting } = await client.meetings.create({ subject: 'bench' })
      const m = await client.enter({ id: meeting })
      await m.camera.open()
      return meeting
    })
    const { page, client } = await openPage(browsers[1], PORT, 'recorder', {
      content: `(${fakeDevices})(${PERIOD}, ${TONE_SECONDS})`,
    })
    await client.evaluate(
      async (c, [meeting, path, frameRate]) => {
        const { recordings } = c as RecordClient
        const m = await c.enter({ id: meeting })
        await Promise.all([m.camera.open(), m.mic.open()])
        const at = { top: 0, width: 640, height: 360 }
        recordings.layout = [
          { ...at, left: 0, content: { kind: 'camera', userID: 'recorder', videoID: -1 } },
          { ...at, left: 640, content: { kind: 'camera', userID: 'other', videoID: -1 } },
          { left: 40, top: 500, width: 700, height: 100, content: { kind: 'time' } },
        ]
        await recordings.start({
          path,
          width: 1280,
          height: 720,
          frameRate,
          bitrate: 1_000_000,
          upload: true,
        })
      },
      [id, FILE, FRAME_RATE] as const,
    )
    // Decoders and buffers, those of the measuring as well, have their size by then.
    await page.waitForTimeout(WARM_UP_MS / 2)
    await memoryOf(browsers[1], page)
    await page.waitForTimeout(WARM_UP_MS / 2)
    const before = await memoryOf(browsers[1], page)
    await page.waitForTimeout(seconds * 1000 - WARM_UP_MS)
    const grown = (await memoryOf(browsers[1], page)) - before
    const load = loadavg()[0] ?? 0
    const { lasted, leftOut } = await client.evaluate(async (c) => {
      const { recordings } = c as RecordClient
      await recordings.stop()
      return { lasted: recordings.duration, leftOut: recordings.leftOut }
    })
    const due = Math.floor(lasted * FRAME_RATE)
    const share = ((leftOut.encoder + leftOut.page) / due) * 100
    print(
      `record: ${share.toFixed(2)} % of ${due} pictures left out (encoder behind: ${leftOut.encoder}, ` +
        `page too late: ${leftOut.page}); load ${load.toFixed(1)} on ${cpus().length} cores`,
    )
    print(
      `record: page memory grew by ${grown.toFixed(0)} MiB in ${seconds - WARM_UP_MS / 1000} s, from ${before.toFixed(0)} MiB`,
    )
    const file = path.join(folder, FILE)
    await saveFile(client, file)
    if (canLook()) printDrift(file, values.series ?? false, print)
    else print('record: whether sound and picture part is not measured without ffmpeg and ffprobe')
  } finally {
    for (const browser of browsers) await browser.close()
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
