import { type BoardAction, type BoardDraft, type Events, LIMITS } from '@yuntang/protocol'

type Changed = Events['board.changed']
type PageFact = Extract<Changed['facts'][number], { do: 'page' }>
type PageAction = Extract<BoardAction, { do: 'page' }>

const encoder = new TextEncoder()

/** UTF-8 bytes of its JSON. */
export const jsonBytes = (value: unknown): number => encoder.encode(JSON.stringify(value)).length

/** A page in parts that fit a frame each. */
export const splitPage = (action: PageAction): PageAction[] => {
  const parts: PageAction[] = []
  let elements: BoardDraft[] = []
  let from = 0
  let bytes = 0
  for (const element of action.elements) {
    const size = jsonBytes(element)
    if (elements.length > 0 && bytes + size > LIMITS.boardPartBytes) {
      parts.push({ ...action, elements, from, more: true })
      from += elements.length
      elements = []
      bytes = 0
    }
    elements.push(element as BoardDraft)
    bytes += size
  }
  return [...parts, { ...action, elements, from, more: false }]
}

/** IDs in lists that fit a frame each. */
export const splitIDs = (ids: readonly string[]): string[][] => {
  const parts: string[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const id of ids) {
    bytes += jsonBytes(id) + 1
    if (bytes > LIMITS.boardPartBytes) {
      parts.push([])
      bytes = jsonBytes(id) + 1
    }
    parts.at(-1)?.push(id)
  }
  return parts
}

/** Puts the parts of a page together that the server tells in a row. */
export const createAssembler = () => {
  let begun: PageFact | null = null
  return {
    /** Null for a part of something; whole facts otherwise. */
    add(changed: Changed): Changed | null {
      const facts: Changed['facts'] = []
      for (const fact of changed.facts) {
        if (fact.do !== 'page') {
          facts.push(fact)
          continue
        }
        const whole: PageFact = begun
          ? { ...fact, elements: [...begun.elements, ...fact.elements] }
          : fact
        begun = fact.more ? whole : null
        if (!fact.more) facts.push(whole)
      }
      return facts.length > 0 ? { n: changed.n, facts } : null
    },
    reset() {
      begun = null
    },
  }
}
