import { hasTexts, onDevice, parseStored } from '../ui/settings.ts'

/** Who is recorded and what it is about, as the agent wrote it. */
export interface DualForm {
  readonly agent: string
  /** Staff number; may be empty. */
  readonly staff: string
  readonly customer: string
  /** Number of the identity document; may be empty. */
  readonly document: string
  /** Number of the business; may be empty. */
  readonly reference: string
}

/** One dual recording of this browser: what was recorded with whose consent. */
export interface DualResult extends DualForm {
  readonly session: string
  readonly meeting: number
  /** When the customer agreed, milliseconds since 1970. */
  readonly agreedAt: number
  /** Paths in the order of recording; more than one after an interruption. */
  readonly files: readonly string[]
  /** What was shown and spoken, and when. */
  readonly steps: readonly { readonly text: string; readonly at: number }[]
  readonly ending: 'open' | 'done' | 'withdrawn'
}

const INDEX = 'dual.sessions'
/** Older ones are forgotten; their files stay in the list of recordings. */
const MOST = 200
const keyOf = (session: string) => `dual.${session}`

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((text) => typeof text === 'string')

const isSteps = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every((step) => hasTexts(step, 'text') && Number.isSafeInteger(Reflect.get(step, 'at')))

export const isForm = (value: unknown): value is DualForm =>
  hasTexts(value, 'agent', 'staff', 'customer', 'document', 'reference')

const isResult = (value: unknown): value is DualResult => {
  if (!isForm(value) || !hasTexts(value, 'session', 'ending')) return false
  const result: Partial<Record<keyof DualResult, unknown>> = value
  return (
    [result.meeting, result.agreedAt].every(Number.isSafeInteger) &&
    isTexts(result.files) &&
    isSteps(result.steps) &&
    ['open', 'done', 'withdrawn'].includes(String(result.ending))
  )
}

const sessions = (): string[] => parseStored(onDevice.read(INDEX), isTexts) ?? []

export const readResult = (session: string): DualResult | null =>
  parseStored(onDevice.read(keyOf(session)), isResult)

/** Newest first. */
export const readResults = (): DualResult[] =>
  sessions().flatMap((session) => readResult(session) ?? [])

export const keepResult = (result: DualResult): void => {
  onDevice.write(keyOf(result.session), JSON.stringify(result))
  const known = sessions()
  if (known.includes(result.session)) return
  for (const old of known.slice(MOST - 1)) onDevice.remove(keyOf(old))
  onDevice.write(INDEX, JSON.stringify([result.session, ...known.slice(0, MOST - 1)]))
}

export const forgetResult = (session: string): void => {
  onDevice.remove(keyOf(session))
  onDevice.write(INDEX, JSON.stringify(sessions().filter((known) => known !== session)))
}
