import { parseArgs } from 'node:util'

/** How a media room is started. */
export interface RoomOptions {
  /** Address of signalling and media. */
  readonly host: string
  /** TCP, signalling; 0 takes any. */
  readonly port: number
  /** UDP, media. */
  readonly mediaPort: number
  /** Addresses told to pages; default: the host's own, or the bound one. */
  readonly announce: readonly string[]
  readonly publishers: number
  readonly viewers: number
  /** Seconds between two lines of figures. */
  readonly every: number
}

const OPTIONS = {
  host: { type: 'string', default: '127.0.0.1' },
  port: { type: 'string', default: '8360' },
  'media-port': { type: 'string', default: '8361' },
  announce: { type: 'string', default: '' },
  publishers: { type: 'string', default: '50' },
  viewers: { type: 'string', default: '200' },
  every: { type: 'string', default: '5' },
} as const

const whole = (name: string, value: string, least: number, most: number): number => {
  const number = Number(value)
  if (!/^\d+$/.test(value) || number < least || number > most)
    throw new Error(`--${name} is a number from ${least} to ${most}`)
  return number
}

/** Reads the command line of `room`; throws with one sentence. */
export const roomOptions = (args: readonly string[]): RoomOptions => {
  const { values } = parseArgs({ args: [...args], options: OPTIONS })
  return {
    host: values.host,
    port: whole('port', values.port, 0, 65_535),
    mediaPort: whole('media-port', values['media-port'], 1, 65_535),
    announce: values.announce ? values.announce.split(',') : [],
    publishers: whole('publishers', values.publishers, 1, 1000),
    viewers: whole('viewers', values.viewers, 1, 2000),
    every: whole('every', values.every, 1, 3600),
  }
}
