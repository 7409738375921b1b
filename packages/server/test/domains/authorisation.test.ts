import type { MeetingInfo, StoredRecord } from '@yuntang/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestApp, type TestApp, TestPage } from '../support/page.ts'
import { type Asked, REQUESTS, samples } from '../support/requests.ts'

const CONTENT = 'hello'
const MD5_OF_IT = '5d41402abc4b2a76b9719d911017c592'
const KEY = 'upload key of alice'
/** Each in what only its own people may see. */
const SECRETS = /alice-secret/

let test: TestApp
let alice: TestPage
let meeting: MeetingInfo
let open: MeetingInfo
let about: Parameters<typeof samples>[0]
let before: string

const make = async (page: TestPage, subject: string) =>
  (await page.call('meetings.create', { subject, withPassword: true })) as MeetingInfo

/** Everything of alice that somebody might take or change, as she sees it. */
const possessions = async (): Promise<string> => {
  const { meetings } = (await alice.call('meetings.list')) as { meetings: MeetingInfo[] }
  const seen: unknown[] = meetings.filter(({ creator }) => creator === 'alice')
  const asked: [Asked, object][] = [
    ['netdisk.list', {}],
    ['records.list', {}],
    ['im.history', {}],
    ['board.read', { cut: null, from: 0 }],
    ['screen.marks', { after: 0 }],
    ['queues.init', {}],
    ['calls.current', {}],
    ['meetings.enter', { id: meeting.id, password: meeting.password, ...SEAT }],
  ]
  for (const [request, params] of asked) seen.push(await alice.call(request, params))
  alice.acknowledge()
  return JSON.stringify(seen)
}
const SEAT = {
  nickName: 'n',
  devices: { mic: true, cameras: [], defaultVideo: 0, multiVideo: false },
}

beforeAll(async () => {
  test = await startTestApp({ allowGuests: true, policy: 'owner' })
  alice = await new TestPage(test).login('alice', 'acme')
  meeting = await make(alice, 'alice-secret plans')
  await alice.call('meetings.enter', { id: meeting.id, password: meeting.password, ...SEAT })
  const queue = await test.app.queues.create('acme', {
    ...{ name: 'alice-secret queue', desc: '', priority: 1, maxWaiting: 0, maxWaitMs: 0 },
    ...{ agents: null, global: false },
  })
  const file = { fileID: 'alice-secret.txt', type: 0, fileName: 'alice-secret.txt', size: 5 }
  const upload = async (request: Asked, params: object) => {
    const { path } = (await alice.call(request, params)) as { path: string }
    test.blobs.contents.set(/uploads\/([\w-]+)\?/.exec(path)?.[1] ?? '', Buffer.from(CONTENT))
  }
  await upload('netdisk.upload', file)
  await alice.call('netdisk.finish', { fileID: file.fileID })
  await upload('records.begin', { key: KEY, name: 'alice-secret.mp4', size: 5 })
  const finished = { key: KEY, size: 5, md5: MD5_OF_IT, duration: 1, mimeType: 'video/mp4' }
  const { record } = (await alice.call('records.finish', finished)) as { record: StoredRecord }
  await alice.call('im.send', { text: 'alice-secret words', to: '', key: 'k' })
  await alice.call('board.edit', {
    first: 1,
    actions: [
      {
        do: 'create',
        board: { boardID: 'b', title: 'alice-secret', width: 99, height: 99, pageCount: 1 },
      },
    ],
  })
  await alice.call('screen.start', { rect: { x: 0, y: 0, w: 9, h: 9 } })
  await alice.call('screen.mark', { id: 'm', color: 1, width: 1, points: [1, 1] })
  about = {
    meeting: meeting.id,
    password: 'guessed',
    slug: meeting.url.split('/').at(-1) ?? '',
    user: 'alice',
    queue: queue?.id ?? 0,
    file: file.fileID,
    record: record.id,
  }
  open = await make(await new TestPage(test).login('host', 'acme'), 'open')
  before = await possessions()
  expect(before.match(/alice-secret/g)?.length).toBeGreaterThanOrEqual(6)
}, 60_000)
afterAll(async () => {
  test.app.close()
  await test.storage.close()
})

/** A page without a login inside a meeting, whose number and password it was told. */
const seated = async (page: TestPage, { id, password }: MeetingInfo): Promise<TestPage> => {
  const answer = await page.call('meetings.enter', { id, password, ...SEAT })
  if (typeof answer === 'string') throw new Error(answer)
  return page
}
const greeted = () => {
  const page = new TestPage(test)
  page.hello()
  return page
}
const member = async (userID: string, account: string): Promise<TestPage> => {
  const page = await new TestPage(test).login(userID, account)
  return seated(page, await make(page, 'own'))
}

/** Who asks: each asks everything of the contract, about what is alice's. */
const PERSONS = {
  stranger: async () => greeted(),
  'guest in another meeting': async () => seated(greeted(), open),
  'colleague in another meeting': () => member('bob', 'acme'),
  'user of another account': () => member('carl', 'rival'),
  'namesake in another account': () => member('alice', 'rival'),
} as const
type Person = keyof typeof PERSONS

/** Every request of these domains. */
const all = (...domains: string[]) =>
  [...REQUESTS.keys()].filter((request) => domains.includes(request.split('.')[0] ?? ''))
const SESSIONS: Asked[] = ['meetings.create', 'meetings.destroy', 'meetings.list']
const OF_OTHERS: Asked[] = [
  ...(['netdisk.finish', 'netdisk.download', 'netdisk.remove'] as const),
  ...(['records.url', 'records.manifest', 'records.remove'] as const),
]
/** Where nobody is of that name, nothing is shared, nothing is theirs: as if alice were not there. */
const IN_ANOTHER_MEETING = {
  'meeting.password': ['meetings.enter'],
  'device.none': ['members.openCamera'],
  'screen.none': ['screen.resize', 'screen.stop', 'screen.mark'],
  'permission.denied': ['screen.give', 'screen.release', 'screen.input'],
  'playing.none': ['media.move', 'media.stop'],
  'file.unknown': OF_OTHERS,
  'file.incomplete': ['records.finish'],
} satisfies Refused
const NO_CALL: Asked[] = ['calls.accept', 'calls.reject', 'calls.hangUp', 'calls.cancelInvite']
const ABOUT_MEMBERS: Asked[] = [
  ...(['members.close', 'members.askOpen', 'members.askDefaultVideo', 'phones.hangUp'] as const),
]
const ABOUT_TRANSFERS = all('channel').filter((r) => !/command|offer/.test(r))
const ABOUT_QUEUES: Asked[] = [
  ...(['queues.join', 'queues.serve', 'queues.stopServing'] as const),
  ...(['queues.accept', 'queues.reject'] as const),
]
const LOGGED_IN = {
  'login.state': ['session.login'],
  'call.unknown': NO_CALL,
  'channel.too-late': ABOUT_TRANSFERS,
} satisfies Refused

type Refused = { readonly [code: string]: readonly Asked[] }
interface Expected {
  readonly refused: Refused
  /** Answers from which the page learns something of alice: her account's users may, links may. */
  readonly told: readonly Asked[]
  /** What alice hears of it. */
  readonly heard: readonly Asked[]
}

/** Everything that is not refused acts on what is the asker's own. */
const EXPECTED: Readonly<Record<Person, Expected>> = {
  stranger: {
    refused: {
      'login.required': [
        ...SESSIONS,
        ...all('presence', 'calls', 'channel', 'queues', 'evidence', 'records'),
      ],
      'meeting.outside': all(
        ...['members', 'rtc', 'phones', 'netdisk', 'im', 'pages', 'board', 'screen', 'media'],
      ),
      'meeting.password': ['meetings.enter'],
    },
    told: ['meetings.resolve'],
    heard: [],
  },
  'guest in another meeting': {
    refused: {
      ...IN_ANOTHER_MEETING,
      'login.required': [...SESSIONS, ...all('presence', 'calls', 'channel', 'queues')],
      'member.unknown': ABOUT_MEMBERS,
      'permission.denied': [
        ...IN_ANOTHER_MEETING['permission.denied'],
        ...(['members.closeAllMics', ...all('pages')] as const),
      ],
    },
    told: ['meetings.resolve'],
    heard: [],
  },
  'colleague in another meeting': {
    refused: {
      ...IN_ANOTHER_MEETING,
      ...LOGGED_IN,
      'member.unknown': [...ABOUT_MEMBERS, 'pages.setMainVideo'],
      'permission.denied': [
        ...IN_ANOTHER_MEETING['permission.denied'],
        ...(['meetings.destroy', 'calls.invite'] as const),
      ],
      'queue.not-serving': ['queues.stopServing', 'queues.next'],
      'queue.gone': ['queues.accept', 'queues.reject'],
    },
    told: ['meetings.list', 'meetings.resolve', 'queues.init'],
    heard: ['calls.call', 'channel.command', 'channel.offer'],
  },
  'user of another account': {
    refused: {
      ...IN_ANOTHER_MEETING,
      ...LOGGED_IN,
      'member.unknown': [...ABOUT_MEMBERS, 'pages.setMainVideo'],
      'meeting.unknown': ['meetings.destroy', 'calls.call', 'calls.invite'],
      'channel.offline': ['channel.command', 'channel.offer'],
      'queue.unknown': ABOUT_QUEUES,
      'queue.not-serving': ['queues.next'],
    },
    told: ['meetings.resolve'],
    heard: [],
  },
  // What it says of its own name is about itself.
  'namesake in another account': {
    refused: {
      ...IN_ANOTHER_MEETING,
      ...LOGGED_IN,
      'member.unknown': ['phones.hangUp'],
      'meeting.unknown': ['meetings.destroy'],
      'param.invalid': ['calls.call', 'calls.invite'],
      'queue.unknown': ABOUT_QUEUES,
      'queue.not-serving': ['queues.next'],
    },
    told: ['meetings.resolve'],
    heard: [],
  },
}
const sorted = (refused: Refused) =>
  Object.fromEntries(Object.entries(refused).map(([code, asked]) => [code, [...asked].sort()]))

it.each(Object.keys(PERSONS) as Person[])(
  'every request of the contract, about what is somebody else’s, by a %s',
  async (person) => {
    const refused: Record<string, Asked[]> = {}
    const told: Asked[] = []
    const heard: Asked[] = []
    const params = samples(about)
    for (const request of REQUESTS.keys()) {
      const page = await PERSONS[person]()
      const before = alice.frames.length
      const answer = await page.call(request, params[request])
      if (typeof answer === 'string') refused[answer] = [...(refused[answer] ?? []), request]
      if (SECRETS.test(JSON.stringify(page.frames))) told.push(request)
      if (alice.frames.length > before) heard.push(request)
      page.cut(4001)
      alice.acknowledge()
      test.clock.advance(1500)
    }
    const expected = EXPECTED[person]
    expect({ refused: sorted(refused), told, heard }).toEqual({
      ...expected,
      refused: sorted(expected.refused),
    })
    expect(await possessions()).toBe(before)
  },
  120_000,
)

it('07 §1.4, policy `owner`: a member without rights of its own directs nobody and takes nothing', async () => {
  const page = await seated(await new TestPage(test).login('dora', 'acme'), meeting)
  const params = samples(about)
  const directing: Asked[] = [
    ...(['members.close', 'members.closeAllMics', 'members.askOpen'] as const),
    ...(['members.askDefaultVideo', 'meetings.destroy', 'netdisk.remove'] as const),
    ...(['pages.switch', 'pages.setWall', 'pages.setMainVideo'] as const),
    ...(['screen.give', 'screen.release', 'screen.input'] as const),
  ]
  for (const request of directing)
    expect([request, await page.call(request, params[request])]).toEqual([
      request,
      'permission.denied',
    ])
  const others: [Asked, string][] = [
    ['netdisk.upload', 'file.owner'],
    ['netdisk.finish', 'file.unknown'],
    ['screen.start', 'screen.taken'],
    ['screen.stop', 'screen.none'],
    ['records.url', 'file.unknown'],
    ['records.remove', 'file.unknown'],
  ]
  for (const [request, code] of others)
    expect([request, await page.call(request, params[request])]).toEqual([request, code])
  const close = { first: 1, actions: [{ do: 'close', boardID: 'b' }] }
  expect(await page.call('board.edit', close)).toMatchObject({ refused: [0] })
  page.cut(4001)
})
