import { describe, expect, test } from 'vitest'
import { clientInvite } from '../../src/sip/transaction/client-invite.ts'
import { clientOther } from '../../src/sip/transaction/client-other.ts'
import type { Act, ClientEvent, ServerEvent, Timer } from '../../src/sip/transaction/machine.ts'
import { serverInvite } from '../../src/sip/transaction/server-invite.ts'
import { serverOther } from '../../src/sip/transaction/server-other.ts'

/** `200`, `timer B`, `start` … as events. */
const clientEvent = (text: string): ClientEvent => {
  if (/^\d/.test(text)) return { type: 'response', status: Number(text) }
  if (text.startsWith('timer')) return { type: 'timer', timer: text.slice(6) as Timer }
  return { type: text as 'start' | 'cancel' | 'transportError' }
}

const serverEvent = (text: string): ServerEvent => {
  if (/^\d/.test(text)) return { type: 'respond', status: Number(text) }
  if (text.startsWith('timer')) return { type: 'timer', timer: text.slice(6) as Timer }
  return { type: text as 'request' | 'ack' | 'transportError' }
}

const written = (acts: readonly Act[]): string =>
  acts
    .map((act) => {
      if (act.do === 'start') return `${act.timer}=${act.ms}`
      return act.do === 'fail' ? `fail:${act.why}` : act.do
    })
    .join(' ')

/** Rows: state | event | next state | acts; what is not listed must change nothing. */
const rows = (table: string): Map<string, [next: string, acts: string]> =>
  new Map(
    table
      .trim()
      .split('\n')
      .map((line) => {
        const [state, event, next, acts = ''] = line.split('|').map((cell) => cell.trim())
        return [`${state} | ${event}`, [next!, acts]] as const
      }),
  )

const CLIENT_EVENTS = [
  'start',
  'cancel',
  '100',
  '180',
  '200',
  '299',
  '300',
  '486',
  '699',
  'transportError',
  ...'ABDEFKM'.split('').map((timer) => `timer ${timer}`),
]
const SERVER_EVENTS = [
  'request',
  'ack',
  '100',
  '180',
  '200',
  '300',
  '603',
  'transportError',
  ...'GHIJL'.split('').map((timer) => `timer ${timer}`),
]

const provisional = (state: string, next: string) =>
  ['100', '180'].map((status) => `${state} | ${status} | ${next} | pass`).join('\n')
const success = (state: string, acts: string) =>
  ['200', '299'].map((status) => `${state} | ${status} | accepted | ${acts}`).join('\n')
const failure = (state: string, acts: string) =>
  ['300', '486', '699'].map((status) => `${state} | ${status} | completed | ${acts}`).join('\n')

const INVITE_CLIENT = (reliable: boolean) => `
calling | start | calling | B=32000 ${reliable ? '' : 'A=500 '}send
calling | transportError | terminated | fail:transport
calling | timer A | calling | A=1000 send
calling | timer B | terminated | fail:timeout
${provisional('calling', 'proceeding')}
${success('calling', 'pass M=32000')}
${failure('calling', `ack pass D=${reliable ? 0 : 32_000}`)}
proceeding | cancel | proceeding | B=32000
${provisional('proceeding', 'proceeding')}
${success('proceeding', 'pass M=32000')}
${failure('proceeding', `ack pass D=${reliable ? 0 : 32_000}`)}
${failure('completed', 'ack')}
completed | timer D | terminated |
${success('accepted', 'pass')}
accepted | timer M | terminated |`

const finals = (state: string, k: number) =>
  ['200', '299', '300', '486', '699']
    .map((status) => `${state} | ${status} | completed | pass K=${k}`)
    .join('\n')

const OTHER_CLIENT = (reliable: boolean) => `
trying | start | trying | F=32000 ${reliable ? '' : 'E=500 '}send
trying | transportError | terminated | fail:transport
trying | timer E | trying | E=1000 send
trying | timer F | terminated | fail:timeout
${provisional('trying', 'proceeding')}
${finals('trying', reliable ? 0 : 5000)}
proceeding | transportError | terminated | fail:transport
proceeding | timer E | proceeding | E=4000 send
proceeding | timer F | terminated | fail:timeout
${provisional('proceeding', 'proceeding')}
${finals('proceeding', reliable ? 0 : 5000)}
completed | timer K | terminated |`

const INVITE_SERVER = (reliable: boolean) => `
proceeding | request | proceeding | send
proceeding | 100 | proceeding | send
proceeding | 180 | proceeding | send
proceeding | 200 | accepted | send L=32000
proceeding | 300 | completed | send H=32000${reliable ? '' : ' G=500'}
proceeding | 603 | completed | send H=32000${reliable ? '' : ' G=500'}
proceeding | transportError | terminated | fail:transport
completed | request | completed | send
completed | ack | confirmed | I=${reliable ? 0 : 5000}
completed | timer G | completed | G=1000 send
completed | timer H | terminated | fail:timeout
confirmed | timer I | terminated |
accepted | 100 | accepted | send
accepted | 180 | accepted | send
accepted | 200 | accepted | send
accepted | ack | accepted | pass
accepted | timer L | terminated |`

const OTHER_SERVER = (reliable: boolean) => {
  const answered = (state: string) =>
    ['200', '300', '603']
      .map((status) => `${state} | ${status} | completed | send J=${reliable ? 0 : 32_000}`)
      .join('\n')
  return `
trying | 100 | proceeding | send
trying | 180 | proceeding | send
${answered('trying')}
proceeding | request | proceeding | send
proceeding | 100 | proceeding | send
proceeding | 180 | proceeding | send
${answered('proceeding')}
completed | request | completed | send
completed | timer J | terminated |`
}

describe.each([
  ['UDP', false],
  ['TCP', true],
])('over %s', (_, reliable) => {
  const check = (
    states: readonly string[],
    events: readonly string[],
    table: string,
    step: (state: string, event: string) => { next: string; acts: string },
  ) => {
    const expected = rows(table)
    const seen = new Map<string, [string, string]>()
    for (const state of states)
      for (const event of events) {
        const { next, acts } = step(state, event)
        if (next !== state || acts) seen.set(`${state} | ${event}`, [next, acts])
      }
    expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(expected))
  }

  test('INVITE client, every state and event (RFC 3261 §17.1.1, RFC 6026 §7.2)', () => {
    check(
      ['calling', 'proceeding', 'completed', 'accepted', 'terminated'],
      CLIENT_EVENTS,
      INVITE_CLIENT(reliable),
      (at, event) => {
        const from = { ...clientInvite.initial, at: at as 'calling' }
        const { state, acts } = clientInvite.step(from, clientEvent(event), reliable)
        return { next: state.at, acts: written(acts) }
      },
    )
  })

  test('other client, every state and event (§17.1.2)', () => {
    check(
      ['trying', 'proceeding', 'completed', 'terminated'],
      CLIENT_EVENTS,
      OTHER_CLIENT(reliable),
      (at, event) => {
        const from = { ...clientOther.initial, at: at as 'trying' }
        const { state, acts } = clientOther.step(from, clientEvent(event), reliable)
        return { next: state.at, acts: written(acts) }
      },
    )
  })

  test('INVITE server, every state and event (§17.2.1, RFC 6026 §7.1)', () => {
    check(
      ['proceeding', 'completed', 'confirmed', 'accepted', 'terminated'],
      SERVER_EVENTS,
      INVITE_SERVER(reliable),
      (at, event) => {
        const from = { ...serverInvite.initial, at: at as 'proceeding', sent: true }
        const { state, acts } = serverInvite.step(from, serverEvent(event), reliable)
        return { next: state.at, acts: written(acts) }
      },
    )
  })

  test('other server, every state and event (§17.2.2)', () => {
    check(
      ['trying', 'proceeding', 'completed', 'terminated'],
      SERVER_EVENTS,
      OTHER_SERVER(reliable),
      (at, event) => {
        const from = { at: at as 'trying' }
        const { state, acts } = serverOther.step(from, serverEvent(event), reliable)
        return { next: state.at, acts: written(acts) }
      },
    )
  })
})

test('a request that came again before any answer gets nothing yet', () => {
  const { acts } = serverInvite.step(serverInvite.initial, { type: 'request' }, false)
  expect(acts).toEqual([])
})

test('a cancelled INVITE that nobody answers is over after 64 × T1 (§9.1)', () => {
  const { state } = clientInvite.step(
    { at: 'proceeding', interval: 500, cancelled: true },
    { type: 'timer', timer: 'B' },
    false,
  )
  expect(state.at).toBe('terminated')
})

test('waits between repetitions double, those of E and G up to T2', () => {
  const waits = (from: number, step: (interval: number) => readonly Act[]) => {
    const all: number[] = []
    for (let interval = from; all.length < 6; interval = all.at(-1)!)
      all.push(step(interval).flatMap((act) => (act.do === 'start' ? act.ms : []))[0]!)
    return all
  }
  const timer = (name: Timer) => ({ type: 'timer', timer: name }) as const
  expect(
    waits(500, (interval) => {
      const from = { at: 'calling', interval, cancelled: false } as const
      return clientInvite.step(from, timer('A'), false).acts
    }),
  ).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000])
  expect(
    waits(500, (interval) => clientOther.step({ at: 'trying', interval }, timer('E'), false).acts),
  ).toEqual([1000, 2000, 4000, 4000, 4000, 4000])
  expect(
    waits(500, (interval) => {
      const from = { at: 'completed', interval, sent: true } as const
      return serverInvite.step(from, timer('G'), false).acts
    }),
  ).toEqual([1000, 2000, 4000, 4000, 4000, 4000])
})
