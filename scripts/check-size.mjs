// A file over 500 lines fails, over 300 is named; the median is printed.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const files = execFileSync(
  'git',
  ['ls-files', '-co', '--exclude-standard', '*.ts', '*.vue', '*.mjs'],
  {
    encoding: 'utf8',
  },
)
  .split('\n')
  .filter(Boolean)
const sizes = files.flatMap((file) => {
  try {
    return [{ file, lines: readFileSync(file, 'utf8').split('\n').length - 1 }]
  } catch {
    return [] // deleted but not committed yet
  }
})
sizes.sort((a, b) => a.lines - b.lines)
const large = sizes.filter((s) => s.lines > 300)
for (const s of large)
  console.log(`${s.lines > 500 ? 'TOO LARGE' : 'large'}  ${s.lines}  ${s.file}`)
console.log(`${sizes.length} files, median ${sizes[sizes.length >> 1]?.lines ?? 0} lines`)
process.exit(large.some((s) => s.lines > 500) ? 1 : 0)
