import { LIMITS } from '@yuntang/protocol'
import Type, { type Static, type TObject } from 'typebox'
import { Compile } from 'typebox/compile'

/** Whole numbers, which a form can only send as text. */
const NUMBERS: ReadonlySet<string> = new Set([
  'QueueID',
  'Priority',
  'Global',
  'PageNumber',
  'PageSize',
])
/** Empty text that says something; every other empty field of a form counts as left out. */
const MAY_BE_EMPTY: ReadonlySet<string> = new Set(['QueueDesc'])
const TEXT_CHARS = 128

const Text = () => Type.String({ maxLength: TEXT_CHARS })
const QueueName = Type.String({ maxLength: LIMITS.queueNameChars })
const QueueDesc = Type.String({ maxLength: LIMITS.queueDescChars })
const QueueID = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const Priority = Type.Integer({ minimum: 1, maximum: 10 })
const Global = Type.Integer({ minimum: 0, maximum: 1 })
const which = {
  QueueID: Type.Optional(QueueID),
  QueueName: Type.Optional(QueueName),
}

/** Parameters of the company's interface, spec 05 §9. */
export const COMPANY = Type.Object({
  RequestId: Text(),
  CompID: Text(),
  SecretKey: Text(),
  AppId: Type.Optional(Text()),
})
export const ADD = Type.Object({
  QueueName,
  Priority: Type.Optional(Priority),
  QueueDesc: Type.Optional(QueueDesc),
  Global: Type.Optional(Global),
})
export const WHICH = Type.Object(which)
export const MODIFY = Type.Object({
  ...which,
  NewQueueName: Type.Optional(QueueName),
  QueueDesc: Type.Optional(QueueDesc),
  Priority: Type.Optional(Priority),
  Global: Type.Optional(Global),
})
export const QUERY = Type.Object({
  ...which,
  QueueDesc: Type.Optional(QueueDesc),
  PageNumber: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  PageSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })),
})

/** A number keeps its place as text in a text field, and the other way round. */
const converted = (name: string, value: unknown): unknown => {
  if (!NUMBERS.has(name)) return typeof value === 'number' ? String(value) : value
  return typeof value === 'string' && /^\d{1,15}$/.test(value.trim()) ? Number(value) : value
}

/** Form fields or JSON, numbers as such or as text, as one object; null when it is neither. */
export const fieldsOf = (body: unknown): Record<string, unknown> | null => {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null
  const given = Object.entries(body).filter(
    ([name, value]) => value !== null && (value !== '' || MAY_BE_EMPTY.has(name)),
  )
  return Object.fromEntries(given.map(([name, value]) => [name, converted(name, value)]))
}

/** Makes a reader: the parameters, or what is wrong with them in one plain sentence. */
export const reader = <T extends TObject>(schema: T) => {
  const validator = Compile(schema)
  return (fields: Record<string, unknown>): Static<T> | string => {
    if (validator.Check(fields)) return fields as Static<T>
    const first = validator.Errors(fields)[0]
    const where = first?.instancePath.replace(/^\//, '')
    return `${where ? `"${where}"` : 'The request'} ${first?.message ?? 'is wrong'}.`
  }
}
