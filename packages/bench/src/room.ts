import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createCountedEngine, type EngineFigures } from '@yuntang/media'
import { MediaRoom } from './room/media-room.ts'
import { type RoomOptions, roomOptions } from './room/options.ts'
import { createSignalling } from './room/signalling.ts'

type Print = (line: string) => void

/** Figures and the processor time of the whole process, at one moment. */
interface Moment {
  readonly at: number
  readonly cpu: number
  readonly figures: EngineFigures
}

const percent = (part: number, whole: number) =>
  `${((100 * part) / Math.max(1, whole)).toFixed(2)} %`

/** What happened between two moments, in one line. */
const figureLine = (a: Moment, b: Moment, room: MediaRoom): string => {
  const seconds = (b.at - a.at) / 1000
  const since = (name: keyof EngineFigures) => b.figures[name] - a.figures[name]
  const way = (packets: number, bytes: number) =>
    `${(packets / seconds).toFixed(0)} packets/s ${((bytes * 8) / seconds / 1e6).toFixed(2)} Mbit/s`
  const packetsIn = since('packetsIn')
  const lost = Math.max(0, since('lostIn'))
  return (
    `room: ${room.publishers.length} publishers, ${room.viewers} viewers, ${b.figures.connected} connections; ` +
    `in ${way(packetsIn, since('bytesIn'))}, lost ${percent(lost, packetsIn + lost)}; ` +
    `out ${way(since('packetsOut'), since('bytesOut'))}, asked for again ${percent(since('missedOut'), since('packetsOut'))}; ` +
    `CPU ${((b.cpu - a.cpu) / 1e6 / seconds).toFixed(2)} cores`
  )
}

/** A running room. */
export interface RunningRoom {
  readonly url: string
  figures(): EngineFigures
  close(): Promise<void>
}

/** Starts engine and signalling; rejects when a port is taken. */
export const startRoom = async (options: RoomOptions, print: Print): Promise<RunningRoom> => {
  const { host, mediaPort, announce } = options
  const { engine, figures } = await createCountedEngine({
    port: mediaPort,
    bind: host,
    announce,
    log: (level, text) => {
      if (level === 'error' || level === 'warn') print(`room: ${text}`)
    },
  })
  const room = new MediaRoom(engine, options)
  const moment = (): Moment => {
    const { user, system } = process.cpuUsage()
    return { at: performance.now(), cpu: user + system, figures: figures() }
  }
  const server = createSignalling(room, () => ({
    ...figures(),
    publishers: room.publishers.length,
    viewers: room.viewers,
    cpuSeconds: moment().cpu / 1e6,
  }))
  const timer = setInterval(() => {
    const now = moment()
    print(figureLine(last, now, room))
    last = now
  }, options.every * 1000)
  let last = moment()
  const close = async () => {
    clearInterval(timer)
    server.closeAllConnections()
    server.close()
    room.close()
    await engine.close()
  }
  try {
    server.listen(options.port, host)
    await once(server, 'listening')
  } catch (error) {
    await close()
    throw error
  }
  const { port } = server.address() as AddressInfo
  const name = host.includes(':') ? `[${host}]` : host
  return { url: `http://${name}:${port}`, figures, close }
}

/** `npm run bench -- room`: a media room for other load tools, until the process is told to end. */
export const roomBench = async (args: readonly string[], print: Print): Promise<void> => {
  const options = roomOptions(args)
  const room = await startRoom(options, print)
  print(
    `room: ${room.url} – POST an SDP offer to /whip to publish, to /whep to watch; media on UDP ${options.mediaPort}`,
  )
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  await room.close()
}
