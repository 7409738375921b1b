import { isIP } from 'node:net'
import { LIMITS } from '@yuntang/protocol'
import { CONFIG_KEYS, type ConfigName } from './config-keys.ts'
import { type PhoneConfig, phoneConfig } from './config-phone.ts'
import { LOG_LEVELS, type LogLevel } from './core/log.ts'
import { proxyOf } from './http/client-address.ts'

export { CONFIG_KEYS, type ConfigKey } from './config-keys.ts'

/** The whole configuration, parsed. Durations in milliseconds; `null` means none or no limit. */
export interface Config {
  /** Null: every address of the machine. */
  readonly host: string | null
  /** 0: any free port. */
  readonly port: number
  readonly https: boolean
  readonly dataDir: string
  readonly databaseUrl: string | null
  readonly appAccount: {
    readonly name: string
    /** Null: made once and kept in the data directory. */
    readonly password: string | null
    readonly authUrl: string | null
  }
  readonly allowGuests: boolean
  /** Lower-case origins; null: any origin. */
  readonly allowedOrigins: readonly string[] | null
  /** Addresses or subnets of the reverse proxies in front of this server. */
  readonly trustedProxies: readonly string[]
  /** Empty: the addresses of this machine. */
  readonly publicIps: readonly string[]
  readonly mediaPort: number
  /** Null: one per core. */
  readonly mediaProcesses: number | null
  /** Null: pages reach the engine directly. */
  readonly relays: RelayConfig | null
  readonly policy: 'open' | 'owner'
  readonly meetingPasswords: 'all' | 'creator'
  readonly maxMeetings: number | null
  readonly maxMembers: number | null
  readonly maxOpenMics: number | null
  readonly resumeMs: number
  readonly sessionMs: number
  readonly emptyMs: number
  readonly engageMs: number
  readonly queuesFile: string | null
  /** Null: the administrator's interface is off. */
  readonly adminToken: string | null
  /** Quota of each meeting's net disk, KB of 1024 bytes. */
  readonly netDiskKb: number
  /** Bytes that the recordings of each app account may take. */
  readonly recordsBytes: number
  /** Words that no message may contain; null: none. */
  readonly forbiddenWordsFile: string | null
  /** Null: there is no telephone. */
  readonly phone: PhoneConfig | null
  readonly logLevel: LogLevel
}

/** External STUN and TURN servers. */
export interface RelayConfig {
  readonly urls: readonly string[]
  /** Shared with the TURN servers; null when there are STUN servers only. */
  readonly secret: string | null
}

/** The configuration, or every reason why it is none: one plain sentence per wrong value. */
export type ParsedConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly string[] }

const MAX_PORT = 65_535
const MAX_PROCESSES = 256
const MAX_COUNT = 1_000_000
const DAY_SECONDS = 86_400
const MAX_MEGABYTES = 1_000_000_000
const YEAR_MINUTES = 525_600
const DEMO_ACCOUNT = 'demo'
const ACCOUNT_CHARS = 128
const TOKEN_CHARS = 16

const ON = new Set(['1', 'true', 'yes', 'on'])
const OFF = new Set(['0', 'false', 'no', 'off'])
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

const urlOf = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null)
const listOf = (text: string) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

const originOf = (text: string): string | null => {
  const url = urlOf(text)
  return url &&
    /^https?:$/.test(url.protocol) &&
    url.origin === text.toLowerCase().replace(/\/$/, '')
    ? url.origin
    : null
}

const isUserCheck = (text: string): boolean => {
  const url = urlOf(text)
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname))
}

/** Reads values one by one and collects what is wrong with them. */
const createReader = (env: Readonly<Record<string, string | undefined>>) => {
  const problems: string[] = []
  const raw = (name: ConfigName): string => {
    const given = env[name]?.trim() ?? ''
    return given === '' ? CONFIG_KEYS.find((key) => key.name === name)!.fallback : given
  }
  const wrong = <T>(name: ConfigName, must: string, instead: T): T => {
    problems.push(`${name} must be ${must}, but it is "${raw(name)}".`)
    return instead
  }
  return {
    problems,
    raw,
    wrong,
    text: (name: ConfigName): string | null => raw(name) || null,
    whole(name: ConfigName, min: number, max: number): number {
      const value = /^\d+$/.test(raw(name)) ? Number(raw(name)) : Number.NaN
      return value >= min && value <= max
        ? value
        : wrong(name, `a whole number from ${min} to ${max}`, min)
    },
    flag(name: ConfigName): boolean {
      const value = raw(name).toLowerCase()
      return ON.has(value) || (!OFF.has(value) && wrong(name, '0 or 1', false))
    },
    choice<const C extends string>(name: ConfigName, choices: readonly [C, ...C[]]): C {
      const found = choices.find((choice) => choice === raw(name).toLowerCase())
      return found ?? wrong(name, `one of ${choices.join(', ')}`, choices[0])
    },
    /** A comma-separated list; `parse` gives null for a part that is not `must`. */
    list<T>(name: ConfigName, must: string, parse: (part: string) => T | null): T[] {
      const parsed = listOf(raw(name)).map(parse)
      const good = parsed.filter((value): value is NonNullable<typeof value> => value !== null)
      return good.length === parsed.length ? good : wrong(name, must, [])
    },
  }
}

/** Reads values one by one. */
export type Reader = ReturnType<typeof createReader>

const limit = (value: number): number | null => (value === 0 ? null : value)

const appAccount = (read: Reader, env: Readonly<Record<string, string | undefined>>) => {
  const name = read.text('APP_ACCOUNT') ?? DEMO_ACCOUNT
  // A password is taken as it is: blanks at its ends may be meant.
  const password = env.APP_PASSWORD || null
  const authUrl = read.text('APP_AUTH_URL')
  if (name.length > ACCOUNT_CHARS)
    read.problems.push(`APP_ACCOUNT must not be longer than ${ACCOUNT_CHARS} characters.`)
  if (name !== DEMO_ACCOUNT && password === null)
    read.problems.push(`APP_PASSWORD must be set for the app account "${name}".`)
  if (authUrl !== null && !isUserCheck(authUrl))
    read.wrong('APP_AUTH_URL', 'an https:// address (http:// only on this machine)', null)
  return { name, password, authUrl }
}

const databaseUrl = (read: Reader): string | null => {
  const url = read.text('DATABASE_URL')
  if (url === null || /^postgres(ql)?:$/.test(urlOf(url)?.protocol ?? '')) return url
  // Not quoted: it may hold a password.
  read.problems.push('DATABASE_URL must be an address like postgres://user:password@host/database.')
  return null
}

const adminToken = (read: Reader): string | null => {
  const token = read.text('ADMIN_TOKEN')
  // Not quoted: it is a secret.
  if (token !== null && token.length < TOKEN_CHARS)
    read.problems.push(`ADMIN_TOKEN must have at least ${TOKEN_CHARS} characters.`)
  return token
}

/** RFC 7064 and 7065: these addresses have no slashes, user or password. */
const RELAY = /^(turns?|stuns?):([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?(\?transport=(udp|tcp))?$/i

/** Whether pages speak TCP or TLS to this relay (RFC 7065 §3.1: TLS where nothing else is said). */
export const overTcp = (url: string): boolean =>
  /^turn:.*[?]transport=tcp$/i.test(url) || /^turns:(?!.*[?]transport=udp$)/i.test(url)

const relays = (read: Reader): RelayConfig | null => {
  const isRelay = (url: string) => url.length <= LIMITS.relayUrlChars && RELAY.test(url)
  const must = 'addresses like turn:turn.example.org:3478?transport=tcp or stun:turn.example.org'
  const urls = read.list('TURN_URLS', must, (url) => (isRelay(url) ? url : null))
  const secret = read.text('TURN_SECRET')
  if (urls.length > LIMITS.relayUrls)
    read.problems.push(`TURN_URLS must not name more than ${LIMITS.relayUrls} addresses.`)
  if (secret === null && urls.some((url) => /^turn/i.test(url)))
    read.problems.push('TURN_SECRET must be set for the TURN servers of TURN_URLS.')
  return urls.length > 0 ? { urls, secret } : null
}

const ARGUMENTS = ['--https']

/**
 * Parses the environment and the command line (without program and script). Pure: reads neither
 * files nor the machine.
 */
export const parseConfig = (
  env: Readonly<Record<string, string | undefined>>,
  argv: readonly string[],
): ParsedConfig => {
  const read = createReader(env)
  for (const argument of argv)
    if (!ARGUMENTS.includes(argument))
      read.problems.push(`The argument "${argument}" is not known; there is only --https.`)

  const origins = read.list('ALLOWED_ORIGINS', 'origins like https://example.org', originOf)
  const mediaProcesses = limit(read.whole('MEDIA_PROCESSES', 0, MAX_PROCESSES))
  const relayConfig = relays(read)
  const mediaPorts = (mediaProcesses ?? 1) * (relayConfig?.urls.some(overTcp) ? 2 : 1)
  const config: Config = {
    host: read.text('HOST'),
    port: read.whole('PORT', 0, MAX_PORT),
    https: read.flag('HTTPS') || argv.includes('--https'),
    dataDir: read.raw('DATA_DIR'),
    databaseUrl: databaseUrl(read),
    appAccount: appAccount(read, env),
    allowGuests: read.flag('ALLOW_GUESTS'),
    allowedOrigins: origins.length > 0 ? origins : null,
    trustedProxies: read.list('TRUST_PROXY', 'IP addresses or subnets like 10.0.0.0/8', proxyOf),
    publicIps: read.list('PUBLIC_IP', 'IP addresses', (ip) => (isIP(ip) ? ip : null)),
    mediaPort: read.whole('MEDIA_PORT', 1, MAX_PORT - mediaPorts + 1),
    mediaProcesses,
    relays: relayConfig,
    policy: read.choice('POLICY', ['open', 'owner']),
    meetingPasswords: read.choice('MEETING_PASSWORDS', ['all', 'creator']),
    maxMeetings: limit(read.whole('MAX_MEETINGS', 0, MAX_COUNT)),
    maxMembers: limit(read.whole('MAX_MEMBERS', 0, MAX_COUNT)),
    maxOpenMics: limit(read.whole('MAX_OPEN_MICS', 0, MAX_COUNT)),
    resumeMs: read.whole('RESUME_SECONDS', 1, DAY_SECONDS) * 1000,
    sessionMs: read.whole('SESSION_SECONDS', 1, DAY_SECONDS) * 1000,
    engageMs: read.whole('ENGAGE_SECONDS', 1, DAY_SECONDS) * 1000,
    queuesFile: read.text('QUEUES_FILE'),
    adminToken: adminToken(read),
    emptyMs: read.whole('EMPTY_MINUTES', 1, YEAR_MINUTES) * 60_000,
    netDiskKb: read.whole('NET_DISK_MB', 0, MAX_MEGABYTES) * 1024,
    recordsBytes: read.whole('RECORDS_MB', 0, MAX_MEGABYTES) * 1024 * 1024,
    forbiddenWordsFile: read.text('FORBIDDEN_WORDS_FILE'),
    phone: phoneConfig(read),
    logLevel: read.choice('LOG_LEVEL', LOG_LEVELS),
  }
  return read.problems.length > 0 ? { ok: false, problems: read.problems } : { ok: true, config }
}
