/** Changes of a good manifest, as a pattern and what takes its place; whatever fails once is added with its reason. */
export const MANIFESTS = [
  { why: 'a prototype', find: '^\\{', put: '{"__proto__":{"format":"x"},' },
  { why: 'a name twice', find: '"recording":', put: '"recording":"x","recording":' },
  { why: 'a size beyond all numbers', find: '"bytes":\\d+', put: '"bytes":1e999' },
  { why: 'a size with a fraction', find: '"bytes":(\\d+)', put: '"bytes":$1.5' },
  { why: 'a size of minus nothing', find: '"bytes":\\d+', put: '"bytes":-0' },
  { why: 'a size that is a text', find: '"bytes":(\\d+)', put: '"bytes":"$1"' },
  { why: 'no chunks', find: '"chunks":\\[.*?\\]\\]', put: '"chunks":[]' },
  {
    why: 'chunks that are an object',
    find: '"chunks":\\[.*?\\]\\]',
    put: '"chunks":{"length":1}',
  },
  { why: 'half a character in the name', find: '"name":"', put: '"name":"\\ud800' },
  { why: 'a NUL in the name', find: '"name":"', put: '"name":"\\u0000' },
  { why: 'a key that is too short', find: '"key":"..', put: '"key":"' },
  { why: 'a key with a sign that is none', find: '"key":".', put: '"key":"+' },
  { why: 'another format', find: 'yuntang-evidence/1', put: 'yuntang-evidence/2' },
  {
    why: 'parts within parts without end',
    find: '"stamps":\\[',
    put: '"stamps":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[',
  },
] as const
