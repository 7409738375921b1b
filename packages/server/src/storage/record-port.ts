/** A recording in the record store, or on its way there. */
export interface RecordEntry {
  /** Ascending with time; names the blob. */
  readonly id: string
  readonly account: string
  /** Made by the uploading page; unique in the account. */
  readonly key: string
  readonly owner: string
  readonly ownerName: string
  /** Of a guest, whose user ID means nothing beyond it; `""` of a user. */
  readonly seat: string
  /** 0: none. */
  readonly meeting: number
  /** File name without directories. */
  readonly name: string
  /** The place that its page asked for. */
  readonly wanted: string | null
  /** The place that it has; null until it is confirmed. Unique in the account. */
  readonly path: string | null
  /** Bytes; of an unfinished one those that are reserved. */
  readonly size: number
  /** Whole seconds; 0 while unfinished. */
  readonly duration: number
  readonly mimeType: string
  /** `""` while unfinished. */
  readonly sha256: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** When its upload was last heard of. */
  readonly touchedAt: number
}

/** What is known of an unfinished recording only when it is confirmed. */
export type Confirmation = Pick<
  RecordEntry,
  'path' | 'size' | 'duration' | 'mimeType' | 'sha256'
> & { readonly path: string }

/** Whose recordings: a user's, or those of one stay of a guest. */
export type RecordOwner = Pick<RecordEntry, 'owner' | 'seat'>

/** The record stores of all app accounts. */
export interface RecordTable {
  /** An unfinished one. */
  create(entry: RecordEntry): Promise<void>
  find(id: string): Promise<RecordEntry | null>
  findByKey(account: string, key: string): Promise<RecordEntry | null>
  /** A confirmed one. */
  findByPath(account: string, path: string): Promise<RecordEntry | null>
  /** Of these places, those that are taken. */
  taken(account: string, paths: readonly string[]): Promise<ReadonlySet<string>>
  /** Confirmed ones, newest first, after `before`; `owner` null: everybody's. */
  list(
    account: string,
    owner: RecordOwner | null,
    before: string | null,
    limit: number,
  ): Promise<readonly RecordEntry[]>
  /** Recordings and bytes, unfinished ones included. */
  usage(account: string): Promise<{ records: number; bytes: number }>
  /** How many unfinished ones somebody has. */
  unfinished(account: string, owner: RecordOwner): Promise<number>
  change(
    id: string,
    change: Partial<Pick<RecordEntry, 'size' | 'seat' | 'wanted' | 'name' | 'touchedAt'>>,
  ): Promise<void>
  /** Confirms one in place of an earlier one of its place, whose id is answered. */
  confirm(id: string, confirmation: Confirmation): Promise<string | null>
  remove(id: string): Promise<void>
  /** Forgets unfinished ones not heard of since that time and answers their ids. */
  removeStale(before: number): Promise<readonly string[]>
  /** Of these ids, those that exist. */
  known(ids: readonly string[]): Promise<ReadonlySet<string>>
}
