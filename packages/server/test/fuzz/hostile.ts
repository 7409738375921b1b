import fc from 'fast-check'

/** Values that parsers trip over, and any JSON. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    '\u0000',
    '\ud800',
    '__proto__',
    'constructor',
    'x'.repeat(5000),
    -1,
    0,
    -0,
    1.5,
    2 ** 31,
    2 ** 53,
    1e308,
    [],
    {},
    [[]],
    Array.from({ length: 600 }, () => 1),
    { __proto__: null, toString: 1, length: -1 },
    Array.from({ length: 200 }).reduce<unknown>((inner) => [inner], 0),
  ),
  fc.jsonValue({ maxDepth: 3 }),
)

/** A valid value with one of its parts replaced, removed or added. */
export const mutated = (value: unknown): fc.Arbitrary<unknown> => {
  if (typeof value !== 'object' || value === null)
    return fc.oneof({ weight: 3, arbitrary: fc.constant(value) }, hostileValue)
  if (Array.isArray(value))
    return fc.oneof(fc.tuple(...value.map(mutated)), fc.array(hostileValue, { maxLength: 5 }))
  const entries = Object.entries(value)
  if (entries.length === 0) return fc.oneof(fc.constant(value), hostileValue)
  const parts = fc.tuple(...entries.map(([, part]) => mutated(part)))
  const whole = parts.map((p) => Object.fromEntries(p.map((part, i) => [entries[i]?.[0], part])))
  return fc.oneof(
    { weight: 3, arbitrary: whole },
    { weight: 1, arbitrary: fc.constant(value) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(whole, fc.constantFrom(...entries.map(([key]) => key)))
        .map(([all, gone]) => Object.fromEntries(Object.entries(all).filter(([k]) => k !== gone))),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(whole, fc.string({ maxLength: 12 }), hostileValue)
        .map(([all, key, extra]) => ({ ...all, [key]: extra })),
    },
  )
}

/** Values that pass a check of types and lengths more often than not. */
const EDGES: { readonly [type: string]: readonly unknown[] } = {
  string: ['', ' ', '\ud800', '\u0000', '../x', '__proto__', 'x'.repeat(64), '🙂'.repeat(40), '"<'],
  number: [0, 1, 2, -1, 65_535, 2 ** 32 - 1, Number.MAX_SAFE_INTEGER, 0.5],
  boolean: [true, false],
}

const leavesOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? Object.values(value).reduce<number>((sum, part) => sum + leavesOf(part), 0)
    : 1

/** A copy in which the `at`th value that has no parts is another one. */
const withLeaf = (value: unknown, at: number, put: (was: unknown) => unknown): unknown => {
  if (typeof value !== 'object' || value === null) return at === 0 ? put(value) : value
  let before = 0
  const parts = Object.entries(value).map(([key, part]) => {
    const changed = withLeaf(part, at - before, put)
    before += leavesOf(part)
    return [key, changed] as const
  })
  return Array.isArray(value) ? parts.map(([, part]) => part) : Object.fromEntries(parts)
}

/** A valid value with one or two of its values replaced by others of their types: handlers see most of them. */
export const nearly = (value: unknown): fc.Arbitrary<unknown> => {
  const leaves = leavesOf(value)
  if (leaves === 0) return fc.constant(value)
  return fc.array(fc.tuple(fc.nat(leaves - 1), fc.nat(20)), { maxLength: 2 }).map((changes) =>
    changes.reduce<unknown>(
      (all, [at, which]) =>
        withLeaf(all, at, (was) => {
          const edges = EDGES[typeof was] ?? [was]
          return edges[which % edges.length]
        }),
      value,
    ),
  )
}
