// `npm start`: builds what is not built yet, then becomes the server.
import { spawn, spawnSync } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const here = path.dirname(fileURLToPath(import.meta.url))
const built = spawnSync(process.execPath, [path.join(here, 'build.mjs'), '--if-needed'], {
  stdio: 'inherit',
})
if (built.status !== 0) process.exit(built.status ?? 1)

const server = spawn(
  process.execPath,
  [
    '--enable-source-maps',
    path.join(here, '../packages/server/dist/main.js'),
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => server.kill(signal))
server.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)))
