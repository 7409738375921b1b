import { randomUUID } from 'node:crypto'
import { EngineError, type MediaEngine, type SentTrack } from '@yuntang/media'
import { type MediaLine, mediaLines, receives, sends } from './media-lines.ts'

const ROOM = 'room'
/** Tracks of one publisher. */
const MAX_TRACKS = 8
const NAME = /^[\w-]{1,32}$/

/** How much the room takes at once. */
export interface RoomLimits {
  readonly publishers: number
  readonly viewers: number
}

/** A refusal with its HTTP status. */
export class RoomError extends Error {
  override readonly name = 'RoomError'
  constructor(
    readonly status: number,
    detail: string,
  ) {
    super(detail)
  }
}

interface Publisher {
  readonly id: string
  readonly name: string
  readonly tracks: readonly SentTrack[]
  /** The engine has taken it. */
  ready: boolean
}

/** What a viewer asked for. */
export interface View {
  /** Publishers by name; null for all that are there. */
  readonly from: readonly string[] | null
  /** Device pixels, which choose the layer of a simulcast. */
  readonly height: number
}

/** Publishers and viewers of one engine room. Everything is decided by the one offer of a session. */
export class MediaRoom {
  readonly #publishers = new Map<string, Publisher>()
  readonly #viewers = new Set<string>()
  readonly #unsubscribe: () => void

  constructor(
    private readonly engine: MediaEngine,
    private readonly limits: RoomLimits,
  ) {
    // A page that left without a word: ICE or DTLS said so.
    this.#unsubscribe = engine.on('lost', ({ peer }) => void this.end(peer))
  }

  get publishers(): { name: string; tracks: string[] }[] {
    return [...this.#publishers.values()]
      .filter((p) => p.ready)
      .map(({ name, tracks }) => ({ name, tracks: tracks.map((t) => t.kind) }))
  }

  get viewers(): number {
    return this.#viewers.size
  }

  async publish(wished: string, offer: string): Promise<{ id: string; answer: string }> {
    if (wished && !NAME.test(wished))
      throw new RoomError(400, 'A name has 1 to 32 letters, digits, "_" or "-"')
    if (this.#publishers.size >= this.limits.publishers)
      throw new RoomError(503, `The room has ${this.limits.publishers} publishers already`)
    const id = randomUUID()
    const name = wished || id.slice(0, 8)
    if ([...this.#publishers.values()].some((p) => p.name === name))
      throw new RoomError(409, `There is a publisher ${name} already`)
    const lines = mediaLines(offer).filter(sends)
    if (lines.length === 0 || lines.length > MAX_TRACKS)
      throw new RoomError(422, `Send 1 to ${MAX_TRACKS} tracks; the offer has ${lines.length}`)
    const tracks = lines.map(({ mid, kind }, i) => ({ mid, track: `${kind}${i}`, kind }))
    const publisher = { id, name, tracks, ready: false }
    this.#publishers.set(id, publisher)
    return this.#orEnd(id, async () => {
      const { answer } = await this.engine.publish({ room: ROOM, peer: id, offer, tracks })
      publisher.ready = true
      return { id, answer }
    })
  }

  async view(view: View, offer: string): Promise<{ id: string; answer: string }> {
    if (this.#viewers.size >= this.limits.viewers)
      throw new RoomError(503, `The room has ${this.limits.viewers} viewers already`)
    const chosen = this.#chosen(view.from)
    checkLines(mediaLines(offer).filter(receives), chosen)
    const id = randomUUID()
    const at = { room: ROOM, peer: id }
    const wishes = chosen.flatMap((p) =>
      p.tracks
        .filter((t) => t.kind === 'video')
        .map(({ track }) => ({ from: p.id, track, height: view.height })),
    )
    const wanted = { ...at, wishes, hears: chosen.map((p) => p.id) }
    this.#viewers.add(id)
    return this.#orEnd(id, async () => {
      // The engine tells a page its tracks by an offer of its own. A page that only offers is told by
      // the answer to the same offer given again, when its lines have been filled.
      await this.engine.receive({ ...at, offer })
      await this.engine.watch(wanted)
      const { answer } = await this.engine.receive({ ...at, offer })
      return { id, answer }
    })
  }

  #chosen(from: readonly string[] | null): Publisher[] {
    const ready = [...this.#publishers.values()].filter((p) => p.ready)
    if (!from) {
      if (ready.length === 0) throw new RoomError(409, 'Nobody publishes')
      return ready
    }
    return [...new Set(from)].map((name) => {
      const publisher = ready.find((p) => p.name === name)
      if (!publisher) throw new RoomError(404, `There is no publisher ${name.slice(0, 32)}`)
      return publisher
    })
  }

  async #orEnd<T>(id: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run()
    } catch (error) {
      await this.end(id)
      if (error instanceof EngineError && error.code !== 'native' && error.code !== 'closed')
        throw new RoomError(422, error.message)
      throw error
    }
  }

  /** Ends a session; false when there is none of that id. Idempotent. */
  async end(id: string): Promise<boolean> {
    const known = this.#publishers.delete(id) || this.#viewers.delete(id)
    if (known) await this.engine.closePeer({ room: ROOM, peer: id })
    return known
  }

  close(): void {
    this.#unsubscribe()
    this.#publishers.clear()
    this.#viewers.clear()
  }
}

/** Every chosen track needs an m-line: nothing is offered to the page later. */
const checkLines = (lines: readonly MediaLine[], chosen: readonly Publisher[]): void => {
  for (const kind of ['audio', 'video'] as const) {
    const needed = chosen.flatMap((p) => p.tracks).filter((t) => t.kind === kind).length
    const offered = lines.filter((l) => l.kind === kind).length
    if (offered < needed)
      throw new RoomError(
        409,
        `The chosen publishers send ${needed} ${kind} tracks, the offer takes ${offered}: ` +
          'add recvonly transceivers, or choose fewer with ?from=name,name',
      )
  }
}
