import type { MeetingRecord, SessionRecord, Storage } from '../../../server/src/storage/port.ts'
import { MeetingConflict } from '../../../server/src/storage/port.ts'
import { type BoardDisk, memoryBoards } from './memory-boards.ts'

const later = () => new Promise<void>((resolve) => setImmediate(resolve))

/** What is on the disk; outlives the runs of the server. */
export interface Disk {
  readonly meetings: Map<number, MeetingRecord>
  readonly sessions: Map<string, SessionRecord>
  readonly boards: BoardDisk
}

/**
 * Storage in memory for thousands of turns; the real adapters have their own contract suite. Once
 * `dead()` nothing is written any more, as after a kill.
 */
export const createMemoryStorage = (disk: Disk, dead: () => boolean): Storage => {
  const { meetings, sessions } = disk
  /** A killed process neither writes nor goes on. */
  const alive = async () => {
    await later()
    if (dead()) await new Promise(() => {})
  }
  const all = () => [...meetings.values()]
  return {
    accounts: { find: async () => null, list: async () => [], upsert: async () => {} },
    users: { remember: alive, find: async () => null },
    queues: {
      all: async () => [],
      create: () => Promise.reject(new Error('No queues here')),
      update: async () => null,
      delete: async () => false,
      seed: async () => {},
    },
    boards: memoryBoards(disk.boards, alive),
    marks: {
      shares: async () => [],
      load: async () => [],
      save: async () => {},
      remove: async () => {},
    },
    netFiles: {
      create: async () => {},
      find: async () => null,
      findUnfinished: async () => null,
      list: async () => [],
      usage: async () => ({ files: 0, kb: 0 }),
      complete: async () => null,
      remove: async () => {},
      removeAll: async () => [],
      unfinished: async () => [],
      touch: async () => {},
      removeStale: async () => [],
      removeOver: async () => [],
      known: async () => new Set(),
    },
    records: {
      create: async () => {},
      find: async () => null,
      findByKey: async () => null,
      findByPath: async () => null,
      taken: async () => new Set(),
      list: async () => [],
      usage: async () => ({ records: 0, bytes: 0 }),
      unfinished: async () => 0,
      change: async () => {},
      confirm: async () => null,
      remove: async () => {},
      removeStale: async () => [],
      known: async () => new Set(),
    },
    meetings: {
      async create(meeting) {
        await alive()
        const { id, account, creator, requestKey } = meeting
        if (meetings.has(id)) throw new MeetingConflict('id')
        const same = (m: MeetingRecord) =>
          m.account === account && m.creator === creator && m.requestKey === requestKey
        if (requestKey !== null && all().some(same)) throw new MeetingConflict('requestKey')
        meetings.set(id, meeting)
      },
      find: async (id) => {
        await alive()
        return meetings.get(id) ?? null
      },
      findBySlug: async (slug) => all().find((m) => m.slug === slug) ?? null,
      async findByRequest(account, creator, key) {
        await alive()
        const same = (m: MeetingRecord) =>
          m.account === account && m.creator === creator && m.requestKey === key
        return all().find(same) ?? null
      },
      list: async (account) => {
        await alive()
        return all().filter((m) => m.account === account)
      },
      async count(account) {
        await alive()
        return all().filter((m) => m.account === account).length
      },
      all: async () => all(),
      async setEmptySince(id, emptySince) {
        await alive()
        const found = meetings.get(id)
        if (found) meetings.set(id, { ...found, emptySince })
      },
      async destroy(id) {
        await alive()
        return meetings.delete(id)
      },
    },
    im: {
      lasts: async () => new Map(),
      append: async (messages) => new Set(messages.map(({ seq }) => seq)),
      findByKey: async () => null,
      before: async () => [],
      after: async () => [],
      trim: async () => {},
    },
    pages: { all: async () => new Map(), save: async () => {} },
    sessions: {
      all: async () => [...sessions.values()],
      async save(keep, forget) {
        await alive()
        for (const record of keep) sessions.set(record.tokenHash, record)
        for (const hash of forget) sessions.delete(hash)
      },
    },
    close: async () => {},
  }
}
