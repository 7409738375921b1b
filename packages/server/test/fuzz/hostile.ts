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
