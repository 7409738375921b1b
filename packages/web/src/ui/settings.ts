const PREFIX = 'yuntang.'

/** Storage may be forbidden by the browser: then nothing is remembered. */
export const readSetting = (name: string): string => {
  try {
    return localStorage.getItem(PREFIX + name) ?? ''
  } catch {
    return ''
  }
}

export const writeSetting = (name: string, value: string): void => {
  try {
    localStorage.setItem(PREFIX + name, value)
  } catch {
    // Not remembered; the page works without.
  }
}
