import { YuntangError } from '@yuntang/sdk'
import { describe, expect, it } from 'vitest'
import { createDeviceCheck } from '../src/devices/device-check.ts'

/** Devices that open when the test says so. */
const bench = () => {
  const open: {
    give(name: string): { name: string; closed: boolean }
    refuse(error: Error): void
    signal?: AbortSignal | undefined
  }[] = []
  const check = createDeviceCheck(
    ({ signal }) =>
      new Promise<{ name: string; closed: boolean; close(): void }>((resolve, reject) => {
        open.push({
          signal,
          refuse: reject,
          give(name) {
            const device = {
              name,
              closed: false,
              close() {
                device.closed = true
              },
            }
            resolve(device)
            return device
          },
        })
      }),
  )
  return { check, open }
}

describe('checking a device before others see or hear it', () => {
  it('off → starting → on → off; stopping closes it', async () => {
    const { check, open } = bench()
    expect(check.look.value).toBe('off')
    const started = check.start()
    expect(check.look.value).toBe('starting')
    const device = open[0]?.give('a')
    await started
    expect([check.look.value, check.preview.value?.name]).toEqual(['on', 'a'])
    check.stop()
    expect([check.look.value, check.preview.value, device?.closed]).toEqual(['off', null, true])
  })

  it('another device replaces the first only when it is there', async () => {
    const { check, open } = bench()
    const first = check.start()
    const a = open[0]?.give('a')
    await first
    const second = check.start()
    expect([check.look.value, a?.closed]).toEqual(['on', false])
    open[1]?.give('b')
    await second
    expect([check.preview.value?.name, a?.closed]).toEqual(['b', true])
  })

  it('a device that comes too late is closed again', async () => {
    const { check, open } = bench()
    const started = check.start()
    check.stop()
    expect(open[0]?.signal?.aborted).toBe(true)
    const late = open[0]?.give('late')
    await started
    expect([check.look.value, check.preview.value, late?.closed]).toEqual(['off', null, true])
  })

  it.each([
    ['permission.denied', 'blocked'],
    ['device.none', 'none'],
    ['media.failed', 'failed'],
  ] as const)('%s looks %s', async (code, look) => {
    const { check, open } = bench()
    const started = check.start()
    open[0]?.refuse(new YuntangError(code))
    await started
    expect(check.look.value).toBe(look)
  })
})
