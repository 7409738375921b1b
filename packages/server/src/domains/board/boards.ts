import {
  type BoardAction,
  type BoardSummary,
  type In,
  LIMITS,
  type MeetingSnapshot,
  type Out,
  type Requests,
} from '@yuntang/protocol'
import type { Seat } from '../../actor/context.ts'
import type { Room } from '../../actor/room.ts'
import type { RoomPart } from '../../actor/room-part.ts'
import type { Clock } from '../../core/clock.ts'
import type { Log } from '../../core/log.ts'
import type { BoardStore } from '../../storage/port.ts'
import type { Fact } from '../members/state.ts'
import { Cut } from './cut.ts'
import { decide } from './decide.ts'
import { isTooDeep } from './depth.ts'
import { BoardKeeper } from './keeper.ts'
import { Outbox } from './outbox.ts'
import { PartialPages } from './partial-pages.ts'
import { Spots } from './spots.ts'
import { apply, type BoardsState, bytesOf, emptyBoards } from './state.ts'
import { Turns } from './turns.ts'

/** One entry into a meeting. */
interface Place {
  readonly seatID: string
  readonly number: number
  readonly turns: Turns
  readonly partial: PartialPages
  /** The last action taken. */
  last: number
  /** What this member is reading, and when it asked last. */
  cut: Cut | null
  readAt: number
}

interface MeetingBoards {
  readonly state: BoardsState
  readonly outbox: Outbox
  readonly spots: Spots
  readonly places: Map<string, Place>
}

export interface BoardsDeps {
  readonly clock: Clock
  readonly store: BoardStore
  readonly log: Log
  /** A board is gone; members hear of it next. */
  closed(room: Room, boardID: string): void
}

/** Whiteboards of all meetings (spec 12). */
export class Boards implements RoomPart {
  readonly #meetings = new Map<number, MeetingBoards>()
  /** States of an earlier run, until their room opens. */
  #earlier = new Map<number, BoardsState>()
  readonly #keeper: BoardKeeper
  /** The last seat number. */
  #seats = 0

  constructor(private readonly deps: BoardsDeps) {
    this.#keeper = new BoardKeeper(deps.store, deps.clock, deps.log)
  }

  /** Takes over what an earlier run stored, except boards of meetings that exist no longer. */
  async start(meetings: ReadonlySet<number>): Promise<void> {
    this.#earlier = await this.#keeper.restore(meetings)
  }

  #of(room: Room): MeetingBoards {
    const known = this.#meetings.get(room.id)
    if (known) return known
    const { clock } = this.deps
    const made: MeetingBoards = {
      state: this.#earlier.get(room.id) ?? emptyBoards(),
      outbox: new Outbox(clock, (changed) => room.announce('board.changed', changed)),
      spots: new Spots(clock, (spots) => {
        for (const { link } of room.contexts()) link.volatile('board.spots', { spots })
      }),
      places: new Map(),
    }
    this.#earlier.delete(room.id)
    this.#meetings.set(room.id, made)
    return made
  }

  #place(boards: MeetingBoards, seatID: string, userID: string): Place {
    const known = boards.places.get(userID)
    if (known?.seatID === seatID) return known
    known?.turns.close()
    // Also a later run of the server gives higher ones.
    this.#seats = Math.max(this.#seats + 1, this.deps.clock.now())
    const place: Place = {
      seatID,
      number: this.#seats,
      turns: new Turns(this.deps.clock),
      partial: new PartialPages(),
      last: 0,
      cut: null,
      readAt: 0,
    }
    boards.places.set(userID, place)
    return place
  }

  applied(room: Room, { event, data }: Fact): void {
    if (event !== 'meetings.left') return
    const boards = this.#meetings.get(room.id)
    boards?.places.get(data.userID)?.turns.close()
    boards?.places.delete(data.userID)
  }

  snapshot(room: Room, userID: string): Partial<MeetingSnapshot> {
    const seatID = room.occupant(userID)?.seatID
    if (seatID === undefined) return {}
    const boards = this.#of(room)
    boards.outbox.flush()
    const board: BoardSummary = {
      seat: this.#place(boards, seatID, userID).number,
      n: boards.state.n,
      boards: boards.state.boards.size,
    }
    return { board }
  }

  /** Null: the member is gone. */
  async edit(
    { id: seatID, userID, room }: Seat,
    { first, actions }: In<Requests['board.edit']>,
  ): Promise<Out<Requests['board.edit']> | null> {
    const boards = this.#of(room)
    const place = this.#place(boards, seatID, userID)
    if (!(await place.turns.take(actions.length))) return null
    const refused: number[] = []
    for (const [i, action] of actions.entries()) {
      if (first + i <= place.last) continue
      place.last = first + i
      const whole = isTooDeep(action) ? 'refused' : place.partial.add(action)
      if (whole === 'refused' || (whole && !this.#act(boards, room, whole, userID))) refused.push(i)
    }
    return { n: boards.state.n, refused }
  }

  #act({ state, outbox }: MeetingBoards, room: Room, action: BoardAction, by: string): boolean {
    const decision = decide(state, action, { by, owner: room.owner, policy: room.policy })
    if ('refused' in decision) return false
    const { fact } = decision
    if (!fact) return true
    apply(state, fact)
    if (fact.do === 'close') this.deps.closed(room, fact.boardID)
    this.#keeper.changed(room.id, state, fact)
    outbox.add(fact, state.n, bytesOf(fact))
    return true
  }

  read(
    { id: seatID, userID, room }: Seat,
    { cut, from }: In<Requests['board.read']>,
  ): Out<Requests['board.read']> {
    const boards = this.#of(room)
    const place = this.#place(boards, seatID, userID)
    const goesOn = cut !== null && place.cut?.n === cut
    place.readAt = this.deps.clock.now()
    if (!goesOn) {
      this.#forgetCuts(boards)
      boards.outbox.flush()
      place.cut = new Cut(boards.state)
    }
    const part = (place.cut as Cut).part(goesOn ? from : 0)
    if (part.next === null) place.cut = null
    return part
  }

  /** A cut holds what was on the boards: of who reads on no more it goes, and reading begins anew. */
  #forgetCuts({ places }: MeetingBoards): void {
    const old = this.deps.clock.now() - LIMITS.request
    for (const place of places.values()) if (place.readAt < old) place.cut = null
  }

  has(meeting: number, boardID: string): boolean {
    const state = this.#meetings.get(meeting)?.state ?? this.#earlier.get(meeting)
    return state?.boards.has(boardID) ?? false
  }

  point({ userID, room }: Seat, spot: In<Requests['board.point']>): void {
    const { state, spots } = this.#of(room)
    if (state.boards.has(spot.boardID)) spots.point({ ...spot, by: userID })
  }

  ended(id: number): void {
    const boards = this.#meetings.get(id)
    this.#meetings.delete(id)
    this.#earlier.delete(id)
    if (boards) this.#end(boards)
    this.#keeper.ended(id)
  }

  #end({ outbox, spots, places }: MeetingBoards): void {
    outbox.close()
    spots.close()
    for (const { turns } of places.values()) turns.close()
    places.clear()
  }

  /** Resolves when everything is stored. */
  close(): Promise<void> {
    for (const boards of this.#meetings.values()) this.#end(boards)
    return this.#keeper.close()
  }
}
