// Finds a Chromium for the browser tests: environment, system, or Debian's package when it may.
import { install, isExecutable, mayInstall, onPath } from './debian.mjs'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

const installed = () => {
  if (process.env.CHROMIUM) return isExecutable(process.env.CHROMIUM) ? process.env.CHROMIUM : null
  for (const name of NAMES) {
    const file = onPath(name)
    if (file) return file
  }
  return null
}

/** Path of a Chromium, or null with `reason` said on the console. */
export const findChromium = () => {
  const found = installed()
  if (found) return found
  if (process.env.CHROMIUM) {
    console.log(`CHROMIUM=${process.env.CHROMIUM} is not an executable file.`)
    return null
  }
  if (!mayInstall()) {
    console.log('No Chromium here, and installing Debian’s package needs root: set CHROMIUM=/path.')
    return null
  }
  install(['chromium'])
  return installed()
}
