import { expect, test } from 'vitest'
import { nameDevices, numberCameras } from '../../src/devices/device-list.ts'

const names = (...devices: [deviceId: string, label: string][]) =>
  nameDevices(
    devices.map(([deviceId, label]) => ({ deviceId, label })),
    'Microphone',
  ).map(({ name }) => name)

test('08 §4: pseudo devices are left out and equal labels get " (2)", " (3)"', () => {
  expect(
    names(['default', 'Default - A'], ['communications', 'A'], ['1', 'A'], ['2', 'A'], ['3', 'A']),
  ).toEqual(['A', 'A (2)', 'A (3)'])
})

test('08 §4: a label that looks like a counted one stays unique', () => {
  expect(names(['1', 'A (2)'], ['2', 'A'], ['3', 'A'])).toEqual(['A (2)', 'A', 'A (3)'])
})

test('08 §4: before permission names are counted, no name is empty', () => {
  expect(names(['', ''], ['x', ' '])).toEqual(['Microphone 1', 'Microphone 2'])
})

test('08 §6.1: cameras are numbered in enumeration order and keep their number', () => {
  const first = numberCameras(new Map(), ['a', 'b'])
  expect([...first]).toEqual([
    ['a', 1],
    ['b', 2],
  ])
  const later = numberCameras(first, ['c', 'b'])
  expect([later.get('a'), later.get('b'), later.get('c')]).toEqual([1, 2, 3])
})

test('08 §6.1: the nameless camera before permission hands its number to the first real one', () => {
  const later = numberCameras(numberCameras(new Map(), ['']), ['a', 'b'])
  expect([later.get(''), later.get('a'), later.get('b')]).toEqual([undefined, 1, 2])
})
