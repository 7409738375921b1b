/**
 * Scenarios of sipp, put together from steps. The first INVITE is remembered, so that it can be answered
 * after other messages: `[$via]` and so on are its header values.
 */

const capture = (...pairs: readonly (readonly [header: string, name: string])[]) =>
  pairs
    .map(
      ([header, name]) =>
        `<ereg regexp=".*" search_in="hdr" header="${header}:" assign_to="${name}"/>`,
    )
    .join('')

const REMEMBER = `<action>${capture(
  ['Via', 'via'],
  ['From', 'from'],
  ['To', 'to'],
  ['CSeq', 'cseq'],
)}<ereg regexp="sip:[^&gt;]*" search_in="hdr" header="Contact:" assign_to="contact"/></action>`

const NAMES = ['via', 'from', 'to', 'cseq', 'contact', 'seen', 'auth']

/** A whole scenario. sipp refuses what is assigned and not used, and what is used and not assigned. */
export const scenario = (...steps: string[]): string => {
  const text = steps.join('\n')
  const assigned = NAMES.filter((name) => text.includes(`assign_to="${name}"`))
  const used = assigned.length ? `<Reference variables="${assigned.join(',')}"/>` : ''
  return `<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="telephone">
${text}
${used}
</scenario>`
}

export const message = (lines: readonly string[], body = '', attributes = ''): string =>
  `<send ${attributes}><![CDATA[

${lines.join('\n')}
${body ? 'Content-Type: application/sdp\n' : ''}Content-Length: [len]

${body}
]]></send>`

export interface SoundOptions {
  readonly port?: number
  readonly address?: string
  readonly formats?: string
  readonly direction?: string
  readonly version?: number
}

/** A description. */
export const sound = ({
  port = 6000,
  address = '127.0.0.1',
  formats = '8 101',
  direction = 'sendrecv',
  version = 1,
}: SoundOptions = {}): string =>
  `v=0
o=- 7 ${version} IN IP4 ${address}
s=-
c=IN IP4 ${address}
t=0 0
m=audio ${port} RTP/AVP ${formats}
a=rtpmap:8 PCMA/8000
a=rtpmap:111 opus/48000/2
a=rtpmap:101 telephone-event/8000
a=${direction}
`

export const CONTACT = 'Contact: <sip:trunk@[local_ip]:[local_port];transport=[transport]>'

/** Waits for the INVITE that the rest answers. */
export const invited = (attributes = ''): string =>
  `<recv request="INVITE" ${attributes}>${REMEMBER}</recv>`

export const receive = (method: string, attributes = '', inside = ''): string =>
  `<recv request="${method}" ${attributes}>${inside}</recv>`

export const received = (status: number, attributes = '', inside = ''): string =>
  `<recv response="${status}" ${attributes}>${inside}</recv>`

/** What must stand in a header of the message. */
export const expecting = (header: string, pattern: string): string =>
  `<action><ereg regexp="${pattern}" search_in="hdr" header="${header}:" check_it="true" assign_to="seen"/></action>`

export interface AnswerOptions {
  readonly tag?: string
  readonly headers?: readonly string[]
  readonly body?: string
  readonly attributes?: string
}

/** An answer to the remembered INVITE. */
export const answer = (status: string, options: AnswerOptions = {}): string => {
  const { tag = 'trunk', headers = [], body = '', attributes = '' } = options
  const lines = [
    `SIP/2.0 ${status}`,
    'Via:[$via]',
    'From:[$from]',
    status.startsWith('100') ? 'To:[$to]' : `To:[$to];tag=${tag}`,
    'Call-ID: [call_id]',
    'CSeq:[$cseq]',
    CONTACT,
    ...headers,
  ]
  return message(lines, body, attributes)
}

/** An answer to the last message. */
export const reply = (status: string, headers: readonly string[] = [], body = ''): string =>
  message(
    [
      `SIP/2.0 ${status}`,
      '[last_Via:]',
      '[last_From:]',
      '[last_To:]',
      '[last_Call-ID:]',
      '[last_CSeq:]',
      CONTACT,
      ...headers,
    ],
    body,
  )

/** A request of the called side inside the call that it answered. */
export const ask = (
  method: string,
  options: {
    cseq?: number
    tag?: string
    headers?: readonly string[]
    body?: string
    raw?: string
  } = {},
): string => {
  const { cseq = 1, tag = 'trunk', headers = [], body = '' } = options
  return message(
    [
      `${method} [$contact] SIP/2.0`,
      'Via: SIP/2.0/[transport] [local_ip]:[local_port];rport;branch=[branch]',
      `From:[$to];tag=${tag}`,
      'To:[$from]',
      'Call-ID: [call_id]',
      `CSeq: ${cseq} ${method}`,
      'Max-Forwards: 70',
      CONTACT,
      ...headers,
    ],
    body,
    method === 'ACK' ? '' : 'retrans="500"',
  )
}

/** A request of a caller. `to` has the called side's tag once it is known, by `[peer_tag_param]`. */
export const call = (
  method: string,
  options: {
    cseq?: number
    headers?: readonly string[]
    body?: string
    within?: boolean
    branch?: string
    attributes?: string
  } = {},
): string => {
  const { cseq = 1, headers = [], body = '', within = false, branch = '[branch]' } = options
  return message(
    [
      `${method} sip:[service]@[remote_ip]:[remote_port] SIP/2.0`,
      `Via: SIP/2.0/[transport] [local_ip]:[local_port];rport;branch=${branch}`,
      'From: "Caller" <sip:+491234@[local_ip]:[local_port]>;tag=[call_number]caller',
      `To: <sip:[service]@[remote_ip]:[remote_port]>${within ? '[peer_tag_param]' : ''}`,
      'Call-ID: [call_id]',
      `CSeq: ${cseq} ${method}`,
      'Max-Forwards: 70',
      CONTACT,
      ...headers,
    ],
    body,
    options.attributes ?? (method === 'ACK' ? '' : 'retrans="500"'),
  )
}

export const pause = (ms: number): string => `<pause milliseconds="${ms}"/>`
