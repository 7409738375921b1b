import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

/**
 * Bundles a TypeScript program as the build does: one file, npm packages outside, migrations beside
 * it. Made below the repository, so that Node finds those packages.
 */
export const bundleProgram = async (entry: string) => {
  const cache = here('../../../../node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(path.join(cache, 'yuntang-program-'))
  const program = path.join(folder, 'main.js')
  await build({
    entryPoints: [entry],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
  })
  cpSync(here('../../src/storage/migrations'), path.join(folder, 'migrations'), { recursive: true })
  return { program, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
