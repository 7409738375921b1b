import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { YuntangError } from '../../src/errors.ts'
import type { Send } from '../../src/link/link.ts'
import {
  createRemoteInputs,
  keyInput,
  mouseInput,
  type RemoteInputs,
} from '../../src/screen/remote-inputs.ts'

type Sent = { inputs: { mouse?: number; x?: number; vk?: number }[] }

const key = (vk: number) => ({ key: 0, vk, extended: 0 }) as const
const move = (x: number) => ({ mouse: 0, button: 0, x, y: 0 }) as const

describe('09 §7.2: mouse and keys on their way to the sharer', () => {
  let frames: Sent[]
  let answer: ((error?: Error) => void) | null
  let inputs: RemoteInputs
  const names = () =>
    frames.map(({ inputs: some }) => some.map((i) => (i.vk ? `k${i.vk}` : `m${i.x}`)).join(' '))
  const answered = async (error?: Error) => {
    answer?.(error)
    await vi.advanceTimersByTimeAsync(0)
  }

  beforeEach(() => {
    vi.useFakeTimers()
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    frames = []
    inputs = createRemoteInputs(((_: string, params: Sent) => {
      frames.push(params)
      return new Promise((resolve, reject) => {
        answer = (error) => (error ? reject(error) : resolve({}))
      })
    }) as unknown as Send)
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('moves are merged to at most 30 a second; the newest counts', async () => {
    for (let i = 0; i < 100; i++) {
      inputs.add(move(i))
      await answered()
      await vi.advanceTimersByTimeAsync(10)
    }
    expect(frames.length).toBeLessThanOrEqual(31)
    expect(frames.length).toBeGreaterThan(20)
    await vi.advanceTimersByTimeAsync(100)
    expect(names().at(-1)).toBe('m99')
  })

  it('other messages are never dropped, keep their order, and take moves before them along', async () => {
    inputs.add(key(1))
    for (const input of [move(1), move(2), key(2), move(3), key(3)]) inputs.add(input)
    await answered()
    expect(names()).toEqual(['k1', 'm2 k2 m3 k3'])
  })

  it('the right is gone: what waits is void', async () => {
    inputs.add(key(1))
    inputs.add(key(2))
    inputs.clear()
    await answered()
    expect(names()).toEqual(['k1'])
  })

  it('a refusal voids what waits', async () => {
    inputs.add(key(1))
    inputs.add(key(2))
    await answered(new YuntangError('permission.denied'))
    inputs.add(key(3))
    expect(names()).toEqual(['k1', 'k3'])
  })

  it('a broken link does not pile up without end', () => {
    let taken = 0
    for (let i = 0; i < 5_000; i++) if (inputs.add(key(1))) taken += 1
    expect(taken).toBeLessThan(2_100)
  })

  it.each([
    [[1, 1, 5, 6], { mouse: 1, button: 1, x: 5, y: 6 }],
    [[0, 0, -5, 1e9], { mouse: 0, button: 0, x: 0, y: 49 }],
    [[0, 0, 99.6, Number.NaN], { mouse: 0, button: 0, x: 99, y: 0 }],
    [[4, 1, 5, 6], null],
    [[1, 6, 5, 6], null],
    [[Number.NaN, 1, 5, 6], null],
  ] as const)('SendMouseCtrlMsg %j', (given, expected) => {
    const [type, button, x, y] = given
    expect(mouseInput(type, button, x, y, { w: 100, h: 50 })).toEqual(expected)
  })

  it.each([
    [[0, 65, false], { key: 0, vk: 65, extended: 0 }],
    [[1, 254, true], { key: 1, vk: 254, extended: 1 }],
    [[2, 65, false], null],
    [[0, 0, false], null],
    [[0, 255, false], null],
    [[0, 6.5, false], null],
  ] as const)('SendKeyCtrlMsg %j', (given, expected) => {
    const [type, vk, extended] = given
    expect(keyInput(type, vk, extended)).toEqual(expected)
  })
})
