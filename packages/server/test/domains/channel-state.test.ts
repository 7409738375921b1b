import { LIMITS } from '@yuntang/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  apply,
  decide,
  offered,
  type TransferCommand,
  type TransferFact,
  type TransferState,
} from '../../src/domains/channel/state.ts'

const CHUNK = LIMITS.chunkBytes
const WINDOW = CHUNK * LIMITS.chunkWindow
const run = (state: TransferState, ...commands: TransferCommand[]) => {
  let now = state
  let last: readonly TransferFact[] | string = []
  for (const command of commands) {
    const decision = decide(now, command)
    last = 'error' in decision ? decision.error : decision.facts
    if ('facts' in decision) for (const fact of decision.facts) now = apply(now, fact)
  }
  return { now, last }
}
const accept = (offset = 0): TransferCommand => ({ type: 'accept', offset })
const chunk = (n: number, length = CHUNK): TransferCommand => ({
  type: 'chunk',
  offset: n * CHUNK,
  length,
})
const confirm = (n: number): TransferCommand => ({ type: 'confirm', offset: n * CHUNK })
const finish: TransferCommand = { type: 'finish' }
const over = (tellSender: boolean, tellReceiver: boolean, error?: string) => [
  { type: 'over', tellSender, tellReceiver, ...(error && { error }) },
]

describe('04 §7: one transfer', () => {
  const size = 3 * CHUNK + 5
  const begun = run(offered(size), accept()).now

  it.each<[string, TransferState, TransferCommand, unknown]>([
    [
      'is accepted from the start',
      offered(size),
      accept(),
      [{ type: 'placed', offset: 0, confirmed: 0 }],
    ],
    ['takes no chunk before', offered(size), chunk(0), []],
    ['cannot be accepted past its start', offered(size), accept(CHUNK), 'param.invalid'],
    ['relays the next chunk', begun, chunk(0), [{ type: 'relayed', to: CHUNK }]],
    ['relays no later chunk', begun, chunk(1), []],
    ['relays no short chunk', begun, chunk(0, 7), []],
    ['relays no chunk twice', run(begun, chunk(0)).now, chunk(0), []],
    ['believes no confirmation of what was not sent', begun, confirm(1), []],
    [
      'takes a confirmation',
      run(begun, chunk(0)).now,
      confirm(1),
      [{ type: 'confirmed', to: CHUNK }],
    ],
    [
      'takes no confirmation inside a chunk',
      run(begun, chunk(0)).now,
      { type: 'confirm', offset: 9 },
      [],
    ],
    ['cannot finish early', run(begun, chunk(0)).now, finish, 'param.invalid'],
    ['is not delivered before it is finished', begun, { type: 'delivered' }, 'param.invalid'],
    ['is cancelled', begun, { type: 'cancel' }, over(false, true)],
    ['is refused', offered(size), { type: 'refuse' }, over(true, false, 'channel.failed')],
    [
      'fails without its receiver',
      begun,
      { type: 'gone', side: 'receiver' },
      over(true, false, 'channel.failed'),
    ],
    ['is withdrawn without its sender', begun, { type: 'gone', side: 'sender' }, over(false, true)],
  ])('%s', (_, state, command, wanted) => expect(run(state, command).last).toEqual(wanted))

  it('04 §4: once the last chunk is there a cancel comes too late', () => {
    const all = run(begun, chunk(0), chunk(1), chunk(2), chunk(3, 5), finish)
    expect(all.last).toEqual([{ type: 'finishing' }])
    expect(run(all.now, { type: 'cancel' }).last).toBe('channel.too-late')
    expect(run(all.now, { type: 'gone', side: 'sender' }).last).toEqual(over(false, false))
    expect(run(all.now, { type: 'delivered' }).last).toEqual(over(true, false))
    expect(run(all.now, { type: 'delivered' }, { type: 'delivered' }).last).toBe('channel.too-late')
  })

  it('an empty file is finished at once', () => {
    expect(run(offered(0), accept(), finish).last).toEqual([{ type: 'finishing' }])
  })

  it('at most eight chunks are unconfirmed', () => {
    let state = run(offered(20 * CHUNK), accept()).now
    for (let n = 0; n < 20; n++) state = run(state, chunk(n)).now
    expect(state.relayed).toBe(WINDOW)
    expect(run(state, confirm(3), chunk(8)).now.relayed).toBe(WINDOW + CHUNK)
  })
})

/**
 * A sender, a receiver and the two wires between them and the server; wires lose everything that is
 * on them when they are cut, requests and events excepted, which the link delivers later.
 */
const simulate = (chunks: number, tail: number, steps: readonly number[]) => {
  const size = chunks * CHUNK + tail
  let state = offered(size)
  let outcome = ''
  const up: TransferCommand[] = []
  const back: TransferCommand[] = []
  const toReceiver: { offset: number; length: number }[] = []
  const toSender: TransferFact[] = []
  const sender = { at: 0, confirmed: 0, going: false }
  const receiver = { stored: 0, finished: false, delivered: false }

  const commit = (command: TransferCommand) => {
    const decision = decide(state, command)
    if ('error' in decision) return
    for (const fact of decision.facts) {
      state = apply(state, fact)
      if (fact.type === 'placed' || fact.type === 'confirmed') toSender.push(fact)
      if (fact.type === 'relayed' && command.type === 'chunk') toReceiver.push(command)
      if (fact.type === 'finishing') receiver.finished = true
      if (fact.type === 'over')
        outcome = command.type === 'delivered' ? 'delivered' : fact.error ? 'failed' : 'withdrawn'
    }
  }
  const moves = {
    send() {
      if (!sender.going || sender.at >= size || sender.at >= sender.confirmed + WINDOW) return
      const length = Math.min(CHUNK, size - sender.at)
      up.push({ type: 'chunk', offset: sender.at, length })
      sender.at += length
    },
    serve() {
      const command = up.shift()
      if (command) commit(command)
    },
    serveBack() {
      const command = back.shift()
      if (command) commit(command)
    },
    hear() {
      const fact = toSender.shift()
      if (fact?.type === 'placed') {
        sender.going = true
        sender.at = fact.offset
        sender.confirmed = Math.max(sender.confirmed, fact.confirmed)
      } else if (fact?.type === 'confirmed') sender.confirmed = Math.max(sender.confirmed, fact.to)
    },
    store() {
      const next = toReceiver.shift()
      if (!next) return
      if (next.offset === receiver.stored) receiver.stored += next.length
      if (receiver.stored < size) back.push({ type: 'confirm', offset: receiver.stored })
      else back.push({ type: 'finish' })
    },
    cutSender() {
      up.splice(0, up.length, ...up.filter(({ type }) => type !== 'chunk'))
      toSender.splice(0, toSender.length, ...toSender.filter(({ type }) => type === 'placed'))
      if (sender.going) up.push({ type: 'continue' })
    },
    cutReceiver() {
      toReceiver.length = 0
      back.splice(0, back.length, ...back.filter(({ type }) => type !== 'confirm'))
      if (receiver.stored < size) back.push({ type: 'accept', offset: receiver.stored })
    },
    deliver() {
      if (!receiver.finished || receiver.delivered) return
      receiver.delivered = true
      back.push({ type: 'delivered' })
    },
  }
  const names = Object.keys(moves) as (keyof typeof moves)[]
  back.push(accept())
  if (size === 0) back.push(finish)
  for (const step of steps) moves[names[step % names.length] as keyof typeof moves]()
  return {
    size,
    receiver,
    outcome: () => outcome,
    commit,
    /** Everything goes well from here on. */
    settle() {
      for (let i = 0; i < 400 && outcome === ''; i++)
        for (const name of names) if (!name.startsWith('cut')) moves[name]()
    },
  }
}

describe('04 §2: all or nothing', () => {
  const steps = fc.array(fc.nat(100), { maxLength: 400 })

  it('whatever is cut and whenever, every byte arrives once and in order', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.constantFrom(0, 1, CHUNK - 1), steps, (chunks, tail, moves) => {
        const run = simulate(chunks, tail, moves)
        run.settle()
        expect(run.outcome()).toBe('delivered')
        expect(run.receiver.stored).toBe(run.size)
      }),
      { numRuns: 300 },
    )
  })

  it.each<[TransferCommand, string]>([
    [{ type: 'cancel' }, 'withdrawn'],
    [{ type: 'gone', side: 'sender' }, 'withdrawn'],
    [{ type: 'gone', side: 'receiver' }, 'failed'],
  ])('%o at any moment leaves all or nothing', (end, wanted) => {
    fc.assert(
      fc.property(fc.nat(12), steps, (chunks, moves) => {
        const run = simulate(chunks, 1, moves)
        const whole = run.receiver.finished
        run.commit(end)
        run.settle()
        if (whole && end.type === 'cancel') expect(run.outcome()).toBe('delivered')
        else if (!whole) {
          expect(run.outcome()).toBe(wanted)
          expect(run.receiver.delivered).toBe(false)
        }
      }),
      { numRuns: 200 },
    )
  })
})
