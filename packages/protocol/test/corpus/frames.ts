/** Frames that parsers trip over; whatever fails once is added with its reason. */
export const FRAMES = [
  { why: 'nothing', text: '' },
  { why: 'a byte order mark', text: '\ufeff{"ping":1}' },
  { why: 'half a character', text: '{"id":1,"method":"\\ud800"}' },
  { why: 'no object', text: 'null' },
  { why: 'a list', text: '[{"ping":1}]' },
  { why: 'a number beyond all numbers', text: '{"ping":1e999}' },
  { why: 'minus nothing', text: '{"ack":-0}' },
  { why: 'an acknowledgement of less than nothing', text: '{"ack":-1}' },
  { why: 'a number with a fraction', text: '{"id":1.5,"method":"x"}' },
  { why: 'a number that is a text', text: '{"id":"1","method":"x"}' },
  {
    why: 'everything at once',
    text: '{"ping":1,"ack":2,"id":3,"method":"x","hello":{},"refused":{},"pong":4,"seq":5,"event":"e"}',
  },
  { why: 'a name twice', text: '{"id":1,"id":2,"method":"x","method":"y"}' },
  { why: 'a prototype', text: '{"__proto__":{"id":1,"method":"x"}}' },
  {
    why: 'a prototype as parameters',
    text: '{"id":1,"method":"x","params":{"__proto__":{"a":1}}}',
  },
  { why: 'a method that is a list', text: '{"id":1,"method":["x"]}' },
  {
    why: 'a method of 65 characters',
    text: '{"id":1,"method":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}',
  },
  { why: 'an event without a name', text: '{"seq":1,"event":7}' },
  { why: 'a greeting that is a text', text: '{"hello":"x"}' },
] as const
