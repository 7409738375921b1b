import { afterEach, expect, test, vi } from 'vitest'
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
