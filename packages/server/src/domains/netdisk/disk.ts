import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import { LIMITS, ProtocolError } from '@yuntang/protocol'
import type { Clock } from '../../core/clock.ts'
import type { Ids } from '../../core/ids.ts'
import type { Log } from '../../core/log.ts'
import { createTurns } from '../../core/turns.ts'
import type { BlobStore } from '../../files/blob-store.ts'
import { removeOrphans } from '../../files/orphans.ts'
import type { NetFileRecord, NetFileStore } from '../../storage/port.ts'
import { fits, mayRemove, mayReplace } from './policy.ts'

export interface DiskDeps {
  readonly store: NetFileStore
  readonly blobs: BlobStore
  readonly clock: Clock
  readonly ids: Ids
  /** Quota per meeting in KB of 1024 bytes (L_DISK). */
  readonly limitKb: number
}

/** A member of the meeting whose disk it is. */
export interface DiskUser {
  readonly meeting: number
  /** The meeting's creator. */
  readonly creator: string
  readonly userID: string
  readonly nickName: string
}

export type Wanted = Pick<NetFileRecord, 'fileID' | 'type' | 'fileName' | 'size'>

/** A complete file. */
export type Complete = NetFileRecord & { readonly md5: string }

/** Marks blobs of net disks among those of other domains. */
const PREFIX = 'nd-'
/** An unfinished upload is kept so long (spec 06 §2, SetNetDiskTransportPause). */
const STALE_MS = 24 * 3_600_000
const SWEEP_MS = 3_600_000

const isComplete = (file: NetFileRecord): file is Complete => file.md5 !== null

/** Net disks of all meetings: what is on them, and how files come and go (spec 06 §1–3). */
export class NetDisks {
  readonly #turns = createTurns<number>()
  /** By blob: a large file is read once, however often its page asks meanwhile. */
  readonly #finishing = new Map<string, Promise<void>>()
  #cancelSweep: () => void = () => {}

  constructor(
    private readonly deps: DiskDeps,
    private readonly log: Log,
  ) {}

  /** Removes what a crash left behind, and from now on what nobody finishes. */
  async start(): Promise<void> {
    const { blobs, store } = this.deps
    await removeOrphans(blobs, PREFIX, (some) => store.known(some))
    await this.#sweep()
  }

  async #sweep(): Promise<void> {
    this.#cancelSweep = this.deps.clock.schedule(SWEEP_MS, () => {
      this.#sweep().catch(this.#failed)
    })
    const stale = await this.deps.store.removeStale(this.deps.clock.now() - STALE_MS)
    for (const blob of stale) await this.deps.blobs.remove(blob)
  }

  /** Room is counted and given away in one turn per meeting. */
  #turn<T>(meeting: number, run: () => Promise<T>): Promise<T> {
    return this.#turns.run(meeting, run)
  }

  async summary({ meeting }: DiskUser): Promise<{ limit: number; used: number }> {
    const { kb } = await this.deps.store.usage(meeting)
    return { limit: this.deps.limitKb, used: kb }
  }

  async list({ meeting }: DiskUser): Promise<Complete[]> {
    return (await this.deps.store.list(meeting)).filter(isComplete)
  }

  /** The blob that takes the bytes: that of an unfinished upload of the same file, or a new one. */
  upload(user: DiskUser, wanted: Wanted): Promise<string> {
    const { store, blobs, clock, ids, limitKb } = this.deps
    return this.#turn(user.meeting, async () => {
      const { meeting, userID } = user
      if (!mayReplace(await store.find(meeting, wanted.fileID), userID))
        throw new ProtocolError('file.owner')
      const begun = await store.findUnfinished(meeting, wanted.fileID, userID)
      if (begun && begun.size === wanted.size && begun.fileName === wanted.fileName)
        return begun.blob
      if (begun) await this.#drop(begun)
      const used = await store.usage(meeting)
      if (used.files >= LIMITS.netFiles || !fits(used, wanted.size, limitKb))
        throw new ProtocolError('disk.full')
      const blob = `${PREFIX}${ids.token()}`
      await blobs.create(blob, wanted.size)
      const file = {
        ...wanted,
        blob,
        meeting,
        owner: userID,
        ownerName: user.nickName,
        createdAt: clock.now(),
        md5: null,
      }
      try {
        await store.create(file)
      } catch (error) {
        await blobs.remove(blob)
        throw error
      }
      return blob
    })
  }

  /** Makes a file visible whose bytes are all there. Answers the same when it was done before. */
  async finish(
    { meeting, userID }: DiskUser,
    fileID: string,
    claimed: string | null,
  ): Promise<Complete> {
    const { store } = this.deps
    const begun = await store.findUnfinished(meeting, fileID, userID)
    if (begun) {
      const running = this.#finishing.get(begun.blob) ?? this.#complete(begun, claimed)
      this.#finishing.set(begun.blob, running)
      await running.finally(() => this.#finishing.delete(begun.blob))
    }
    const file = await store.find(meeting, fileID)
    if (!file || !isComplete(file) || file.owner !== userID) throw new ProtocolError('file.unknown')
    return file
  }

  async #complete(begun: NetFileRecord, claimed: string | null): Promise<void> {
    const { store, blobs } = this.deps
    const { meeting, fileID, blob, owner } = begun
    if ((await blobs.length(blob)) !== begun.size) throw new ProtocolError('file.incomplete')
    await blobs.settle(blob)
    const md5 = await this.#md5(blob)
    if (claimed !== null && claimed !== md5) {
      await this.#turn(meeting, () => this.#drop(begun))
      throw new ProtocolError('file.changed')
    }
    const replaced = await this.#turn(meeting, async () => {
      if (!mayReplace(await store.find(meeting, fileID), owner))
        throw new ProtocolError('file.owner')
      return store.complete(blob, md5)
    })
    if (replaced) await blobs.remove(replaced)
  }

  async #md5(blob: string): Promise<string> {
    const hash = createHash('md5')
    await pipeline(this.deps.blobs.read(blob), hash)
    return hash.digest('hex')
  }

  async find({ meeting }: DiskUser, fileID: string): Promise<Complete> {
    const file = await this.deps.store.find(meeting, fileID)
    if (!file || !isComplete(file)) throw new ProtocolError('file.unknown')
    return file
  }

  cancel({ meeting, userID }: DiskUser, fileID: string): Promise<void> {
    return this.#turn(meeting, async () => {
      const begun = await this.deps.store.findUnfinished(meeting, fileID, userID)
      if (begun) await this.#drop(begun)
    })
  }

  remove(user: DiskUser, fileID: string): Promise<Complete> {
    return this.#turn(user.meeting, async () => {
      const file = await this.find(user, fileID)
      if (!mayRemove(file, user.creator, user.userID)) throw new ProtocolError('permission.denied')
      await this.#drop(file)
      return file
    })
  }

  async #drop({ blob }: NetFileRecord): Promise<void> {
    await this.deps.store.remove(blob)
    await this.deps.blobs.remove(blob)
  }

  /** The meeting is over and its disk with it; nobody waits for the files to be gone. */
  ended(meeting: number): void {
    this.#turn(meeting, async () => {
      for (const blob of await this.deps.store.removeAll(meeting))
        await this.deps.blobs.remove(blob)
    }).catch(this.#failed)
  }

  readonly #failed = (err: unknown) =>
    this.log.error({ err }, 'files of a net disk could not be removed')

  close(): void {
    this.#cancelSweep()
  }
}
