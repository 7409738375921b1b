import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8')

/** Test files of the repository, from its root. */
const tests: string[] = []
for (const folder of ['packages', 'e2e'])
  for (const entry of readdirSync(path.join(ROOT, folder), {
    recursive: true,
    withFileTypes: true,
  }))
    if (entry.name.endsWith('.test.ts') && !entry.parentPath.includes('node_modules'))
      tests.push(path.relative(ROOT, path.join(entry.parentPath, entry.name)))

/** Threats of all tables, with the cell that names their tests. */
const rows = read('docs/security.md')
  .split('\n')
  .filter((line) => line.startsWith('|') && !/^\| (Threat|-)/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, threat = '', , proof = '']) => ({ threat, proof }))

/** Parts of titles that a cell quotes for one file: up to the next file, without `…` and remarks in brackets. */
const quoted = (text: string): string[] =>
  text
    .replace(/^`: /, '')
    .replace(/\([^)]*\)/g, '')
    .split(/…,?|;|, (?=an |a |any |what )/)
    .map((part) => part.trim())
    .filter(Boolean)

describe('docs/security.md: each threat names the test that proves what is done about it', () => {
  it('has a proof for every threat but the choice of dependencies', () => {
    expect(rows.length).toBeGreaterThan(30)
    expect(rows.filter(({ proof }) => !proof.includes('.test.ts')).map((r) => r.threat)).toEqual([
      'Supply chain',
    ])
  })

  it.each(rows.filter(({ proof }) => proof.includes('`')))(
    '$threat: the files and titles exist',
    ({ proof }) => {
      const [, ...parts] = proof.split(/`(?=[\w/-]+(?:\.\w+)*\.test\.ts`)/)
      expect(parts.length).toBeGreaterThan(0)
      for (const part of parts) {
        const [name = '', ...rest] = part.split('`')
        // A name alone means the file that an earlier row names in full.
        const files = tests.filter((file) => file === name || file.endsWith(`/${name}`))
        expect(files, name).not.toEqual([])
        const text = files.map(read).join()
        if (rest[0]?.startsWith(': '))
          for (const title of quoted(rest.join('`').slice(2))) expect(text, name).toContain(title)
      }
    },
  )
})
