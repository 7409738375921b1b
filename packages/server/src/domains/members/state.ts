import type { Devices, ErrorCode, Events, Member } from '@yuntang/protocol'

/** Everybody in one meeting, in order of entry. Pure: no clock, no I/O. */
export interface RoomState {
  readonly members: readonly Member[]
}

export const emptyRoom: RoomState = { members: [] }

/** What members are told, by event; applying them to a state gives the next one. */
export type Fact = {
  [K in
    | 'meetings.entered'
    | 'meetings.left'
    | 'members.audioStatus'
    | 'members.videoStatus'
    | 'members.devices'
    | 'members.defaultVideo']: { event: K; data: Events[K] }
}[
  | 'meetings.entered'
  | 'meetings.left'
  | 'members.audioStatus'
  | 'members.videoStatus'
  | 'members.devices'
  | 'members.defaultVideo']

export type Command =
  | { type: 'enter'; userID: string; nickName: string; devices: Devices; phone?: true }
  | { type: 'leave'; userID: string; cause: 'left' | 'lost' }
  | { type: 'openMic'; userID: string; maxOpen: number }
  | { type: 'openCamera'; userID: string; sending: readonly number[] }
  | { type: 'close'; userID: string; kind: 'mic' | 'camera' }
  | { type: 'closeAllMics' }
  | { type: 'setDevices'; userID: string; devices: Devices }

export type Decision = { facts: Fact[] } | { error: ErrorCode }

const find = (state: RoomState, userID: string) => state.members.find((m) => m.userID === userID)

const audio = (m: Member, now: Member['audio']): Fact[] =>
  m.audio === now
    ? []
    : [{ event: 'members.audioStatus', data: { userID: m.userID, old: m.audio, now } }]

const video = (m: Member, now: Member['video'], sending: number[]): Fact[] =>
  m.video === now && m.sending.join() === sending.join()
    ? []
    : [{ event: 'members.videoStatus', data: { userID: m.userID, old: m.video, now, sending } }]

/** Default camera first, then ascending (spec 08 §6). */
const inOrder = (sending: readonly number[], first: number): number[] =>
  [...new Set(sending)].sort((a, b) => Number(b === first) - Number(a === first) || a - b)

const setDevices = (m: Member, d: Devices): Fact[] => {
  const before = m.cameras.map((c) => c.videoID).join()
  const after = d.cameras.map((c) => c.videoID)
  const changed = before !== after.join()
  const facts: Fact[] = []
  if (JSON.stringify([m.cameras, m.multiVideo]) !== JSON.stringify([d.cameras, d.multiVideo]))
    facts.push({
      event: 'members.devices',
      data: { userID: m.userID, cameras: d.cameras, multiVideo: d.multiVideo, changed },
    })
  if (m.defaultVideo !== d.defaultVideo)
    facts.push({
      event: 'members.defaultVideo',
      data: { userID: m.userID, videoID: d.defaultVideo },
    })
  if (!d.mic) facts.push(...audio(m, 1))
  else if (m.audio === 1) facts.push(...audio(m, 2))
  if (after.length === 0) facts.push(...video(m, 1, []))
  else if (m.video === 1) facts.push(...video(m, 2, []))
  else if (m.video === 3) {
    // The page goes on with its default camera, or closes if that fails (spec 08 §2).
    const left = m.sending.filter((id) => after.includes(id))
    const next = after.includes(d.defaultVideo) ? d.defaultVideo : (after[0] as number)
    facts.push(...video(m, 3, left.length ? left : [next]))
  }
  return facts
}

const decideOpenCamera = (m: Member, wanted: readonly number[]): Decision => {
  const known = wanted.every((id) => m.cameras.some((c) => c.videoID === id))
  if (m.video === 1 || wanted.length === 0 || !known) return { error: 'device.none' }
  return { facts: video(m, 3, inOrder(wanted, m.defaultVideo)) }
}

/** What follows from a command; an error changes nothing. */
export const decide = (state: RoomState, c: Command): Decision => {
  if (c.type === 'closeAllMics')
    return { facts: state.members.flatMap((m) => (m.audio === 3 ? audio(m, 2) : [])) }
  const m = find(state, c.userID)
  if (c.type === 'enter') {
    const { mic, cameras, defaultVideo, multiVideo } = c.devices
    const member: Member = {
      userID: c.userID,
      nickName: c.nickName,
      audio: mic ? 2 : 1,
      video: cameras.length ? 2 : 1,
      cameras,
      sending: [],
      defaultVideo,
      multiVideo,
      ...(c.phone ? { phone: true } : {}),
    }
    return { facts: [{ event: 'meetings.entered', data: { member } }] }
  }
  if (!m) return { error: 'member.unknown' }
  switch (c.type) {
    case 'leave':
      return { facts: [{ event: 'meetings.left', data: { userID: c.userID, cause: c.cause } }] }
    case 'openMic':
      if (m.audio === 1) return { error: 'device.none' }
      if (m.audio !== 3 && state.members.filter((o) => o.audio === 3).length >= c.maxOpen)
        return { error: 'mic.limit' }
      return { facts: audio(m, 3) }
    case 'openCamera':
      return decideOpenCamera(m, c.sending)
    case 'close':
      if (c.kind === 'mic') return { facts: m.audio === 3 ? audio(m, 2) : [] }
      return { facts: m.video === 3 ? video(m, 2, []) : [] }
    case 'setDevices':
      return { facts: setDevices(m, c.devices) }
  }
}

const change = (state: RoomState, userID: string, part: Partial<Member>): RoomState => ({
  members: state.members.map((m) => (m.userID === userID ? { ...m, ...part } : m)),
})

/** The state after a fact; the announced event is that fact. */
export const apply = (state: RoomState, { event, data }: Fact): RoomState => {
  switch (event) {
    case 'meetings.entered':
      return { members: [...state.members, data.member] }
    case 'meetings.left':
      return { members: state.members.filter((m) => m.userID !== data.userID) }
    case 'members.audioStatus':
      return change(state, data.userID, { audio: data.now })
    case 'members.videoStatus':
      return change(state, data.userID, { video: data.now, sending: data.sending })
    case 'members.devices':
      return change(state, data.userID, { cameras: data.cameras, multiVideo: data.multiVideo })
    case 'members.defaultVideo':
      return change(state, data.userID, { defaultVideo: data.videoID })
  }
}
