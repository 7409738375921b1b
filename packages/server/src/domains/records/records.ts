import { LIMITS, type Manifest, ProtocolError } from '@yuntang/protocol'
import type { Clock } from '../../core/clock.ts'
import type { Ids } from '../../core/ids.ts'
import type { Log } from '../../core/log.ts'
import { createTurns } from '../../core/turns.ts'
import type { BlobStore } from '../../files/blob-store.ts'
import { hashesOf } from '../../files/hashes.ts'
import { removeStrangers } from '../../files/orphans.ts'
import type { RecordEntry, RecordTable } from '../../storage/port.ts'
import type { Claim, Manifests } from '../evidence/manifests.ts'
import { placesFor, readName, readPlace } from './places.ts'
import { fits, mayContinue, mayReplace, maySee, type Uploader } from './policy.ts'

export interface RecordsDeps {
  readonly table: RecordTable
  readonly blobs: BlobStore
  readonly clock: Clock
  readonly ids: Ids
  readonly manifests: Manifests
  /** Bytes that the recordings of one app account may take. */
  readonly limit: number
}

/** What a page begins with. */
export interface WantedRecord {
  readonly key: string
  readonly name: string
  readonly to?: string
  readonly size: number
}

/** What a page claims of what it has sent. */
export interface FinishedRecord {
  readonly key: string
  readonly size: number
  readonly md5: string
  readonly duration: number
  readonly mimeType: string
}

type Kept = RecordEntry & { readonly path: string }
/** One that is kept. */
export type Confirmed = Kept & { readonly manifest: boolean }

/** Marks blobs of recordings among those of other domains. */
const PREFIX = 'rec-'
/** An unfinished upload is kept so long after it was last heard of (spec 06 §9). */
const STALE_MS = 24 * 3_600_000
const SWEEP_MS = 3_600_000
/** Places looked at together. */
const PLACES = 50
const TIME_DIGITS = 9

export const blobOf = ({ id }: Pick<RecordEntry, 'id'>): string => PREFIX + id

const isConfirmed = (entry: RecordEntry | null): entry is Kept =>
  entry !== null && entry.path !== null

const ownerOf = ({ userID, seat }: Uploader) => ({ owner: userID, seat })

/** The record stores of all app accounts: what is in them, and how recordings come and go (spec 06 §7). */
export class Records {
  readonly #turns = createTurns<string>()
  /** Long ones are asked for again while they are being read. */
  readonly #finishing = new Map<string, Promise<Confirmed>>()
  #cancelSweep: () => void = () => {}

  constructor(
    private readonly deps: RecordsDeps,
    private readonly log: Log,
  ) {}

  /** Removes what a crash left behind, and from now on what nobody finishes. */
  async start(): Promise<void> {
    const { blobs, table } = this.deps
    const left = await removeStrangers(blobs, PREFIX, async (some) => {
      const known = await table.known(some.map((blob) => blob.slice(PREFIX.length)))
      return new Set([...known].map((id) => blobOf({ id })))
    })
    if (left > 0)
      this.log.error({ left }, 'the database knows none of the recordings: they stay, unlisted')
    else await this.deps.manifests.start((ids) => table.known(ids))
    await this.#sweep()
  }

  async #sweep(): Promise<void> {
    const { clock, table } = this.deps
    this.#cancelSweep = clock.schedule(SWEEP_MS, () => {
      this.#sweep().catch((err: unknown) => this.log.error({ err }, 'old uploads stay'))
    })
    for (const id of await table.removeStale(clock.now() - STALE_MS)) await this.#removeContent(id)
  }

  /** The blob that takes the bytes: of the upload begun with this key, or of a new one. */
  begin(who: Uploader, wanted: WantedRecord): Promise<string> {
    const name = readName(wanted.name)
    const to = wanted.to === undefined ? null : readPlace(wanted.to)
    if (name === null || (to === null && wanted.to !== undefined))
      return Promise.reject(new ProtocolError('param.invalid'))
    const { table, blobs, clock } = this.deps
    const { key, size } = wanted
    return this.#turns.run(who.account, async () => {
      const begun = await table.findByKey(who.account, key)
      if (begun && !mayContinue(begun, who)) throw new ProtocolError('record.owner')
      if (isConfirmed(begun)) {
        if (begun.size !== size) throw new ProtocolError('file.changed')
        return blobOf(begun)
      }
      if (to !== null && !mayReplace(await table.findByPath(who.account, to), begun ?? who))
        throw new ProtocolError('record.owner')
      const there = begun && (await blobs.length(blobOf(begun)))
      if (begun && (there === null || there > size)) await this.#drop(begun)
      const goesOn = begun !== null && there !== null && there <= size
      const { records, bytes } = await table.usage(who.account)
      if (!fits(bytes, size - (goesOn ? begun.size : 0), this.deps.limit))
        throw new ProtocolError('record.full')
      if (!goesOn) return await this.#create(who, { key, name, to, size }, records)
      // A guest that came back sits elsewhere.
      const seat = begun.seat === '' ? '' : who.seat
      await blobs.resize(blobOf(begun), size)
      await table.change(begun.id, { size, seat, name, wanted: to, touchedAt: clock.now() })
      return blobOf(begun)
    })
  }

  async #create(
    who: Uploader,
    wanted: { key: string; name: string; to: string | null; size: number },
    records: number,
  ): Promise<string> {
    const { table, blobs, clock, ids } = this.deps
    const mine = await table.unfinished(who.account, ownerOf(who))
    if (records >= LIMITS.recordsPerAccount || mine >= LIMITS.unfinishedRecords)
      throw new ProtocolError('record.full')
    const now = clock.now()
    const id = `${now.toString(36).padStart(TIME_DIGITS, '0')}-${ids.token().slice(0, 22)}`
    await blobs.create(blobOf({ id }), wanted.size)
    try {
      await table.create({
        id,
        account: who.account,
        key: wanted.key,
        ...ownerOf(who),
        ownerName: who.nickName,
        meeting: who.meeting,
        name: wanted.name,
        wanted: wanted.to,
        path: null,
        size: wanted.size,
        duration: 0,
        mimeType: '',
        sha256: '',
        createdAt: now,
        touchedAt: now,
      })
    } catch (error) {
      await blobs.remove(blobOf({ id }))
      throw error
    }
    return blobOf({ id })
  }

  /** Confirms a recording whose bytes are all there, and on the disk. Answers the same when repeated. */
  async finish(who: Uploader, finished: FinishedRecord, claim?: Claim): Promise<Confirmed> {
    const begun = await this.#own(who, finished.key)
    if (isConfirmed(begun)) return await this.#whole(begun)
    const running = this.#finishing.get(begun.id)
    if (running) return await running
    const mine = this.#confirm(who, begun, finished, claim)
    this.#finishing.set(begun.id, mine)
    try {
      return await mine
    } finally {
      this.#finishing.delete(begun.id)
    }
  }

  async #confirm(
    who: Uploader,
    begun: RecordEntry,
    finished: FinishedRecord,
    claim: Claim | undefined,
  ): Promise<Confirmed> {
    const { table, blobs, manifests } = this.deps
    const blob = blobOf(begun)
    if (begun.size !== finished.size || (await blobs.length(blob)) !== begun.size)
      throw new ProtocolError('file.incomplete')
    await blobs.settle(blob)
    let manifest: Manifest | null = null
    const follow = async (pieces: AsyncIterable<Buffer<ArrayBuffer>>) => {
      const { mimeType } = finished
      if (claim) manifest = await manifests.write({ name: begun.name, mimeType }, claim, pieces)
    }
    const { md5, sha256 } = await hashesOf(blobs, blob, claim && follow)
    return await this.#turns.run(who.account, async () => {
      const now = await this.#own(who, finished.key)
      if (isConfirmed(now)) return await this.#whole(now)
      // Its page may have begun anew, or asked for more room, while it was read.
      const isSame = now.id === begun.id && now.size === finished.size
      if (!isSame || (await blobs.length(blob)) !== now.size)
        throw new ProtocolError('file.incomplete')
      if (md5 !== finished.md5) {
        await this.#drop(now)
        throw new ProtocolError('file.changed')
      }
      const path = now.wanted ?? (await this.#freePlace(now))
      if (!mayReplace(await table.findByPath(now.account, path), now))
        throw new ProtocolError('record.owner')
      const { size, duration, mimeType } = finished
      const confirmation = { path, size, duration, mimeType, sha256 }
      if (manifest) await manifests.keep(now.id, manifest)
      const replaced = await table.confirm(now.id, confirmation)
      if (replaced) await this.#removeContent(replaced)
      return { ...now, ...confirmation, manifest: manifest !== null }
    })
  }

  async #own(who: Uploader, key: string): Promise<RecordEntry> {
    const entry = await this.deps.table.findByKey(who.account, key)
    if (!entry || !mayContinue(entry, who)) throw new ProtocolError('file.unknown')
    return entry
  }

  async #freePlace({ account, name, createdAt }: RecordEntry): Promise<string> {
    for (let first = 1; ; first += PLACES) {
      const places = placesFor(name, createdAt, first, PLACES)
      const taken = await this.deps.table.taken(account, places)
      const free = places.find((place) => !taken.has(place))
      if (free !== undefined) return free
    }
  }

  cancel(who: Uploader, key: string): Promise<void> {
    return this.#turns.run(who.account, async () => {
      const entry = await this.deps.table.findByKey(who.account, key)
      if (entry && !isConfirmed(entry) && mayContinue(entry, who)) await this.#drop(entry)
    })
  }

  /** Newest first; `who` null: of everybody in the account. */
  async list(
    account: string,
    who: Uploader | null,
    { before, limit = LIMITS.recordsPerFrame / 2 }: { before?: string; limit?: number },
  ): Promise<Confirmed[]> {
    const owner = who && ownerOf(who)
    const found = await this.deps.table.list(account, owner, before ?? null, limit)
    return await Promise.all(found.filter(isConfirmed).map((entry) => this.#whole(entry)))
  }

  async usage(account: string): Promise<{ used: number; limit: number }> {
    return { used: (await this.deps.table.usage(account)).bytes, limit: this.deps.limit }
  }

  /** One of an account, for its owner, or for the administrator (`who` null). */
  async find(account: string, who: Uploader | null, id: string): Promise<Confirmed> {
    const entry = await this.deps.table.find(id)
    if (!isConfirmed(entry) || entry.account !== account || (who && !maySee(entry, who)))
      throw new ProtocolError('file.unknown')
    return await this.#whole(entry)
  }

  async #whole(entry: Kept): Promise<Confirmed> {
    return { ...entry, manifest: await this.deps.manifests.has(entry.id) }
  }

  remove(account: string, who: Uploader | null, id: string): Promise<void> {
    return this.#turns.run(account, async () => this.#drop(await this.find(account, who, id)))
  }

  async #drop(entry: RecordEntry): Promise<void> {
    await this.deps.table.remove(entry.id)
    await this.#removeContent(entry.id)
  }

  async #removeContent(id: string): Promise<void> {
    await this.deps.blobs.remove(blobOf({ id }))
    await this.deps.manifests.remove(id)
  }

  close(): void {
    this.#cancelSweep()
  }
}
