// Debian's packages that tests and benches use, installed when that is allowed.
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import path from 'node:path'

/** Programs that some tests use, by Debian's package; without one they are skipped, and say so. */
const TOOLS = {
  ffmpeg: 'ffprobe',
  coturn: 'turnserver',
  'sip-tester': 'sipp',
  'baresip-core': 'baresip',
}

export const isExecutable = (file) => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

export const onPath = (name) =>
  (process.env.PATH ?? '')
    .split(path.delimiter)
    .map((dir) => path.join(dir, name))
    .find(isExecutable)

export const mayInstall = () => process.getuid?.() === 0 && onPath('apt-get') !== undefined

export const install = (packages) => {
  console.log(`Installing Debian’s ${packages.join(', ')} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args) => spawnSync('apt-get', args, { stdio: 'ignore', env })
  apt('update')
  apt('install', '-y', '--no-install-recommends', ...packages)
}

/** Installs what is missing for the tests, or says what they will skip. */
export const installTools = () => {
  const missing = Object.keys(TOOLS).filter((name) => !onPath(TOOLS[name]))
  if (missing.length > 0 && mayInstall()) install(missing)
  for (const name of missing)
    if (!onPath(TOOLS[name]))
      console.log(`Debian’s ${name} is not here: tests that need it are skipped.`)
}
