import type { EventName, Events, Member as WireMember } from '@yuntang/protocol'
import { dial } from '../../../sdk/src/link/dial.ts'
import { createLink, type Link } from '../../../sdk/src/link/link.ts'
import { difference } from '../../../sdk/src/meeting/difference.ts'
import { fold, type MeetingEvent, type Replica } from '../../../sdk/src/meeting/replica.ts'
import type { Network, World } from './world.ts'

const DEVICES = { mic: true, cameras: [], defaultVideo: 0, multiVideo: false }
let loads = 0

/** One page of a user: the SDK's own link, and a member list that every event must fit. */
export class Member {
  readonly network: Network = { up: true, swallow: false, slow: false, sockets: new Set() }
  readonly problems: string[] = []
  link: Link | null = null
  loggedIn = false
  members: readonly WireMember[] | null = null
  unanswered = 0
  /** Answered with success, by subject. */
  readonly created: string[] = []
  #entering = false

  constructor(
    private readonly world: World,
    readonly userID: string,
    private readonly meeting: () => number,
  ) {}

  /** A new page load of the user, unless one is under way or at work. */
  async login(): Promise<void> {
    if (this.link) return
    const env = this.world.env(this.network)
    const instance = `page-load-${++loads}`
    const greeted = await dial(
      ['ws://x/ws'],
      { instance },
      env,
      new AbortController().signal,
    ).catch(() => null)
    if (!greeted || this.link) return
    const link: Link = createLink(greeted, instance, ['ws://x/ws'], env, {
      event: (name, data) => this.#hear(link, name, data),
      state() {},
      ended: () => this.#ended(link),
    })
    this.link = link
    await this.#send('session.login', {
      account: 'demo',
      password: '0'.repeat(32),
      nickName: '',
      userID: this.userID,
    }).then(
      () => {
        if (this.link === link) this.loggedIn = true
      },
      () => {
        if (this.link === link) this.quit()
      },
    )
  }

  #send(...args: Parameters<Link['send']>): Promise<unknown> {
    if (!this.link) return Promise.reject(new Error('no link'))
    this.unanswered += 1
    return this.link.send(...args).finally(() => {
      this.unanswered -= 1
    })
  }

  #ended(link: Link): void {
    if (this.link !== link) return
    this.link = null
    this.loggedIn = false
    this.members = null
    this.#entering = false
  }

  #hear(link: Link, name: EventName, data: unknown): void {
    if (this.link !== link) return
    const event = { name, data } as MeetingEvent
    if (event.name === 'session.lineOff') link.fail(event.data.code)
    else if (event.name === 'meetings.dropped' || event.name === 'meetings.stopped')
      this.members = null
    else if (event.name === 'session.resync') this.#resync(event.data)
    else if (this.members) this.#take(event)
  }

  #resync({ meeting }: Events['session.resync']): void {
    if (!this.members) {
      if (meeting && !this.#entering) this.#send('meetings.exit', {}).catch(() => {})
      return
    }
    if (!meeting) {
      this.members = null
      return
    }
    for (const event of difference(this.members, meeting.members)) this.#take(event)
    this.members = meeting.members
  }

  /** An event that is lost or doubled does not fit what is known. */
  #take(event: MeetingEvent): void {
    const known = (userID: string) => this.members?.find((m) => m.userID === userID)
    if (event.name === 'meetings.entered' && known(event.data.member.userID))
      this.problems.push(`${this.userID}: ${event.data.member.userID} entered twice`)
    if (event.name === 'meetings.left' && !known(event.data.userID))
      this.problems.push(`${this.userID}: ${event.data.userID} left without being there`)
    if (event.name === 'members.audioStatus' && known(event.data.userID)?.audio !== event.data.old)
      this.problems.push(
        `${this.userID}: ${event.data.userID} was ${known(event.data.userID)?.audio}, not ${event.data.old}`,
      )
    const replica: Replica = { members: this.members ?? [], nickNames: new Map() }
    this.members = fold(replica, event).members
  }

  enter(): void {
    if (!this.loggedIn || this.members || this.#entering) return
    const link = this.link
    this.#entering = true
    this.#send('meetings.enter', {
      id: this.meeting(),
      password: '',
      nickName: this.userID,
      devices: DEVICES,
    }).then(
      (snapshot) => {
        if (this.link !== link) return
        this.#entering = false
        this.members = (snapshot as { members: WireMember[] }).members
      },
      () => {
        if (this.link === link) this.#entering = false
      },
    )
  }

  /** What the server says the meeting is, over the seat held already. */
  async reread(): Promise<readonly WireMember[]> {
    const again = { id: this.meeting(), password: '', nickName: this.userID, devices: DEVICES }
    return ((await this.#send('meetings.enter', again)) as { members: WireMember[] }).members
  }

  leave(): void {
    if (!this.members) return
    this.members = null
    this.#send('meetings.exit', {}).catch(() => {})
  }

  mic(open: boolean): void {
    if (!this.members) return
    const sent = open
      ? this.#send('members.openMic', {})
      : this.#send('members.close', { userID: this.userID, kind: 'mic' })
    sent.catch(() => {})
  }

  create(subject: string): void {
    if (!this.loggedIn) return
    const key = `request-${subject}`
    this.#send('meetings.create', { subject, withPassword: false, key }).then(
      () => this.created.push(subject),
      () => {},
    )
  }

  /** The page is closed; `tell` false: it crashes. */
  quit(tell = true): void {
    const { link } = this
    if (!link) return
    if (!tell) this.network.swallow = true
    link.close()
    this.#ended(link)
    if (!tell) this.network.sockets.clear()
    this.network.swallow = false
  }
}
