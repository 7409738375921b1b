import { afterAll, beforeAll, beforeEach, describe } from 'vitest'
import type { Storage } from '../../../src/storage/port.ts'
import { accountsContract } from './accounts.ts'
import { boardsContract } from './boards.ts'
import { type Given, nextSerial } from './given.ts'
import { marksContract } from './marks.ts'
import { meetingsContract } from './meetings.ts'
import { messagesAndPagesContract } from './messages-and-pages.ts'
import { netFilesContract } from './net-files.ts'
import { queuesContract } from './queues.ts'
import { recordsContract } from './records.ts'
import { sessionsContract } from './sessions.ts'
import { usersContract } from './users.ts'

const STORES = [
  accountsContract,
  meetingsContract,
  sessionsContract,
  queuesContract,
  usersContract,
  netFilesContract,
  recordsContract,
  messagesAndPagesContract,
  boardsContract,
  marksContract,
]

/** What every storage does; run on each adapter. */
export const storageContract = (name: string, open: () => Promise<Storage>) =>
  describe(`storage contract on ${name}`, () => {
    let storage: Storage
    let account = ''
    beforeAll(async () => {
      storage = await open()
    }, 60_000)
    beforeEach(() => {
      account = `tenant-${nextSerial()}`
    })
    afterAll(async () => {
      await storage.close()
      await storage.close()
    })
    const given: Given = () => ({ storage, account })
    for (const store of STORES) store(given)
  })
