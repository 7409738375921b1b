import { LIMITS } from '@yuntang/protocol'
import { createMailbox } from '../../core/mailbox.ts'
import type { QueueRecord, QueueSettings, QueueStore } from '../../storage/port.ts'
import { definitionOf } from './definitions.ts'
import { Desks, type DesksDeps } from './desks.ts'

/** All queues: their desks, and the definitions that an administrator changes. */
export interface Queues {
  readonly desks: Desks
  /** By ID. */
  list(account: string): readonly QueueRecord[]
  find(id: number): QueueRecord | undefined
  /** Null when the account has as many as it may have. @throws QueueConflict */
  create(account: string, queue: QueueSettings): Promise<QueueRecord | null>
  /** Null when there is none. @throws QueueConflict */
  update(id: number, change: (queue: QueueRecord) => QueueSettings): Promise<QueueRecord | null>
  /** Acts at once on everybody in it; true when it existed. */
  delete(id: number): Promise<boolean>
  close(): void
}

export interface QueuesOptions extends DesksDeps {
  readonly store: QueueStore
}

/** Loads the definitions; every change is stored first and acts then, one after the other. */
export const createQueues = async (options: QueuesOptions): Promise<Queues> => {
  const { store, clock } = options
  const desks = new Desks(options)
  const records = new Map<number, QueueRecord>()
  const changes = createMailbox()

  const define = (record: QueueRecord) => {
    records.set(record.id, record)
    desks.of(record.account).run({ type: 'define', definition: definitionOf(record) })
    return record
  }
  const list = (account: string) => [...records.values()].filter((r) => r.account === account)

  for (const record of await store.all()) define(record)

  return {
    desks,
    list,
    find: (id) => records.get(id),
    create: (account, queue) =>
      changes.run(async () =>
        list(account).length >= LIMITS.queuesPerAccount
          ? null
          : define(await store.create(account, queue, clock.now())),
      ),
    update: (id, change) =>
      changes.run(async () => {
        const known = records.get(id)
        const record = known && (await store.update(id, change(known), clock.now()))
        return record ? define(record) : null
      }),
    delete: (id) =>
      changes.run(async () => {
        const record = records.get(id)
        const existed = await store.delete(id)
        records.delete(id)
        if (record) desks.of(record.account).run({ type: 'delete', queue: id })
        return existed
      }),
    close: () => desks.close(),
  }
}
