const PREFIX = 'yuntang.'

/** The browser may forbid storage: then nothing is remembered and the page works without. */
const quietly = <T>(work: () => T, fallback: T): T => {
  try {
    return work()
  } catch {
    return fallback
  }
}

const shelf = (storage: () => Storage) => ({
  read: (name: string): string => quietly(() => storage().getItem(PREFIX + name) ?? '', ''),
  write: (name: string, value: string): void =>
    quietly(() => storage().setItem(PREFIX + name, value), undefined),
  remove: (name: string): void => quietly(() => storage().removeItem(PREFIX + name), undefined),
})

/** Kept on this device. */
export const onDevice = shelf(() => localStorage)
/** Kept for this tab, also over a reload. */
export const inTab = shelf(() => sessionStorage)

export const readSetting = onDevice.read
export const writeSetting = onDevice.write

/** The stored object when it is one that `is` accepts; storage is open to everybody on this device. */
export const parseStored = <T>(text: string, is: (value: unknown) => value is T): T | null => {
  if (!text) return null
  try {
    const value: unknown = JSON.parse(text)
    return is(value) ? value : null
  } catch {
    return null
  }
}

/** True for an object all of whose named fields are texts. */
export const hasTexts = (value: unknown, ...names: string[]): boolean =>
  typeof value === 'object' &&
  value !== null &&
  names.every((name) => typeof (value as Record<string, unknown>)[name] === 'string')
