import { describe, expect, it } from 'vitest'
import { YuntangError } from '../../src/errors.ts'
import { createOwnDevice } from '../../src/meeting/own-device.ts'
import { settle } from '../link/fake-env.ts'

const deferred = () => {
  let resolve = () => {}
  let reject = (_error: Error) => {}
  const promise = new Promise<void>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

const start = (exists = true) => {
  const seen: string[] = []
  const world = { exists, started: deferred(), closed: Promise.resolve() }
  const device = createOwnDevice({
    exists: () => world.exists,
    start: () => {
      world.started = deferred()
      return world.started.promise
    },
    stop: () => seen.push('stop'),
    tellClosed: () => {
      seen.push('tell')
      return world.closed
    },
    emit: (old, now) => seen.push(`${old}→${now}`),
  })
  return { device, seen, world }
}

describe('own device', () => {
  it('08 §2: ACLOSE → AOPENING on own open, AOPEN when the server confirmed', async () => {
    const { device, seen, world } = start()
    const opened = device.open()
    expect(device.status).toBe(4)
    world.started.resolve()
    await opened
    device.told(3)
    expect(seen).toEqual(['2→4', '4→3'])
  })
  it('08 §2: AOPENING → ACLOSE when refused; the promise tells why', async () => {
    const { device, seen, world } = start()
    const opened = device.open()
    world.started.reject(new YuntangError('permission.denied'))
    await expect(opened).rejects.toMatchObject({ code: 'permission.denied' })
    expect(seen).toEqual(['2→4', 'stop', '4→2'])
  })
  it('08 §3: over the limit it stays AOPENING; opened again it may succeed, closed it is ACLOSE', async () => {
    const { device, seen, world } = start()
    const opened = device.open()
    world.started.reject(new YuntangError('mic.limit'))
    await expect(opened).rejects.toMatchObject({ code: 'mic.limit' })
    expect([device.status, ...seen]).toEqual([4, '2→4', 'stop'])
    device.told(2)
    const again = device.open()
    world.started.resolve()
    await again
    expect([device.status, ...seen]).toEqual([3, '2→4', 'stop', '4→3'])
    device.close()
    const third = device.open()
    world.started.reject(new YuntangError('mic.limit'))
    await expect(third).rejects.toMatchObject({ code: 'mic.limit' })
    device.close()
    expect([device.status, seen.at(-1)]).toEqual([2, '4→2'])
  })
  it('08 §2: AOPENING → ACLOSE on own close; a late confirmation changes nothing', async () => {
    const { device, seen, world } = start()
    const opened = device.open()
    const rejected = expect(opened).rejects.toMatchObject({ code: 'request.replaced' })
    device.close()
    world.started.resolve()
    device.told(3)
    await rejected
    expect(device.status).toBe(2)
    expect(seen).toEqual(['2→4', 'stop', 'tell', '4→2'])
  })
  it('08 §2.1: closed by another member: capture is released, nothing is sent', async () => {
    const { device, seen, world } = start()
    const opened = device.open()
    world.started.resolve()
    await opened
    device.told(2)
    expect(seen.slice(2)).toEqual(['stop', '3→2'])
  })
  it('08 §2: events of an earlier closing do not close a new opening', async () => {
    const { device, world } = start()
    const first = device.open()
    world.started.resolve()
    await first
    const answer = deferred()
    world.closed = answer.promise
    device.close()
    const second = device.open()
    device.told(2)
    answer.resolve()
    await settle()
    device.told(3)
    await second
    expect(device.status).toBe(3)
  })
  it('08 §2: a call that changes nothing fires nothing', async () => {
    const { device, seen } = start(false)
    await expect(device.open()).rejects.toMatchObject({ code: 'device.none' })
    device.close()
    expect(device.status).toBe(1)
    expect(seen).toEqual([])
  })
  it('08 §2: last device vanished → ANULL, a device appeared → ACLOSE', async () => {
    const { device, seen, world } = start()
    const opened = device.open()
    world.started.resolve()
    await opened
    world.exists = false
    device.refresh()
    world.exists = true
    device.refresh()
    expect(seen.slice(2)).toEqual(['stop', '3→1', '1→2'])
  })
})
