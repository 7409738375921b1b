import type { MeetingSnapshot } from '@yuntang/protocol'
import type { EndReason, Meeting, MeetingEvents, MemberInfo, RemoteOpenPolicy } from '../api.ts'
import { createEmitter } from '../emitter.ts'
import { YuntangError } from '../errors.ts'
import type { FileStore } from '../files/files.ts'
import type { FileKeys } from '../files/sealed/file-keys.ts'
import type { Send } from '../link/link.ts'
import { createLocalMeters } from '../media/local-meters.ts'
import type { MediaDeps, MediaMeasures, MeetingMedia, OwnedDevices } from '../media/port.ts'
import { createFrames } from '../raw/frames.ts'
import { createPcm } from '../raw/pcm.ts'
import type { Voices } from '../recording/run.ts'
import { createScreen } from '../screen/screen.ts'
import type { OwnedLocalMedia } from '../shared-media/local-media.ts'
import { createSharedMedia } from '../shared-media/shared-media.ts'
import { createBoards } from './board.ts'
import { createChat } from './chat.ts'
import { difference } from './difference.ts'
import type { NetDisk } from './netdisk-api.ts'
import { createOwnMember } from './own-member.ts'
import { createPages } from './pages.ts'
import type { MeetingPart } from './part.ts'
import { fold, fromSnapshot, isOtherSet, type MeetingEvent, watchable } from './replica.ts'
import { createWatches } from './watches.ts'

export interface MeetingDeps {
  readonly send: Send
  readonly devices: OwnedDevices
  readonly files: FileStore
  readonly keys: FileKeys
  /** What this page plays for itself alone. */
  readonly localMedia: Pick<OwnedLocalMedia, 'on' | 'busy' | 'sound'>
  /** null: devices work locally only (spec 08 §2.2). */
  readonly createMedia: ((deps: MediaDeps) => MeetingMedia) | null
  remoteOpen(): RemoteOpenPolicy
  /** A fresh unique identifier. */
  newID(): string
  createNetDisk(send: Send): NetDisk & MeetingPart
  /** The page leaves: the owner ends the meeting and tells the server. */
  leave(): void
}

/** The meeting as its owner, the client, drives it. */
export interface OwnedMeeting extends Meeting {
  handle(event: MeetingEvent): void
  /**
   * The server's list as it is now; what changed is told like events. `mediaLost`: events of the
   * media connections were lost too, so both are built anew.
   */
  resync(snapshot: MeetingSnapshot, mediaLost: boolean): void
  setLinkState(live: boolean): void
  /** The members' sound now; my own only while my microphone is open here. */
  voices(): Voices
  /** Releases everything synchronously; getters answer empty from here on. Idempotent. */
  shut(): void
  /** Tells the listeners, after {@link shut}; nothing is emitted afterwards. */
  announceEnd(reason: EndReason): void
}

export const createMeeting = (snapshot: MeetingSnapshot, deps: MeetingDeps): OwnedMeeting => {
  const { send, devices } = deps
  const { id, subject, owner, url, me, policy } = snapshot
  const events = createEmitter<MeetingEvents>()
  let replica = fromSnapshot(snapshot)
  let over = false

  const act: Send = (method, params, signal) =>
    over ? Promise.reject(new YuntangError('meeting.outside')) : send(method, params, signal)

  const measuring = {
    devices,
    me,
    micOpen: (userID: string) => findMember(userID)?.audio === 3,
    energy(userID: string, old: number, now: number) {
      // Somebody who left is gone with its level.
      if (findMember(userID)) events.emit('energy', { userID, old, now })
    },
    network(level: number) {
      if (!over) events.emit('network', { level })
    },
  }
  const media =
    deps.createMedia?.({
      ...measuring,
      request: act,
      relays: snapshot.relays ?? null,
      stream(userID, videoID, stream) {
        if (over) return
        watches.refresh()
        events.emit('video', { userID, videoID, stream })
      },
      screenStream() {
        if (!over) screen.streamed()
      },
      heardChanged() {
        if (!over) pcm.refresh()
      },
      mediaStream() {
        if (!over) sharedMedia.streamed()
      },
    }) ?? null
  const measures: MediaMeasures = media ?? createLocalMeters(measuring)

  const own = createOwnMember({
    me,
    send: act,
    devices,
    media,
    events,
    changed: () => watches.refresh(),
  })

  const nickName = (userID: string) => replica.nickNames.get(userID) ?? ''
  const listMembers = (): MemberInfo[] =>
    over
      ? []
      : replica.members.map((member) =>
          member.userID === me ? own.overlay(member.nickName) : member,
        )
  const findMember = (userID: string): MemberInfo | null => {
    if (over) return null
    const member = replica.members.find((other) => other.userID === userID) ?? null
    return member?.userID === me ? own.overlay(member.nickName) : member
  }

  const watches = createWatches({
    me,
    member: findMember,
    stream: (userID, videoID) =>
      userID === me ? own.stream(videoID) : (media?.stream(userID, videoID) ?? null),
    want(list) {
      media?.setWatches(list)
      receive(list.length > 0)
    },
  })

  let receiving = false
  /** Opens the receiving connection at its first use (spec 07 §2). */
  const receive = (needed: boolean) => {
    if (!media || receiving || !needed || over) return
    receiving = true
    media.openReceiver().catch((error: unknown) => {
      receiving = false
      if (!over) console.warn(error)
    })
  }
  const receiveIfHeard = () =>
    receive(replica.members.some(({ userID, audio }) => userID !== me && audio === 3))

  const update = (event: MeetingEvent) => {
    replica = fold(replica, event)
    watches.refresh()
    receiveIfHeard()
  }

  const remoteOpen = async (kind: 'mic' | 'camera', by: string) => {
    const policy = deps.remoteOpen()
    const allowed = typeof policy === 'function' ? await policy(kind, by) : policy === 'auto'
    if (allowed && !over) await (kind === 'mic' ? own.mic : own.camera).open()
  }

  const watch: Meeting['watch'] = (want, onStream) =>
    over ? { resize() {}, close() {} } : watches.add(want, onStream)
  const { localMedia } = deps
  /** All that is played on this page (spec 08 §9). */
  const heard = () => {
    const played = [sharedMedia.sound, localMedia.sound]
    return [...(media?.heard ?? []), ...played.filter((sound) => sound !== null)]
  }
  const pcm = createPcm({
    over: () => over,
    sources: (side) => (side === 'heard' ? heard() : own.sound),
    files: deps.files,
  })
  events.on('audioStatus', ({ userID }) => {
    if (userID === me) pcm.refresh()
  })
  const endLocal = localMedia.on('changed', () => pcm.refresh())

  const chat = createChat(snapshot, { me, send: act, nickName, newID: deps.newID })
  const netdisk = deps.createNetDisk(act)
  const board = createBoards(snapshot, {
    send: act,
    me,
    now: () => Date.now(),
    after(ms, run) {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
  })
  const screen = createScreen(snapshot, {
    me,
    send: act,
    media,
    receive: () => receive(true),
    isMember: (userID) => findMember(userID) !== null,
    nickName,
    newID: deps.newID,
  })
  const sharedMedia = createSharedMedia(snapshot, {
    me,
    send: act,
    media,
    files: deps.files,
    keys: deps.keys,
    devices,
    now: () => performance.now(),
    receive: () => receive(true),
    playsLocally: () => localMedia.busy,
  })
  sharedMedia.on('changed', () => pcm.refresh())
  const pages = createPages(snapshot, act, board.arrived)
  /** In the order in which they hear of what happens. */
  const parts: readonly MeetingPart[] = [chat, pages, netdisk, board.part, screen, sharedMedia]

  const handle = (event: MeetingEvent) => {
    if (over) return
    for (const part of parts) part.handle?.(event)
    const mine = 'userID' in event.data && event.data.userID === me
    switch (event.name) {
      case 'meetings.entered':
        update(event)
        events.emit('memberEntered', { member: event.data.member })
        return
      case 'meetings.left':
        update(event)
        events.emit('memberLeft', event.data)
        return
      case 'members.audioStatus': {
        const { userID, old, now } = event.data
        update(event)
        if (mine) own.mic.told(now)
        else events.emit('audioStatus', { userID, old, now })
        return
      }
      case 'members.videoStatus': {
        const { userID, old, now, sending } = event.data
        const before = findMember(userID)?.sending ?? []
        update(event)
        if (mine) own.camera.told(now)
        else if (old !== now || isOtherSet(before, sending))
          events.emit('videoStatus', { userID, old, now })
        return
      }
      case 'members.devices':
        update(event)
        if (!mine)
          events.emit('cameras', { userID: event.data.userID, changed: event.data.changed })
        return
      case 'members.defaultVideo':
        update(event)
        if (!mine) events.emit('defaultVideo', event.data)
        return
      case 'members.openRequested':
        remoteOpen(event.data.kind, event.data.by).catch((error: unknown) => console.warn(error))
        return
      case 'members.defaultVideoRequested':
        devices.setDefaultVideo(event.data.videoID)
        return
      case 'rtc.offer':
        media?.offer(event.data)
        return
      case 'rtc.layers':
        media?.layers(event.data.media ? 'media' : event.data.videoID, event.data.rids)
        return
      case 'rtc.reset':
        media?.reset()
        return
    }
  }

  receiveIfHeard()

  return {
    id,
    subject,
    owner,
    url,
    me,
    policy,
    netdisk,
    on: events.on,
    once: events.once,
    get members() {
      return listMembers()
    },
    member: findMember,
    nickName: (userID) => (over ? '' : nickName(userID)),
    get watchable() {
      return watchable(listMembers())
    },
    energy: (userID) => (measuring.micOpen(userID) ? measures.energyOf(userID) : 0),
    get networkLevel() {
      return over ? 0 : measures.networkLevel
    },
    board: board.boards,
    mic: own.mic,
    camera: own.camera,
    chat,
    pages,
    screen,
    media: sharedMedia,
    async close(userID, kind) {
      if (userID === me && !over) (kind === 'mic' ? own.mic : own.camera).close()
      else await act('members.close', { userID, kind })
    },
    async closeAllMics() {
      await act('members.closeAllMics', {})
    },
    async askOpen(userID, kind) {
      if (userID === me && !over) await (kind === 'mic' ? own.mic : own.camera).open()
      else await act('members.askOpen', { userID, kind })
    },
    async hangUpPhone(userID) {
      await act('phones.hangUp', { userID })
    },
    async askDefaultVideo(userID, videoID) {
      if (userID === me && !over) devices.setDefaultVideo(videoID)
      else await act('members.askDefaultVideo', { userID, videoID })
    },
    watch,
    frames: createFrames(watch),
    pcm: pcm.pcm,
    pcmFile: pcm.pcmFile,
    leave() {
      if (!over) deps.leave()
    },
    handle,
    resync(fresh, mediaLost) {
      if (over) return
      media?.setRelays(fresh.relays ?? null)
      if (mediaLost) media?.reset()
      for (const event of difference(replica.members, fresh.members)) handle(event)
      if (over) return
      // The order of entry, too, is the server's.
      replica = fromSnapshot(fresh, replica)
      watches.refresh()
      receiveIfHeard()
      for (const part of parts) part.resync?.(fresh)
    },
    setLinkState: (live) => measures.setLinkState(live),
    voices() {
      if (over) return { own: [], others: [], media: [] }
      const { heard = [], heardMedia = [] } = media ?? {}
      const { sound } = sharedMedia
      return {
        own: own.sound,
        others: heard.filter((stream) => !heardMedia.includes(stream)),
        media: sound ? [sound] : heardMedia,
      }
    },
    shut() {
      if (over) return
      over = true
      endLocal()
      pcm.close()
      measures.close()
      own.release()
      watches.close()
      for (const part of parts) part.close?.()
    },
    announceEnd(reason) {
      events.emit('ended', { reason })
      events.clear()
    },
  }
}
