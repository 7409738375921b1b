import type { EventName, MeetingSnapshot } from '@yuntang/protocol'
import { dial } from '../../../sdk/src/link/dial.ts'
import { createLink, type Link } from '../../../sdk/src/link/link.ts'
import { createBoards, type OwnedBoards } from '../../../sdk/src/meeting/board.ts'
import type { BoardElement, Boards } from '../../../sdk/src/meeting/board-api.ts'
import type { MeetingEvent } from '../../../sdk/src/meeting/replica.ts'
import type { Network, World } from './world.ts'

const DEVICES = { mic: true, cameras: [], defaultVideo: 0, multiVideo: false }

/** All boards with all their elements, in order. */
export type Content = Record<string, { images: string[]; pages: BoardElement[][] }>

export const contentOf = (boards: Boards): Content =>
  Object.fromEntries(
    boards.list.map(({ boardID, pageCount }) => {
      const pages = Array.from({ length: pageCount }, (_, page) => page)
      return [
        boardID,
        {
          images: pages.map((page) => boards.image(boardID, page)),
          pages: pages.map((page) => boards.elements(boardID, page)),
        },
      ]
    }),
  )

/** One page of a user in a meeting: the SDK's own link and its own whiteboards. */
export class BoardMember {
  readonly network: Network = { up: true, swallow: false, slow: false, sockets: new Set() }
  #owned: OwnedBoards | null = null
  #link: Link | null = null

  constructor(
    private readonly world: World,
    readonly userID: string,
  ) {}

  get boards(): Boards {
    if (!this.#owned) throw new Error(`${this.userID} is outside`)
    return this.#owned.boards
  }

  /** Logs in and enters; without a meeting it makes one. */
  async enter(meeting: number | null): Promise<number> {
    const { world, network, userID } = this
    const instance = `page-load-of-${userID}`
    const env = world.env(network)
    const signal = new AbortController().signal
    const greeted = await dial(['ws://x/ws'], { instance }, env, signal)
    const link = createLink(greeted, instance, ['ws://x/ws'], env, {
      event: (name, data) => this.#hear(name, data),
      state() {},
      ended() {
        throw new Error(`${userID} was thrown out`)
      },
    })
    this.#link = link
    const password = '0'.repeat(32)
    await link.send('session.login', { account: 'demo', password, nickName: '', userID })
    const id =
      meeting ??
      (
        await link.send('meetings.create', {
          subject: '',
          withPassword: false,
          key: 'the-first-request',
        })
      ).id
    const entry = { id, password: '', nickName: userID, devices: DEVICES }
    const snapshot = await link.send('meetings.enter', entry)
    this.#owned = createBoards(snapshot, {
      send: link.send,
      me: userID,
      now: () => world.pageClock.now(),
      after: (ms, run) => world.pageClock.schedule(ms, run),
    })
    return id
  }

  #hear(name: EventName, data: unknown): void {
    if (name === 'session.resync') {
      const { meeting } = data as { meeting: MeetingSnapshot | null }
      if (!meeting) throw new Error(`${this.userID} lost the seat`)
      this.#owned?.part.resync?.(meeting)
    } else this.#owned?.part.handle?.({ name, data } as MeetingEvent)
  }

  quit(): void {
    this.#owned?.part.close?.()
    this.#link?.close()
  }
}
