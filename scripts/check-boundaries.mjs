// Imports go one way only (docs/adr/0001): this fails on a wrong direction, a deep import or a cycle.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

const MAY_IMPORT = {
  protocol: [],
  media: [],
  server: ['protocol', 'media'],
  sdk: ['protocol'],
  web: ['sdk'],
  cli: ['protocol'],
  bench: ['sdk', 'media', 'server', 'protocol'],
}
const PURE = new Set(['protocol', 'sdk', 'web'])
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^'"\n;]*?(?:\n[^'"]*?)?from\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g

const files = execFileSync(
  'git',
  ['ls-files', '-co', '--exclude-standard', 'packages/*.ts', 'packages/*.vue'],
  {
    encoding: 'utf8',
  },
)
  .split('\n')
  .filter((f) => f.includes('/src/') && existsSync(f))

const problems = []
const graph = new Map()
for (const file of files) {
  const pkg = file.split('/')[1]
  const source = readFileSync(file, 'utf8')
  const edges = []
  for (const match of source.matchAll(IMPORT)) {
    const target = match[1] ?? match[2]
    if (target.startsWith('.')) {
      const resolved = path.posix.normalize(path.posix.join(path.posix.dirname(file), target))
      if (!resolved.startsWith(`packages/${pkg}/src/`))
        problems.push(`${file}: leaves its package by ${target}`)
      if (!/^import\s+type/m.test(match[0])) edges.push(resolved)
    } else if (target.startsWith('@yuntang/')) {
      const [, name, deep] = target.split('/')
      if (!MAY_IMPORT[pkg].includes(name)) problems.push(`${file}: ${pkg} may not import ${name}`)
      if (deep && !['worker', 'evidence'].includes(deep))
        problems.push(`${file}: deep import ${target}`)
    } else if (target.startsWith('node:') && PURE.has(pkg)) {
      problems.push(`${file}: ${target} in a package for browsers`)
    }
  }
  graph.set(file, edges)
}

const state = new Map()
const visit = (file, trail) => {
  if (state.get(file) === 'done' || !graph.has(file)) return
  if (state.get(file) === 'open') {
    problems.push(`cycle: ${[...trail.slice(trail.indexOf(file)), file].join(' → ')}`)
    return
  }
  state.set(file, 'open')
  for (const next of graph.get(file)) visit(next, [...trail, file])
  state.set(file, 'done')
}
for (const file of graph.keys()) visit(file, [])

for (const p of problems) console.log(p)
console.log(`${files.length} files, ${problems.length} boundary problems`)
process.exit(problems.length ? 1 : 0)
