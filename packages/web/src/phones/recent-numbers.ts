import { shallowRef } from 'vue'
import { onDevice, parseStored } from '../ui/settings.ts'
import { readNumber } from './number.ts'

const KEY = 'phones'
const MOST = 5

const isList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((n) => typeof n === 'string' && readNumber(n) === n)

/** Numbers that were rung from this device, the newest first. */
export const recentNumbers = shallowRef<readonly string[]>(
  (parseStored(onDevice.read(KEY), isList) ?? []).slice(0, MOST),
)

const keep = (list: readonly string[]) => {
  recentNumbers.value = list
  onDevice.write(KEY, JSON.stringify(list))
}

export const rememberNumber = (number: string): void =>
  keep([number, ...recentNumbers.value.filter((n) => n !== number)].slice(0, MOST))

export const forgetNumber = (number: string): void =>
  keep(recentNumbers.value.filter((n) => n !== number))
