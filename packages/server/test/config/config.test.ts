import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CONFIG_KEYS, type Config, parseConfig } from '../../src/config.ts'

const good = (env: Record<string, string> = {}, argv: string[] = []): Config => {
  const parsed = parseConfig(env, argv)
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'))
  return parsed.config
}
const problems = (env: Record<string, string>, argv: string[] = []): readonly string[] => {
  const parsed = parseConfig(env, argv)
  return parsed.ok ? [] : parsed.problems
}

describe('configuration', () => {
  it('02 §3: nothing set gives a working server with the account demo', () => {
    expect(good()).toEqual({
      host: null,
      port: 8080,
      https: false,
      dataDir: './data',
      databaseUrl: null,
      appAccount: { name: 'demo', password: null, authUrl: null },
      allowGuests: false,
      allowedOrigins: null,
      trustedProxies: [],
      publicIps: [],
      mediaPort: 10_000,
      mediaProcesses: null,
      relays: null,
      policy: 'open',
      meetingPasswords: 'all',
      maxMeetings: 10_000,
      maxMembers: null,
      maxOpenMics: null,
      resumeMs: 30_000,
      sessionMs: 120_000,
      engageMs: 60_000,
      queuesFile: null,
      adminToken: null,
      emptyMs: 1_800_000,
      netDiskKb: 1_048_576,
      recordsBytes: 10_737_418_240,
      forbiddenWordsFile: null,
      phone: null,
      logLevel: 'info',
    })
  })

  it('every setting is read', () => {
    const config = good({
      HOST: '127.0.0.1',
      PORT: '9000',
      HTTPS: '1',
      DATA_DIR: '/srv/calls',
      DATABASE_URL: 'postgres://u:p@db/calls',
      APP_ACCOUNT: 'shop',
      APP_PASSWORD: ' with blanks ',
      APP_AUTH_URL: 'https://shop.example/check',
      ALLOW_GUESTS: 'yes',
      ALLOWED_ORIGINS: 'https://Shop.example, http://localhost:3000/',
      TRUST_PROXY: '127.0.0.1, 10.0.0.0/8',
      PUBLIC_IP: '203.0.113.7, 2001:db8::1',
      MEDIA_PORT: '20000',
      MEDIA_PROCESSES: '4',
      TURN_URLS: 'turn:turn.example:3478?transport=tcp, stun:[2001:db8::1]',
      TURN_SECRET: 'shared with coturn',
      POLICY: 'owner',
      MEETING_PASSWORDS: 'creator',
      MAX_MEETINGS: '10',
      MAX_MEMBERS: '50',
      MAX_OPEN_MICS: '6',
      RESUME_SECONDS: '5',
      SESSION_SECONDS: '60',
      ENGAGE_SECONDS: '20',
      QUEUES_FILE: 'queues.json',
      ADMIN_TOKEN: 'sixteen letters!',
      EMPTY_MINUTES: '1',
      NET_DISK_MB: '5',
      RECORDS_MB: '7',
      FORBIDDEN_WORDS_FILE: 'words.txt',
      SIP_TRUNK: 'tcp:sip.example.org:5070',
      SIP_USER: 'yuntang',
      SIP_PASSWORD: 'a trunk password',
      SIP_CALLER_ID: '02155550100',
      SIP_REWRITE: '00=+, 0=+86',
      SIP_REGISTER: '1',
      SIP_ADDRESS: '192.0.2.9',
      SIP_PORT: '5066',
      SIP_PUBLIC_IP: '203.0.113.9',
      SIP_SOUND_PORTS: '30000-30099',
      DIAL_IN: '1',
      SIP_LANGUAGE: 'zh',
      LOG_LEVEL: 'DEBUG',
    })
    expect(config).toEqual({
      host: '127.0.0.1',
      port: 9000,
      https: true,
      dataDir: '/srv/calls',
      databaseUrl: 'postgres://u:p@db/calls',
      appAccount: {
        name: 'shop',
        password: ' with blanks ',
        authUrl: 'https://shop.example/check',
      },
      allowGuests: true,
      allowedOrigins: ['https://shop.example', 'http://localhost:3000'],
      trustedProxies: ['127.0.0.1', '10.0.0.0/8'],
      publicIps: ['203.0.113.7', '2001:db8::1'],
      mediaPort: 20_000,
      mediaProcesses: 4,
      relays: {
        urls: ['turn:turn.example:3478?transport=tcp', 'stun:[2001:db8::1]'],
        secret: 'shared with coturn',
      },
      policy: 'owner',
      meetingPasswords: 'creator',
      maxMeetings: 10,
      maxMembers: 50,
      maxOpenMics: 6,
      resumeMs: 5000,
      sessionMs: 60_000,
      engageMs: 20_000,
      queuesFile: 'queues.json',
      adminToken: 'sixteen letters!',
      emptyMs: 60_000,
      netDiskKb: 5120,
      recordsBytes: 7_340_032,
      forbiddenWordsFile: 'words.txt',
      phone: {
        trunk: { host: 'sip.example.org', port: 5070, transport: 'tcp' },
        user: 'yuntang',
        password: 'a trunk password',
        callerID: '02155550100',
        rewrites: [
          { beginning: '00', instead: '+' },
          { beginning: '0', instead: '+86' },
        ],
        register: true,
        address: '192.0.2.9',
        port: 5066,
        publicAddress: '203.0.113.9',
        soundPorts: { first: 30_000, last: 30_099 },
        dialIn: { language: 'zh' },
      },
      logLevel: 'debug',
    })
  })

  it('an empty or blank value is the default; --https is HTTPS=1', () => {
    expect(good({ PORT: '', LOG_LEVEL: '  ' })).toEqual(good())
    expect(good({}, ['--https']).https).toBe(true)
  })

  it.each<[string, string, string]>([
    ['PORT', '80a', 'PORT must be a whole number from 0 to 65535, but it is "80a".'],
    ['PORT', '65536', 'PORT must be a whole number from 0 to 65535, but it is "65536".'],
    ['PORT', '-1', 'PORT must be a whole number from 0 to 65535, but it is "-1".'],
    ['MEDIA_PORT', '0', 'MEDIA_PORT must be a whole number from 1 to 65535, but it is "0".'],
    ['HTTPS', 'maybe', 'HTTPS must be 0 or 1, but it is "maybe".'],
    ['ALLOW_GUESTS', '2', 'ALLOW_GUESTS must be 0 or 1, but it is "2".'],
    ['POLICY', 'closed', 'POLICY must be one of open, owner, but it is "closed".'],
    [
      'TRUST_PROXY',
      'loopback',
      'TRUST_PROXY must be IP addresses or subnets like 10.0.0.0/8, but it is "loopback".',
    ],
    ['PUBLIC_IP', '1.2.3', 'PUBLIC_IP must be IP addresses, but it is "1.2.3".'],
    [
      'ALLOWED_ORIGINS',
      'https://a.example/x',
      'ALLOWED_ORIGINS must be origins like https://example.org, but it is "https://a.example/x".',
    ],
    [
      'APP_AUTH_URL',
      'http://shop.example/check',
      'APP_AUTH_URL must be an https:// address (http:// only on this machine), but it is "http://shop.example/check".',
    ],
    [
      'TURN_URLS',
      'turn:turn.example',
      'TURN_SECRET must be set for the TURN servers of TURN_URLS.',
    ],
    [
      'TURN_URLS',
      'turn://turn.example',
      'TURN_URLS must be addresses like turn:turn.example.org:3478?transport=tcp or stun:turn.example.org, but it is "turn://turn.example".',
    ],
    ['DIAL_IN', '1', 'SIP_TRUNK must be set for DIAL_IN.'],
    ['APP_ACCOUNT', 'shop', 'APP_PASSWORD must be set for the app account "shop".'],
    [
      'RESUME_SECONDS',
      '0',
      'RESUME_SECONDS must be a whole number from 1 to 86400, but it is "0".',
    ],
  ])('%s=%s is one plain sentence', (name, value, sentence) => {
    expect(problems({ [name]: value })).toEqual([sentence])
  })

  it('every wrong value is named, not only the first', () => {
    expect(problems({ PORT: 'x', LOG_LEVEL: 'loud' }, ['--http'])).toHaveLength(3)
  })

  it('a wrong DATABASE_URL is refused without repeating the password in it', () => {
    const [sentence] = problems({ DATABASE_URL: 'mysql://u:geheim@db/x' })
    expect(sentence).toMatch(/^DATABASE_URL must be/)
    expect(sentence).not.toContain('geheim')
  })

  it('a short ADMIN_TOKEN is refused without repeating it', () => {
    const [sentence] = problems({ ADMIN_TOKEN: 'geheim' })
    expect(sentence).toBe('ADMIN_TOKEN must have at least 16 characters.')
  })

  it('a user check on this machine may be plain http', () => {
    for (const url of ['http://127.0.0.1:9/c', 'http://localhost/c', 'http://[::1]:1/c'])
      expect(good({ APP_AUTH_URL: url }).appAccount.authUrl).toBe(url)
  })

  it('CONFIG_KEYS has every name once and its defaults parse to the defaults', () => {
    const names = CONFIG_KEYS.map((key) => key.name)
    expect(new Set(names).size).toBe(names.length)
    const defaults = Object.fromEntries(CONFIG_KEYS.map((key) => [key.name, key.fallback]))
    expect(good(defaults)).toEqual(good())
  })
})

it('fuzz: whatever the environment says, it is a configuration or one sentence for each thing that is wrong', () => {
  const value = fc.oneof(
    fc.constantFrom('', '0', '1', '-1', '1e9', '99999999999999999999', ' ', ',', ';', '[::1]'),
    fc.constantFrom('http://', 'https://x', 'turn:x', 'tcp:x:5060', '10.0.0.0/8', '20000-1', '🙂'),
    fc.constantFrom('__proto__', '\u0000', '\ud800', 'x'.repeat(5_000), '00=+,0=+86', '%00', 'a=b'),
    fc.string({ maxLength: 20 }),
    fc.integer().map(String),
  )
  const env = fc.dictionary(fc.constantFrom(...CONFIG_KEYS.map(({ name }) => name)), value, {
    maxKeys: 6,
  })
  fc.assert(
    fc.property(env, fc.array(fc.string({ maxLength: 10 }), { maxLength: 2 }), (given, argv) => {
      const parsed = parseConfig(given, argv)
      if (parsed.ok) return
      expect(parsed.problems.length).toBeGreaterThan(0)
      for (const problem of parsed.problems) expect(problem).toMatch(/\.$/)
    }),
    { seed: 20_261_129, numRuns: 2_000 },
  )
})
