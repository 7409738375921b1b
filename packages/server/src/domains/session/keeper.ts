import type { Context } from '../../actor/context.ts'
import type { Clock } from '../../core/clock.ts'
import type { Log } from '../../core/log.ts'
import type { SessionRecord, SessionStore } from '../../storage/port.ts'
import { describePage, readSaved, type Saved, type ShareOf } from './record.ts'

/** A page of an earlier run. */
export interface SavedPage {
  readonly key: string
  readonly page: Saved
}

/**
 * Keeps logins and seats on disk, so that a restart of the server costs nobody either. One write
 * carries everything that changed while the one before it ran.
 */
export class SessionKeeper {
  #dirty = new Set<Context>()
  #running: Promise<void> = Promise.resolve()
  #next: Promise<void> | null = null
  #changes = 0

  constructor(
    private readonly store: SessionStore,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly shareOf: ShareOf,
  ) {}

  /** Counts up with every change. */
  get changes(): number {
    return this.#changes
  }

  /** The page's login, seat or devices changed. */
  changed(ctx: Context): void {
    this.#changes += 1
    this.#dirty.add(ctx)
    this.#next ??= this.#running.then(() => this.#write())
  }

  /** Resolves when every change so far is on disk, or was logged as lost. */
  stored(): Promise<void> {
    return this.#next ?? this.#running
  }

  #write(): Promise<void> {
    const pages = [...this.#dirty]
    this.#dirty = new Set()
    this.#next = null
    this.#running = this.#save(pages).catch((error: unknown) =>
      this.log.error({ err: error }, 'sessions could not be stored; a restart would end them'),
    )
    return this.#running
  }

  async #save(pages: readonly Context[]): Promise<void> {
    const savedAt = this.clock.now()
    const keep: SessionRecord[] = []
    const forget: string[] = []
    for (const ctx of pages) {
      const tokenHash = ctx.link.peer.key
      const page = describePage(ctx, this.shareOf)
      if (page) keep.push({ tokenHash, savedAt, data: JSON.stringify(page) })
      else forget.push(tokenHash)
    }
    await this.store.save(keep, forget)
  }

  /** Pages of an earlier run, seated ones in order of entry; what cannot be read is forgotten. */
  async restore(): Promise<SavedPage[]> {
    const pages: SavedPage[] = []
    const unreadable: string[] = []
    for (const { tokenHash, data } of await this.store.all()) {
      const page = readSaved(data)
      if (page) pages.push({ key: tokenHash, page })
      else unreadable.push(tokenHash)
    }
    if (unreadable.length > 0) await this.store.save([], unreadable)
    const since = ({ page }: SavedPage) => page.seat?.since ?? 0
    const name = ({ page }: SavedPage) => page.seat?.member.userID ?? ''
    return pages.sort((a, b) => since(a) - since(b) || (name(a) < name(b) ? -1 : 1))
  }
}
