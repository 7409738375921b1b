/** One setting as the operator sees it; the README's table is made of these. */
export interface ConfigKey {
  readonly name: string
  /** As written in the environment; `''` for none. */
  readonly fallback: string
  readonly meaning: string
}

/** Every setting, in the order of the README. All are environment variables. */
export const CONFIG_KEYS = [
  {
    name: 'HOST',
    fallback: '',
    meaning: 'Address to listen on; empty: all addresses, IPv6 and IPv4',
  },
  { name: 'PORT', fallback: '8080', meaning: 'TCP port of the web app, the SDK and signalling' },
  {
    name: 'HTTPS',
    fallback: '0',
    meaning: '1 (or the argument `--https`): serve HTTPS with a self-signed certificate',
  },
  { name: 'DATA_DIR', fallback: './data', meaning: 'Directory of everything the server keeps' },
  {
    name: 'DATABASE_URL',
    fallback: '',
    meaning:
      'PostgreSQL, `postgres://user:password@host:port/database`; empty: the embedded database',
  },
  {
    name: 'APP_ACCOUNT',
    fallback: '',
    meaning: 'App account that pages log in with; empty: `demo`',
  },
  {
    name: 'APP_PASSWORD',
    fallback: '',
    meaning: 'Its password; empty: made once and kept in DATA_DIR (only for `demo`)',
  },
  {
    name: 'APP_AUTH_URL',
    fallback: '',
    meaning: "HTTPS address of the application's own user check; empty: no check",
  },
  {
    name: 'ALLOW_GUESTS',
    fallback: '0',
    meaning: '1: a meeting can be entered with its number and password, without login',
  },
  {
    name: 'ALLOWED_ORIGINS',
    fallback: '',
    meaning: 'Origins of pages that may use this server, comma-separated; empty: any',
  },
  {
    name: 'TRUST_PROXY',
    fallback: '',
    meaning:
      'Reverse proxies whose `X-Forwarded-For` is believed: addresses or subnets, comma-separated',
  },
  {
    name: 'PUBLIC_IP',
    fallback: '',
    meaning:
      'Addresses that browsers reach the media ports at, comma-separated; empty: those of this machine',
  },
  {
    name: 'MEDIA_PORT',
    fallback: '10000',
    meaning: 'UDP port of the first media process; each further one takes the next port',
  },
  { name: 'MEDIA_PROCESSES', fallback: '0', meaning: 'Media processes; 0: one per processor core' },
  {
    name: 'TURN_URLS',
    fallback: '',
    meaning:
      'TURN servers for networks that do not let UDP through to the media ports: `turn:` or `turns:` addresses, comma-separated; over TCP or TLS they reach each media process at one more UDP port, above the others',
  },
  {
    name: 'TURN_SECRET',
    fallback: '',
    meaning: 'Shared secret of the TURN servers (coturn: `static-auth-secret`)',
  },
  {
    name: 'POLICY',
    fallback: 'open',
    meaning:
      '`open`: every member may do everything; `owner`: only the meeting’s creator directs others',
  },
  {
    name: 'MEETING_PASSWORDS',
    fallback: 'all',
    meaning: 'Who sees passwords in the meeting list: `all` users of the account, or the `creator`',
  },
  { name: 'MAX_MEETINGS', fallback: '10000', meaning: 'Meetings per app account; 0: no limit' },
  { name: 'MAX_MEMBERS', fallback: '0', meaning: 'Members per meeting; 0: no limit' },
  { name: 'MAX_OPEN_MICS', fallback: '0', meaning: 'Open microphones per meeting; 0: no limit' },
  {
    name: 'RESUME_SECONDS',
    fallback: '30',
    meaning: 'How long a lost connection keeps its place and may return unnoticed',
  },
  {
    name: 'SESSION_SECONDS',
    fallback: '120',
    meaning: "How long an accepted call survives without its user's connection",
  },
  {
    name: 'ENGAGE_SECONDS',
    fallback: '60',
    meaning: 'How long an agent may take to call a customer that it accepted',
  },
  {
    name: 'QUEUES_FILE',
    fallback: '',
    meaning: 'JSON file with the first service queues; empty: two open ones',
  },
  {
    name: 'ADMIN_TOKEN',
    fallback: '',
    meaning:
      'Bearer token, 16 characters or more, of the queues and recordings interfaces; empty: they are off',
  },
  { name: 'EMPTY_MINUTES', fallback: '30', meaning: 'A meeting without members ends after this' },
  {
    name: 'NET_DISK_MB',
    fallback: '1024',
    meaning: 'Room on the net disk of each meeting',
  },
  {
    name: 'RECORDS_MB',
    fallback: '10240',
    meaning: 'Room for the uploaded recordings of each app account',
  },
  {
    name: 'FORBIDDEN_WORDS_FILE',
    fallback: '',
    meaning: 'Text file with one word or phrase per line that no message may contain; empty: none',
  },
  {
    name: 'SIP_TRUNK',
    fallback: '',
    meaning:
      'SIP trunk for telephones: `host:port`, with `tcp:` before it for TCP; empty: no telephones',
  },
  { name: 'SIP_USER', fallback: '', meaning: 'User at the trunk; empty: it knows this address' },
  { name: 'SIP_PASSWORD', fallback: '', meaning: 'Its password' },
  {
    name: 'SIP_CALLER_ID',
    fallback: '',
    meaning: 'Number that called telephones see; empty: `SIP_USER`',
  },
  {
    name: 'SIP_REWRITE',
    fallback: '',
    meaning:
      'What beginnings of called numbers become, the first that fits: `00=+,0=+86`, comma-separated',
  },
  {
    name: 'SIP_REGISTER',
    fallback: '0',
    meaning: '1: registers at the trunk, so that calls to its numbers come here',
  },
  {
    name: 'SIP_ADDRESS',
    fallback: '',
    meaning: 'IP address for telephones; empty: the one from which the trunk is reached',
  },
  { name: 'SIP_PORT', fallback: '5060', meaning: 'Port for SIP, UDP or TCP as the trunk' },
  {
    name: 'SIP_PUBLIC_IP',
    fallback: '',
    meaning: 'IP address that the trunk is told, behind NAT; empty: the same',
  },
  {
    name: 'SIP_SOUND_PORTS',
    fallback: '20000-20199',
    meaning: 'UDP ports for the sound of telephones, two for each call',
  },
  {
    name: 'DIAL_IN',
    fallback: '0',
    meaning: '1: who calls a number of the trunk is asked for a meeting and its password',
  },
  {
    name: 'SIP_LANGUAGE',
    fallback: 'both',
    meaning: 'What callers are spoken to in: `zh`, `en`, or `both`',
  },
  {
    name: 'LOG_LEVEL',
    fallback: 'info',
    meaning: '`trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`',
  },
] as const satisfies readonly ConfigKey[]

export type ConfigName = (typeof CONFIG_KEYS)[number]['name']
