import type { StoredRecord } from '@yuntang/protocol'

export const ADMIN_TOKEN = 'a token of the administrator'

/** What the administrator sees over HTTP (docs/recordings-api.md). */
export const adminOf = (url: () => string) => {
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${url()}/api/v1/records${path}`, {
      ...init,
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    })
  return {
    ask,
    async all() {
      return (await (await ask('')).json()) as {
        records: StoredRecord[]
        used: number
        limit: number
      }
    },
    /** The newest of that name; undefined without one. */
    async named(name: string) {
      return (await this.all()).records.find(({ path }) => path.endsWith(`/${name}`))
    },
  }
}
