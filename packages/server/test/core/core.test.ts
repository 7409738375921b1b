import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../src/core/clock.ts'
import { createEmitter } from '../../src/core/emitter.ts'
import { createSeededIds, randomIds } from '../../src/core/ids.ts'
import { createLog } from '../../src/core/log.ts'
import { createMailbox } from '../../src/core/mailbox.ts'
import { createScope } from '../../src/core/scope.ts'

describe('fake clock', () => {
  it('runs timers in order of time, also those made by timers, and none that was cancelled', () => {
    const clock = createFakeClock(1000)
    const ran: string[] = []
    clock.schedule(20, () => ran.push(`b ${clock.now()}`))
    clock.schedule(10, () => {
      ran.push(`a ${clock.now()}`)
      clock.schedule(5, () => ran.push(`nested ${clock.now()}`))
    })
    clock.schedule(20, () => ran.push('c'))
    const cancel = clock.schedule(12, () => ran.push('never'))
    cancel()
    cancel()
    clock.advance(20)
    expect(ran).toEqual(['a 1010', 'nested 1015', 'b 1020', 'c'])
    expect(clock.now()).toBe(1020)
    expect(clock.pending()).toBe(0)
  })
})

describe('ids', () => {
  it.each([
    ['random', randomIds],
    ['seeded', createSeededIds(7)],
  ])('00 §7: %s ids have their documented form', (_, ids) => {
    for (let i = 0; i < 200; i++) {
      expect(ids.token()).toMatch(/^[A-Za-z0-9_-]{43}$/)
      expect(ids.uuid()).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      )
      expect(ids.digits(6)).toMatch(/^\d{6}$/)
      expect(ids.slug()).toMatch(/^[a-z]{6}$/)
      expect(String(ids.meetingNumber())).toMatch(/^[1-9]\d{7}$/)
    }
  })

  it('one seed gives one sequence, another seed another', () => {
    const take = (seed: number) => {
      const ids = createSeededIds(seed)
      return [ids.token(), ids.slug(), ids.meetingNumber()]
    }
    expect(take(1)).toEqual(take(1))
    expect(take(1)).not.toEqual(take(2))
  })
})

describe('emitter', () => {
  it('a listener that throws is reported and disturbs nobody', () => {
    const errors: unknown[] = []
    const heard: number[] = []
    const emitter = createEmitter<{ tick: number }>((error, event) => errors.push([error, event]))
    const bad = new Error('bad')
    emitter.on('tick', () => {
      throw bad
    })
    emitter.on('tick', (n) => heard.push(n))
    emitter.emit('tick', 1)
    expect(heard).toEqual([1])
    expect(errors).toEqual([[bad, 'tick']])
  })

  it('the same function subscribed twice is two subscriptions; unsubscribing leaves nothing behind', () => {
    const emitter = createEmitter<{ tick: number }>(() => {})
    let heard = 0
    const listener = () => {
      heard++
    }
    const [off, off2] = [emitter.on('tick', listener), emitter.on('tick', listener)]
    off()
    off()
    emitter.emit('tick', 1)
    expect(heard).toBe(1)
    off2()
    expect(emitter.count()).toBe(0)
  })
})

describe('scope', () => {
  it('closes in reverse order, one after the other, once, and all of it despite a failure', async () => {
    const closed: string[] = []
    const scope = createScope()
    scope.add(() => {
      closed.push('first')
    })
    scope.add(() => {
      throw new Error('broken')
    })
    scope.add(async () => {
      await new Promise((resolve) => setImmediate(resolve))
      closed.push('last')
    })
    const forget = scope.add(() => {
      closed.push('never')
    })
    forget()
    const [a, b] = [scope.close(), scope.close()]
    expect(a).toBe(b)
    await expect(a).rejects.toThrow('broken')
    expect(closed).toEqual(['last', 'first'])
    scope.add(() => {
      closed.push('late')
    })
    await Promise.resolve()
    expect(closed).toContain('late')
  })
})

describe('mailbox', () => {
  it('runs one turn at a time in order; a failed turn reaches its caller only', async () => {
    const order: string[] = []
    const mailbox = createMailbox()
    const slow = mailbox.run(async () => {
      order.push('slow begins')
      await new Promise((resolve) => setImmediate(resolve))
      order.push('slow ends')
      return 1
    })
    const failed = mailbox.run(() => {
      throw new Error('bad turn')
    })
    const last = mailbox.run(() => order.push('last'))
    expect(order).toEqual([])
    await expect(failed).rejects.toThrow('bad turn')
    expect([await slow, await last]).toEqual([1, 3])
    expect(order).toEqual(['slow begins', 'slow ends', 'last'])
    expect(mailbox.size).toBe(0)
  })

  it('refuses more turns than it may hold, and all after closing', async () => {
    const mailbox = createMailbox(2)
    const taken = [mailbox.run(() => 1), mailbox.run(() => 2)]
    await expect(mailbox.run(() => 3)).rejects.toMatchObject({ reason: 'full' })
    await mailbox.close()
    expect(await Promise.all(taken)).toEqual([1, 2])
    await expect(mailbox.run(() => 4)).rejects.toMatchObject({ reason: 'closed' })
  })
})

describe('log', () => {
  it('secrets are never written, at the top, in an object and in an error context', () => {
    const lines: string[] = []
    const log = createLog('trace', { write: (line) => void lines.push(line) })
    const secrets = {
      password: 's1-x',
      token: 's2-x',
      proof: 's3-x',
      authCode: 's4-x',
      resume: { token: 's5-x' },
      passwordHash: 's6-x',
    }
    log.child({ link: 7 }).warn({ ...secrets, params: secrets, frame: { params: secrets } }, 'odd')
    expect(lines.join('')).not.toMatch(/s\d-x/)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ link: 7, msg: 'odd', password: '[secret]' })
  })
})
