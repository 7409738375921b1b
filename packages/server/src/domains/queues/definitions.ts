import { LIMITS, UserID } from '@yuntang/protocol'
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import type { QueueRecord, QueueSettings } from '../../storage/port.ts'
import type { QueueDefinition } from './model.ts'

const DAY_SECONDS = 86_400
const MAX_AGENTS = 10_000

/** One queue as an administrator writes it, in the file of the first ones and over HTTP. */
const Written = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: LIMITS.queueNameChars }),
    description: Type.Optional(Type.String({ maxLength: LIMITS.queueDescChars })),
    priority: Type.Optional(Type.Integer({ minimum: 1, maximum: 10 })),
    /** Customers who may wait at once; 0 any number. */
    maxWaiting: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    /** Seconds; 0 never. */
    maxWaitSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: DAY_SECONDS })),
    /** User IDs; null or absent: everybody may serve. */
    agents: Type.Optional(
      Type.Union([Type.Null(), Type.Array(UserID(), { maxItems: MAX_AGENTS })]),
    ),
    /** Kept for programs that set it; an account is a company of its own here. */
    global: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)
export type WrittenQueue = Static<typeof Written>

const validator = Compile(Written)

/** What is wrong with a written queue in one plain sentence, or the settings that it stands for. */
export const readQueue = (value: unknown): QueueSettings | string => {
  if (!validator.Check(value)) {
    const first = validator.Errors(value)[0]
    const where = first?.instancePath.replace(/^\//, '')
    return `${where ? `"${where}"` : 'The queue'} ${first?.message ?? 'is not a queue'}.`
  }
  const { name, description, priority, maxWaiting, maxWaitSeconds, agents, global } = value
  return {
    name,
    desc: description ?? '',
    priority: priority ?? 10,
    maxWaiting: maxWaiting ?? 0,
    maxWaitMs: (maxWaitSeconds ?? 0) * 1000,
    agents: agents ?? null,
    global: global ?? false,
  }
}

/** The queues of a file, or every reason why it has none. */
export const readQueues = (
  text: string,
): { readonly queues: QueueSettings[] } | { readonly problems: string[] } => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { problems: ['It is not JSON.'] }
  }
  if (!Array.isArray(value)) return { problems: ['It must hold a list of queues.'] }
  if (value.length > LIMITS.queuesPerAccount)
    return { problems: [`It holds more than ${LIMITS.queuesPerAccount} queues.`] }
  const problems: string[] = []
  const queues: QueueSettings[] = []
  for (const [i, entry] of value.entries()) {
    const read = readQueue(entry)
    if (typeof read === 'string') problems.push(`Queue ${i + 1}: ${read}`)
    else if (queues.some((q) => q.name === read.name))
      problems.push(`Queue ${i + 1}: the name "${read.name}" is there twice.`)
    else queues.push(read)
  }
  return problems.length > 0 ? { problems } : { queues }
}

/** What an account starts with (spec 05 §9), so that the functions can be tried. */
export const FIRST_QUEUES: readonly QueueSettings[] = [
  { name: 'Queue 1', priority: 1 },
  { name: 'Queue 2', priority: 2 },
].map((q) => ({ ...q, desc: '', maxWaiting: 0, maxWaitMs: 0, agents: null, global: false }))

export const definitionOf = ({
  id,
  name,
  desc,
  priority,
  maxWaiting,
  maxWaitMs,
  agents,
}: QueueRecord): QueueDefinition => ({
  id,
  name,
  desc,
  priority,
  maxWaiting,
  maxWaitMs,
  agents,
})

/** The other way round, for answers over HTTP. */
export const writtenOf = (q: QueueSettings): Required<WrittenQueue> => ({
  name: q.name,
  description: q.desc,
  priority: q.priority,
  maxWaiting: q.maxWaiting,
  maxWaitSeconds: q.maxWaitMs / 1000,
  agents: q.agents === null ? null : [...q.agents],
  global: q.global,
})
