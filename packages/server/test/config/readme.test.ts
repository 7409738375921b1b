import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CONFIG_KEYS } from '../../src/config-keys.ts'

/** The cells of the README's configuration table: name, default and meaning of each setting, as printed. */
const rowsOf = (file: string): string[][] =>
  readFileSync(new URL(`../../../../${file}`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => /^\| `[A-Z_]+` /.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )

const code = (text: string) => (text === '' ? '' : `\`${text}\``)
const plain = (text = '') => text.replaceAll('’', "'")

describe('the configuration table of the README', () => {
  it('in English is what the server reads: names, defaults and meanings, in order', () => {
    expect(rowsOf('README.md').map((cells) => cells.map(plain))).toEqual(
      CONFIG_KEYS.map(({ name, fallback, meaning }) => [
        code(name),
        code(fallback),
        plain(meaning),
      ]),
    )
  })

  it('in Chinese has the same names and defaults, each with its meaning', () => {
    const rows = rowsOf('README.zh-CN.md')
    expect(rows.map(([name, fallback]) => [name, fallback])).toEqual(
      CONFIG_KEYS.map(({ name, fallback }) => [code(name), code(fallback)]),
    )
    for (const [name, , meaning] of rows) expect(meaning, name).toMatch(/[\u4e00-\u9fff]|`trace`/)
  })
})
