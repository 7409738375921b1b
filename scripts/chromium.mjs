// Finds a Chromium for the browser tests: environment, system, or Debian's package when it may.
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import path from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

const isExecutable = (file) => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const onPath = (name) =>
  (process.env.PATH ?? '')
    .split(path.delimiter)
    .map((dir) => path.join(dir, name))
    .find(isExecutable)

const installed = () => {
  if (process.env.CHROMIUM) return isExecutable(process.env.CHROMIUM) ? process.env.CHROMIUM : null
  for (const name of NAMES) {
    const file = onPath(name)
    if (file) return file
  }
  return null
}

const mayInstall = () => process.getuid?.() === 0 && onPath('apt-get') !== undefined

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
  console.log('Installing Debian’s chromium for the browser tests …')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync('apt-get', ['update'], { stdio: 'ignore', env })
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], {
    stdio: 'ignore',
    env,
  })
  return installed()
}
