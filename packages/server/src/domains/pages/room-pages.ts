import { FIRST_PAGES, type MeetingSnapshot, type PagesState } from '@yuntang/protocol'
import type { Room } from '../../actor/room.ts'
import type { RoomPart } from '../../actor/room-part.ts'
import { createGatherer, type Gatherer } from '../../core/gather.ts'
import type { Log } from '../../core/log.ts'
import type { PagesStore } from '../../storage/port.ts'
import type { Fact } from '../members/state.ts'
import { apply, decide, type PagesCommand } from './state.ts'

export interface RoomPagesDeps {
  readonly store: PagesStore
  readonly log: Log
  /** Asked of the whiteboards. */
  boardExists(meeting: number, boardID: string): boolean
}

interface Pages {
  state: PagesState
  readonly writes: Gatherer<PagesState, void>
}

/** Page, wall and main video of all meetings (spec 11 §2–4). */
export class RoomPages implements RoomPart {
  readonly #pages = new Map<number, Pages>()
  readonly #running = new Set<Promise<void>>()

  constructor(private readonly deps: RoomPagesDeps) {}

  /** What an earlier run kept; who is main video must have come back with its seat. */
  async start(isMember: (meeting: number, userID: string) => boolean): Promise<void> {
    for (const [meeting, state] of await this.deps.store.all())
      this.#pages.set(
        meeting,
        this.#made(
          meeting,
          isMember(meeting, state.mainVideo) ? state : { ...state, mainVideo: '', mainVideoBy: '' },
        ),
      )
  }

  #made(meeting: number, state: PagesState): Pages {
    const { store, log } = this.deps
    const writes = createGatherer<PagesState, void>(async (states) => {
      const last = states.at(-1)
      // A meeting that is over is gone from the store, too.
      if (!last || !this.#pages.has(meeting)) return
      await store
        .save(meeting, last)
        .catch((err: unknown) => log.error({ err, meeting }, 'pages could not be stored'))
    })
    return { state, writes }
  }

  #of(meeting: number): Pages {
    let pages = this.#pages.get(meeting)
    if (!pages) {
      pages = this.#made(meeting, FIRST_PAGES)
      this.#pages.set(meeting, pages)
    }
    return pages
  }

  state(meeting: number): PagesState {
    return this.#pages.get(meeting)?.state ?? FIRST_PAGES
  }

  /** One turn: everybody is told at once; resolves when it is on disk. */
  commit(room: Room, command: PagesCommand): Promise<void> {
    const facts = decide(this.state(room.id), command)
    if (facts.length === 0) return Promise.resolve()
    const pages = this.#of(room.id)
    for (const fact of facts) {
      pages.state = apply(pages.state, fact)
      room.announce(fact.event, fact.data as never)
    }
    const stored = pages.writes.add(pages.state)
    this.#running.add(stored)
    return stored.finally(() => this.#running.delete(stored))
  }

  /** The board is closed: it is no longer the sub page. To be called before members hear of it. */
  boardClosed(room: Room, boardID: string): void {
    void this.commit(room, { type: 'closeBoard', boardID })
  }

  /** A sub page that names no board is none (spec 11 §2). */
  subPage(meeting: number, main: PagesState['main'], sub: string): string {
    return main !== 2 || this.deps.boardExists(meeting, sub) ? sub : ''
  }

  announced(room: Room, { event, data }: Fact): void {
    if (event === 'meetings.left') void this.commit(room, { type: 'leave', userID: data.userID })
  }

  snapshot(room: Room): Partial<MeetingSnapshot> {
    return { pages: this.state(room.id) }
  }

  ended(meeting: number): void {
    this.#pages.delete(meeting)
  }

  /** Resolves when everything so far is on disk, or was logged as lost. */
  async stored(): Promise<void> {
    await Promise.all(this.#running)
  }
}
