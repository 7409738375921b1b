import { DOMAINS, type In, type Method, type RequestDef, type Requests } from '@yuntang/protocol'
import { MD5 } from './page.ts'

/** Requests that pages send; the greeting is the gateway's own. */
export type Asked = Exclude<Method, 'session.hello'>

/** Every request of the contract by its name. */
export const REQUESTS: ReadonlyMap<Asked, RequestDef> = new Map(
  Object.entries(DOMAINS).flatMap(([domain, { requests }]) =>
    Object.entries(requests as Record<string, RequestDef>).flatMap(([name, def]) =>
      `${domain}.${name}` === 'session.hello' ? [] : [[`${domain}.${name}` as Asked, def] as const],
    ),
  ),
)

export const DEVICES = {
  mic: true,
  cameras: [{ videoID: 1, name: 'c' }],
  defaultVideo: 1,
  multiVideo: true,
}
const RECORDING = '0'.repeat(32)
const HEAD = 'A'.repeat(43)
const KEY = 'a key of a page of 32 characters'
const RECT = { x: 0, y: 0, w: 100, h: 100 }
const element = { elementID: 'e', type: 1, left: 0, top: 0 }
const board = { boardID: 'b', title: 't', width: 100, height: 100, pageCount: 2 }

/**
 * For each request of the contract what a page may send: well-formed, about another user, meeting or
 * thing where it names one. The type asks for a row whenever a request is added.
 */
export const samples = (about: {
  readonly meeting: number
  readonly password: string
  readonly slug: string
  readonly user: string
  readonly queue: number
  readonly file: string
  readonly record: string
}): { readonly [M in Asked]: In<Requests[M]> } => {
  const { meeting, password, slug, user, queue, file, record } = about
  const call = { callID: 'call-1', ext: 'ext' }
  const ref = { id: meeting, password, extra: '{"a":1}' }
  const stamp = {
    ...{ recording: RECORDING, bytes: 1, head: HEAD, final: false },
    ...{ time: 1, account: 'demo', userID: user, meeting, signature: 'A'.repeat(86) },
  }
  return {
    'session.login': { account: 'demo', password: MD5, nickName: 'n', userID: 'other' },
    'session.logout': {},
    'meetings.create': { subject: 's', withPassword: true, key: 'key of a meeting' },
    'meetings.destroy': { id: meeting },
    'meetings.list': {},
    'meetings.resolve': { slug },
    'meetings.enter': { id: meeting, password, nickName: 'n', devices: DEVICES },
    'meetings.exit': {},
    'members.openMic': {},
    'members.openCamera': { sending: [1] },
    'members.close': { userID: user, kind: 'mic' },
    'members.closeAllMics': {},
    'members.askOpen': { userID: user, kind: 'camera' },
    'members.askDefaultVideo': { userID: user, videoID: 1 },
    'members.setDevices': DEVICES,
    'rtc.publish': { sdp: 'v=0', tracks: [{ mid: '0', kind: 'mic', videoID: 0 }] },
    'rtc.receive': { sdp: 'v=0' },
    'rtc.answer': { sdp: 'v=0', version: 1 },
    'rtc.watch': { videos: [{ userID: user, videoID: 1, height: 180 }], screen: 360, media: 360 },
    'rtc.relays': {},
    'presence.setDnd': { value: 1 },
    'presence.list': { after: 0 },
    'presence.watch': {},
    'presence.unwatch': {},
    'calls.call': { ...call, called: user, meeting: ref },
    'calls.accept': { ...call, meeting: ref },
    'calls.reject': call,
    'calls.hangUp': call,
    'calls.invite': {
      ...call,
      callID: 'call-2',
      called: user,
      meeting: ref,
      family: 'clientInvite',
    },
    'calls.cancelInvite': { ...call, family: 'clientInvite' },
    'calls.current': {},
    'phones.hangUp': { userID: user },
    'channel.command': { task: 't', to: user, data: 'd' },
    'channel.offer': { task: 't', to: user, kind: 'file', size: 5, name: 'f' },
    'channel.continue': { transfer: 1 },
    'channel.cancel': { transfer: 1 },
    'channel.accept': { transfer: 1, offset: 0 },
    'channel.finish': { transfer: 1 },
    'channel.delivered': { transfer: 1 },
    'channel.refuse': { transfer: 1 },
    'queues.init': {},
    'queues.statuses': {},
    'queues.join': { queue, text: 'text' },
    'queues.leave': {},
    'queues.serve': { queue },
    'queues.stopServing': { queue },
    'queues.next': {},
    'queues.accept': { queue, userID: user },
    'queues.reject': { queue, userID: user },
    'netdisk.summary': {},
    'netdisk.list': {},
    'netdisk.unfinished': {},
    'netdisk.upload': { fileID: file, type: 0, fileName: 'f', size: 5 },
    'netdisk.finish': { fileID: file, md5: MD5 },
    'netdisk.cancel': { fileID: file },
    'netdisk.download': { fileID: file },
    'netdisk.remove': { fileID: file },
    'im.send': { text: 'hello', to: '', key: 'k' },
    'im.history': { after: 0 },
    'pages.switch': { main: 1, sub: 'b' },
    'pages.setWall': { mode: 4 },
    'pages.setMainVideo': { userID: user },
    'board.edit': {
      first: 1,
      actions: [
        { do: 'create', board },
        { do: 'page', boardID: 'b', page: 0, img: '', elements: [element], from: 0, more: false },
        { do: 'add', boardID: 'b', page: 0, element: { ...element, elementID: 'f' } },
        { do: 'modify', boardID: 'b', page: 0, element: { ...element, left: 1 } },
        { do: 'delete', boardID: 'b', page: 0, ids: ['e'] },
        { do: 'close', boardID: 'b' },
      ],
    },
    'board.read': { cut: null, from: 0 },
    'board.point': { boardID: 'b', page: 0, x: 1, y: 1 },
    'screen.start': { rect: RECT },
    'screen.resize': { rect: { ...RECT, w: 50 } },
    'screen.stop': {},
    'screen.give': { userID: user },
    'screen.release': {},
    'screen.input': { inputs: [{ mouse: 0, button: 0, x: 1, y: 1 }] },
    'screen.mark': { id: 'm', color: 1, width: 2, from: 0, points: [1, 1, 2, 2] },
    'screen.unmark': {},
    'screen.marks': { after: 0 },
    'media.start': { name: 'film.mp4', width: 320, height: 180, duration: 9_000, paused: 0, at: 0 },
    'media.move': { paused: 1, at: 5 },
    'media.stop': { reason: 0 },
    'evidence.stamp': { recording: RECORDING, bytes: 1, head: HEAD, final: false },
    'evidence.attach': { recording: RECORDING, from: 0, stamps: [stamp] },
    'records.begin': { key: KEY, name: 'a.mp4', to: '/a/b.mp4', size: 5 },
    'records.finish': {
      ...{ key: KEY, size: 5, md5: MD5, duration: 1, mimeType: 'video/mp4' },
      evidence: { recording: RECORDING, stamps: 1 },
    },
    'records.cancel': { key: KEY },
    'records.list': { before: 'x', limit: 5 },
    'records.usage': {},
    'records.url': { id: record, download: true },
    'records.manifest': { id: record },
    'records.remove': { id: record },
  }
}
