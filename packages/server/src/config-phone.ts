import { isIP } from 'node:net'
import type { Reader } from './config.ts'
import type { PromptLanguage } from './domains/phones/prompts.ts'

/** A SIP trunk and how it is used. */
export interface PhoneConfig {
  readonly trunk: {
    readonly host: string
    readonly port: number
    readonly transport: 'udp' | 'tcp'
  }
  readonly user: string
  readonly password: string
  readonly callerID: string
  /** In order; the first that fits is applied. */
  readonly rewrites: readonly NumberRewrite[]
  readonly register: boolean
  /** Empty: the one from which the trunk is reached. */
  readonly address: string
  readonly port: number
  /** Empty: the same. */
  readonly publicAddress: string
  readonly soundPorts: { readonly first: number; readonly last: number }
  /** Who calls is asked for a meeting; null: nobody may call. */
  readonly dialIn: { readonly language: PromptLanguage } | null
}

/** Numbers that begin so get this instead of that beginning. */
export interface NumberRewrite {
  readonly beginning: string
  readonly instead: string
}

const TRUNK = /^(?:(udp|tcp):)?([\w.-]+|\[[\da-f:.]+\])(?::(\d{1,5}))?$/i
const REWRITE = /^([\d+*#]*)=([\d+*#]*)$/
const RANGE = /^(\d{1,5})-(\d{1,5})$/
const SIP_PORT = 5060
const MAX_PORT = 65_535
/** Ports of one call: RTP and RTCP. */
const PORTS_PER_CALL = 2

/** A number as people write it to what the trunk wants: blanks go, then the first rewrite that fits. */
export const rewriteNumber = (rewrites: readonly NumberRewrite[], number: string): string => {
  const plain = number.replace(/[\s()/-]/g, '')
  const fits = rewrites.find(({ beginning }) => plain.startsWith(beginning))
  return fits ? fits.instead + plain.slice(fits.beginning.length) : plain
}

const soundPorts = (read: Reader) => {
  const [, first, last] = RANGE.exec(read.raw('SIP_SOUND_PORTS'))?.map(Number) ?? []
  if (first && last && first >= 1024 && last <= MAX_PORT && last - first >= PORTS_PER_CALL - 1)
    return { first, last }
  return read.wrong('SIP_SOUND_PORTS', 'two ports like 20000-20199', { first: 0, last: 0 })
}

const address = (read: Reader, name: 'SIP_ADDRESS' | 'SIP_PUBLIC_IP'): string => {
  const text = read.text(name) ?? ''
  return text === '' || isIP(text) ? text : read.wrong(name, 'an IP address', '')
}

/** Null without `SIP_TRUNK`. */
export const phoneConfig = (read: Reader): PhoneConfig | null => {
  const given = read.text('SIP_TRUNK')
  if (given === null) {
    if (read.flag('DIAL_IN')) read.problems.push('SIP_TRUNK must be set for DIAL_IN.')
    return null
  }
  const [, transport = 'udp', host = '', port] = TRUNK.exec(given) ?? []
  const number = Number(port ?? SIP_PORT)
  if (!host || number < 1 || number > MAX_PORT)
    read.wrong('SIP_TRUNK', 'an address like sip.example.org:5060 or tcp:192.0.2.1', null)
  const user = read.text('SIP_USER') ?? ''
  const register = read.flag('SIP_REGISTER')
  if (register && user === '') read.problems.push('SIP_USER must be set to register at the trunk.')
  const language = read.choice('SIP_LANGUAGE', ['zh', 'en', 'both'])
  return {
    trunk: { host, port: number, transport: transport.toLowerCase() === 'tcp' ? 'tcp' : 'udp' },
    user,
    password: read.raw('SIP_PASSWORD'),
    callerID: read.text('SIP_CALLER_ID') ?? user,
    rewrites: read.list('SIP_REWRITE', 'rewrites like 0=+86,00=+', (part) => {
      const [, beginning, instead] = REWRITE.exec(part) ?? []
      return beginning === undefined || instead === undefined ? null : { beginning, instead }
    }),
    register,
    address: address(read, 'SIP_ADDRESS'),
    port: read.whole('SIP_PORT', 0, MAX_PORT),
    publicAddress: address(read, 'SIP_PUBLIC_IP'),
    soundPorts: soundPorts(read),
    dialIn: read.flag('DIAL_IN') ? { language } : null,
  }
}
