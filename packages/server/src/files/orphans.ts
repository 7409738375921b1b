import type { BlobStore } from './blob-store.ts'

const CHUNK = 1000

/**
 * Removes the blobs of one domain that nothing of it has: what a crash left behind. Answers how many
 * are left alone because not a single one is known: then the database is another one, or empty, and
 * what somebody was promised to be kept would be gone.
 */
export const removeStrangers = async (
  blobs: BlobStore,
  /** Marks the domain's blobs among those of others. */
  prefix: string,
  known: (blobs: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<number> => {
  const ids = (await blobs.ids()).filter((id) => id.startsWith(prefix))
  const strange = await strangersOf(ids, known)
  if (strange.length === ids.length) return strange.length
  for (const id of strange) await blobs.remove(id)
  return 0
}

/** As {@link removeStrangers}, for what nobody was promised: it goes in any case. */
export const removeOrphans = async (
  blobs: BlobStore,
  prefix: string,
  known: (blobs: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<void> => {
  const ids = (await blobs.ids()).filter((id) => id.startsWith(prefix))
  for (const id of await strangersOf(ids, known)) await blobs.remove(id)
}

const strangersOf = async (
  ids: readonly string[],
  known: (blobs: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<string[]> => {
  const strange: string[] = []
  for (let i = 0; i < ids.length; i += CHUNK) {
    const some = ids.slice(i, i + CHUNK)
    const kept = await known(some)
    strange.push(...some.filter((id) => !kept.has(id)))
  }
  return strange
}
