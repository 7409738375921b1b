// Builds everything that `npm start` serves. `--if-needed` does nothing when no source is newer.
import { cp, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const at = (...parts) => path.join(root, ...parts)
const STAMP = at('packages/server/dist/.built')

const newest = async (dir) => {
  let time = 0
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    if (['node_modules', 'dist', 'test'].includes(entry.name)) continue
    const file = path.join(dir, entry.name)
    time = Math.max(time, entry.isDirectory() ? await newest(file) : (await stat(file)).mtimeMs)
  }
  return time
}

const isFresh = async () => {
  const built = await stat(STAMP).catch(() => null)
  if (!built) return false
  const sources = await Promise.all([newest(at('packages')), newest(at('scripts'))])
  return Math.max(...sources) < built.mtimeMs
}

// Our own packages are bundled, everything from npm stays where npm put it.
const npmStaysOutside = {
  name: 'npm-stays-outside',
  setup: (b) =>
    b.onResolve({ filter: /^[^./]/ }, (args) =>
      args.kind === 'entry-point' || args.path.startsWith('@yuntang/')
        ? undefined
        : { path: args.path, external: true },
    ),
}

const server = () =>
  build({
    entryPoints: {
      main: at('packages/server/src/main.ts'),
      'media-worker': at('packages/media/src/worker.ts'),
      'phone-worker': at('packages/telephony/src/worker.ts'),
    },
    outdir: at('packages/server/dist'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['source'],
    sourcemap: true,
    plugins: [npmStaysOutside],
    logLevel: 'warning',
  })

const browserOptions = {
  bundle: true,
  platform: 'browser',
  target: ['es2022', 'chrome94', 'firefox100', 'safari15.4'],
  conditions: ['source'],
  minify: true,
  sourcemap: true,
  legalComments: 'none',
  logLevel: 'warning',
}

/**
 * What writes media files is a file of its own beside the SDK, loaded by pages that record. A classic
 * script of another site has no address that imports could be relative to, so it is kept at the start.
 */
const encoderBeside = (format) => ({
  name: 'encoder-beside',
  setup: (b) =>
    b.onLoad({ filter: /load-mediabunny\.ts$/ }, () => {
      const here =
        format === 'iife'
          ? 'globalThis.document?.currentScript?.src ?? globalThis.location?.href'
          : 'import.meta.url'
      return {
        contents: `const here = ${here}
export const loadMediabunny = () => import(new URL('mediabunny.js', here).href)`,
      }
    }),
})

const encoder = () =>
  build({
    ...browserOptions,
    stdin: {
      contents: `export {
  AppendOnlyStreamTarget, CanvasSource, AudioSample, AudioSampleSource, Mp4OutputFormat, Output,
  WebMOutputFormat, getFirstEncodableAudioCodec, getFirstEncodableVideoCodec,
} from 'mediabunny'`,
      resolveDir: at('packages/sdk/src'),
    },
    outfile: at('packages/sdk/dist/mediabunny.js'),
    format: 'esm',
    // Its licence (MPL-2.0) wants its notice kept.
    legalComments: 'inline',
  })

const browser = (entry, outfile, format) =>
  build({
    ...browserOptions,
    plugins: [encoderBeside(format)],
    entryPoints: [at('packages/sdk/src', entry)],
    outfile: at('packages/sdk/dist', outfile),
    format,
  })

/** The classic API as an ES module whose named exports are the globals themselves. */
const classicModule = async () => {
  const { outputFiles } = await build({
    entryPoints: [at('packages/sdk/src/crvideo/install.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    conditions: ['source'],
    plugins: [encoderBeside('esm')],
  })
  const code = Buffer.from(outputFiles[0].contents).toString('base64')
  const { install } = await import(`data:text/javascript;base64,${code}`)
  const globals = {}
  install(globals, {}, '')
  await build({
    ...browserOptions,
    plugins: [encoderBeside('esm')],
    stdin: {
      contents: `import './crvideo/index.ts'
export const { ${Object.keys(globals).join(', ')} } = globalThis`,
      resolveDir: at('packages/sdk/src'),
    },
    outfile: at('packages/sdk/dist/CloudroomVideoSDK.mjs'),
    format: 'esm',
  })
}

const web = async () => {
  const vite = await import('vite')
  await vite.build({ root: at('packages/web'), logLevel: 'warn' })
}

/** Self-contained declaration files: users of the SDK need none of our other packages. */
const types = async (entry, outfile) => {
  const { rollup } = await import('rollup')
  const { dts } = await import('rollup-plugin-dts')
  const bundle = await rollup({
    input: at('packages/sdk/src', entry),
    plugins: [
      dts({
        tsconfig: at('packages/sdk/tsconfig.json'),
        includeExternal: ['@yuntang/protocol'],
        // Through its link in node_modules every module of ours would be read as a program of its own.
        compilerOptions: { preserveSymlinks: false },
      }),
    ],
    onwarn: () => {},
  })
  await bundle.write({ file: at('packages/sdk/dist', outfile), format: 'es' })
  await bundle.close()
}

const wanted = process.argv.slice(2)
if (wanted.includes('--if-needed') && (await isFresh())) process.exit(0)

if (wanted.includes('--if-needed')) console.log('Building server, SDK and web app …')
await rm(STAMP, { force: true })
await mkdir(at('packages/server/dist'), { recursive: true })
await Promise.all([
  server(),
  browser('crvideo/index.ts', 'CloudroomVideoSDK.js', 'iife'),
  browser('index.ts', 'index.js', 'esm'),
  browser('evidence/index.ts', 'evidence.js', 'esm'),
  classicModule(),
  encoder(),
  cp(at('packages/server/src/storage/migrations'), at('packages/server/dist/migrations'), {
    recursive: true,
  }),
])
await web()
if (wanted.includes('--types')) {
  await types('index.ts', 'index.d.ts')
  await types('evidence/index.ts', 'evidence.d.ts')
}
await writeFile(STAMP, '')
