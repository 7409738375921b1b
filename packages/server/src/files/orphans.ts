import type { BlobStore } from './blob-store.ts'

const CHUNK = 1000

/** Removes the blobs of one domain that nothing of it has: what a crash left behind. */
export const removeOrphans = async (
  blobs: BlobStore,
  /** Marks the domain's blobs among those of others. */
  prefix: string,
  known: (blobs: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<void> => {
  const ids = (await blobs.ids()).filter((id) => id.startsWith(prefix))
  for (let i = 0; i < ids.length; i += CHUNK) {
    const some = ids.slice(i, i + CHUNK)
    const kept = await known(some)
    for (const id of some) if (!kept.has(id)) await blobs.remove(id)
  }
}
