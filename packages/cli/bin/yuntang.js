#!/usr/bin/env node
// Bundled when it is called: the command needs nothing but what `npm ci` installs.
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL('../src/main.ts', import.meta.url))],
  bundle: true,
  write: false,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  conditions: ['source'],
  logLevel: 'error',
})
const code = Buffer.from(outputFiles[0].contents).toString('base64')
const { main } = await import(`data:text/javascript;base64,${code}`)
process.exitCode = await main(process.argv.slice(2))
