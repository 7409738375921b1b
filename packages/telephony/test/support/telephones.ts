import { randomBytes } from 'node:crypto'
import { afterEach } from 'vitest'
import {
  type Call,
  type Clock,
  createTelephone,
  type IncomingCall,
  type Telephone,
  type TelephoneOptions,
} from '../../src/index.ts'
import { type NotedMedia, notedMedia } from './lines.ts'

export const realClock: Clock = {
  now: () => Date.now(),
  schedule(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

const open: Telephone[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((telephone) => telephone.close()))
})

export interface TestTelephone {
  readonly telephone: Telephone
  readonly media: NotedMedia
  readonly log: string[]
}

/** A telephone on a trunk of this machine; it is closed after the test. */
export const startTelephone = async (
  trunk: { port: number; transport?: 'udp' | 'tcp' },
  options: Partial<TelephoneOptions> = {},
): Promise<TestTelephone> => {
  const media = notedMedia()
  const log: string[] = []
  const telephone = await createTelephone({
    trunk: { host: '127.0.0.1', port: trunk.port, transport: trunk.transport ?? 'udp' },
    user: 'yun',
    password: 'secret',
    callerID: '+861000',
    rewrite: (number) => number,
    localAddress: '',
    localPort: 0,
    media,
    clock: realClock,
    ids: () => randomBytes(12).toString('hex'),
    log: (level, text, data) =>
      log.push(
        `${level} ${text} ${data ? JSON.stringify(data, (_, v) => String(v?.stack ?? v)) : ''}`,
      ),
    ...options,
  })
  open.push(telephone)
  return { telephone, media, log }
}

/** Everything a call told, in order, such as `ringing`, `digit 5`, `ended busy 486`. */
export const story = (
  call: Call,
): { readonly told: string[]; until(what: string): Promise<void> } => {
  const told: string[] = []
  let check = () => {}
  const note = (text: string) => {
    told.push(text)
    check()
  }
  call.on('ringing', () => note('ringing'))
  call.on('answered', () => note('answered'))
  call.on('digit', (digit) => note(`digit ${digit}`))
  call.on('ended', (why, status) => note(`ended ${why} ${status}`))
  return {
    told,
    until: (what) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`no “${what}” in ${JSON.stringify(told)}`)),
          15_000,
        )
        check = () => {
          if (!told.some((text) => text.startsWith(what))) return
          clearTimeout(timer)
          resolve()
        }
        check()
      }),
  }
}

/** The next call that comes in. */
export const nextCall = (telephone: Telephone): Promise<IncomingCall> =>
  new Promise((resolve) => {
    const off = telephone.on('incoming', (call) => {
      off()
      resolve(call)
    })
  })
