import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import path from 'node:path'

const isExecutable = (file: string) => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const onPath = (name: string) =>
  (process.env.PATH ?? '')
    .split(path.delimiter)
    .map((dir) => path.join(dir, name))
    .find(isExecutable)

/**
 * Path of a program, from Debian's package when it may be installed; else null, with the reason said on
 * the console.
 */
export const findProgram = (name: string, debian: string): string | null => {
  const found = onPath(name)
  if (found) return found
  if (process.getuid?.() !== 0 || !onPath('apt-get')) {
    console.log(`No ${name} here (Debian: ${debian}): the tests against it are skipped.`)
    return null
  }
  console.log(`Installing Debian’s ${debian} for the telephone tests …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  // Another test file may be at it at the same time.
  const wait = ['-o', 'DPkg::Lock::Timeout=180']
  spawnSync('apt-get', [...wait, 'update'], { stdio: 'ignore', env })
  spawnSync('apt-get', [...wait, 'install', '-y', '--no-install-recommends', debian], {
    stdio: 'ignore',
    env,
  })
  const installed = onPath(name)
  if (!installed)
    console.log(`Debian’s ${debian} could not be installed: the tests against it are skipped.`)
  return installed ?? null
}
