import type { Manifest } from '@yuntang/protocol'
import { YuntangError } from '../errors.ts'
import type { Send } from '../link/link.ts'
import type { RecordStore } from '../recording/api.ts'

export interface RecordStoreDeps {
  readonly send: Send
  /** The server that the link leads to, without a slash at the end. */
  server(): string
  readonly fetch: typeof globalThis.fetch
  /** The server does not have it any more. */
  removed(id: string): void
}

/** What the server keeps of my recordings. */
export const createRecordStore = (deps: RecordStoreDeps): RecordStore => {
  const { send, server, removed } = deps
  return {
    async list({ signal, ...page } = {}) {
      return (await send('records.list', page, signal)).records
    },
    usage: ({ signal } = {}) => send('records.usage', {}, signal),
    async url(id, { signal, ...how } = {}) {
      return server() + (await send('records.url', { id, ...how }, signal)).path
    },
    async remove(id, { signal } = {}) {
      await send('records.remove', { id }, signal)
      removed(id)
    },
    async manifest(id, { signal } = {}) {
      const { path } = await send('records.manifest', { id }, signal)
      if (path === null) return null
      try {
        const answer = await deps.fetch(server() + path, { signal })
        if (answer.ok) return (await answer.json()) as Manifest
      } catch {
        signal?.throwIfAborted()
      }
      throw new YuntangError('connection.lost')
    },
  }
}
