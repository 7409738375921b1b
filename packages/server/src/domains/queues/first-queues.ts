import { readFile } from 'node:fs/promises'
import { StartError } from '../../core/start-error.ts'
import type { QueueSettings, QueueStore } from '../../storage/port.ts'
import { FIRST_QUEUES, readQueues } from './definitions.ts'

const readFirst = async (file: string): Promise<readonly QueueSettings[]> => {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new StartError(`The file ${file} (QUEUES_FILE) cannot be read.`, { cause })
  })
  const read = readQueues(text)
  if ('queues' in read) return read.queues
  throw new StartError(
    [`The file ${file} (QUEUES_FILE) cannot be used:`, ...read.problems].join('\n'),
  )
}

/**
 * Gives an account its first queues when it never had any: those of the file, or two open ones.
 * @throws StartError with a plain sentence for everything that is wrong with the file.
 */
export const makeFirstQueues = async (
  store: QueueStore,
  account: string,
  file: string | null,
  now: number,
): Promise<void> => {
  await store.seed(account, file === null ? FIRST_QUEUES : await readFirst(file), now)
}
