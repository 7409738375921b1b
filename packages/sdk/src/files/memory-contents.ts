import type { Contents } from './contents.ts'

/** What a page without any storage may keep. */
const LIMIT = 256 * 1024 * 1024

/** Contents that end with the page, for browsers that offer no storage; `limit` in bytes. */
export const createMemoryContents = (limit = LIMIT): Contents => {
  const kept = new Map<string, Blob>()
  let used = 0
  const remove = async (id: string) => {
    used -= kept.get(id)?.size ?? 0
    kept.delete(id)
  }
  return {
    async create(id) {
      let parts: Blob[] = []
      let own = 0
      return {
        async write(bytes) {
          const part = new Blob([bytes])
          if (used + part.size > limit)
            throw new DOMException('No room in this page', 'QuotaExceededError')
          used += part.size
          own += part.size
          parts.push(part)
        },
        async close() {
          kept.set(id, new Blob(parts))
          own = 0
          parts = []
        },
        async discard() {
          used -= own
          own = 0
          parts = []
          await remove(id)
        },
      }
    },
    open: async (id) => kept.get(id) ?? null,
    remove,
    olderThan: async () => [],
  }
}
