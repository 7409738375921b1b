import { afterEach, expect, test, vi } from 'vitest'
import { tabMemory } from '../../src/devices/camera-memory.ts'
import { Inventory } from '../../src/devices/inventory.ts'

afterEach(() => vi.unstubAllGlobals())

/** What a browser lists after permission. */
const camera = (deviceId: string, label: string, facingMode?: string[]) => ({
  kind: 'videoinput',
  deviceId,
  label,
  ...(facingMode && { getCapabilities: () => ({ facingMode }) }),
})
const firstOf = async (maxTouchPoints: number, ...cameras: object[]) => {
  const mediaDevices = {
    enumerateDevices: async () => cameras,
    addEventListener() {},
    removeEventListener() {},
  }
  vi.stubGlobal('navigator', { maxTouchPoints, mediaDevices })
  const inventory = new Inventory(() => {})
  await inventory.start()
  const first = inventory.firstCamera
  inventory.close()
  return first
}

test('08 §6.1: the default camera is the first one, on phones the front camera', async () => {
  const back = camera('a', 'camera2 0, facing back', ['environment'])
  const front = camera('b', 'camera2 1, facing front', ['user'])
  expect(await firstOf(5, back, front)).toBe(2)
  expect(await firstOf(5, camera('a', 'Back'), camera('b', 'Front Camera'))).toBe(2)
  expect(await firstOf(5, camera('a', '后置相机'), camera('b', '前置相机'))).toBe(2)
  expect(await firstOf(0, back, front)).toBe(1)
  expect(await firstOf(5, camera('', ''))).toBe(1)
  expect(await firstOf(5)).toBe(0)
})

test('08 §6.1: a camera keeps its ID over a reload, a new one gets another', async () => {
  let kept: ReadonlyMap<string, number> = new Map()
  const memory = {
    load: () => kept,
    save: (numbers: ReadonlyMap<string, number>) => {
      kept = numbers
    },
  }
  const idsOf = async (...cameras: object[]) => {
    vi.stubGlobal('navigator', {
      maxTouchPoints: 0,
      mediaDevices: {
        enumerateDevices: async () => cameras,
        addEventListener() {},
        removeEventListener() {},
      },
    })
    const inventory = new Inventory(() => {}, memory)
    await inventory.start()
    inventory.close()
    return [inventory.cameras.map(({ videoID }) => videoID), inventory.firstCamera]
  }
  expect(await idsOf(camera('a', 'A'), camera('b', 'B'))).toEqual([[1, 2], 1])
  expect(await idsOf(camera('b', 'B'))).toEqual([[2], 2])
  expect(await idsOf(camera('c', 'C'), camera('b', 'B'))).toEqual([[2, 3], 2])
  expect(await idsOf(camera('', ''))).toEqual([[1], 1])
})

test('08 §6.1: what the tab remembers is read with care', () => {
  const store = new Map<string, string>()
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => store.set(key, value),
  })
  tabMemory.save(
    new Map([
      ['', 1],
      ['a', 2],
    ]),
  )
  expect([...tabMemory.load()]).toEqual([['a', 2]])
  for (const [text, read] of [
    ['{}', []],
    ['no', []],
    ['[["a",0],["b","1"],["c",70000],[1,2],["d",3]]', [['d', 3]]],
  ] as const) {
    store.set('yuntang.cameras', text)
    expect([...tabMemory.load()]).toEqual(read)
  }
  vi.stubGlobal('sessionStorage', undefined)
  expect([...tabMemory.load()]).toEqual([])
})
