import type { Send } from '../link/link.ts'
import type { RecordStore } from '../recording/api.ts'

export interface RecordStoreDeps {
  readonly send: Send
  /** The server that the link leads to, without a slash at the end. */
  server(): string
  /** The server does not have it any more. */
  removed(id: string): void
}

/** What the server keeps of my recordings. */
export const createRecordStore = ({ send, server, removed }: RecordStoreDeps): RecordStore => ({
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
})
