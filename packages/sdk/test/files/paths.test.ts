import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chosenName, normalize, resolvePath, safeName } from '../../src/files/paths.ts'

describe('00 §9: path rules', () => {
  it.each([
    ['a\\b//c', 'a/b/c'],
    ['http://host//dir\\\\x', 'http://host/dir/x'],
    ['C:\\dir\\\\x', 'C:/dir/x'],
    ['file:///c:/x', 'file:///c:/x'],
    ['//server/x', '/server/x'],
    ['文件//"a".txt', '文件/"a".txt'],
  ])('%j is %j', (path, wanted) => expect(normalize(path)).toBe(wanted))

  it.each([
    ['x.txt', '/w/x.txt'],
    ['dir\\x', '/w/dir/x'],
    ['/x', '/x'],
    ['\\x', '/x'],
    ['D:\\x', 'D:/x'],
    ['http://h/x', 'http://h/x'],
    ['../x', '/w/../x'],
  ])('%j in the work directory is %j', (path, wanted) =>
    expect(resolvePath(path, '/w')).toBe(wanted),
  )

  it('normalizing twice changes nothing', () => {
    fc.assert(
      fc.property(fc.string(), (path) => {
        expect(normalize(normalize(path))).toBe(normalize(path))
      }),
    )
  })

  it.each([
    ['C:\\fakepath\\a.txt', 'a.txt'],
    ['a.txt', 'a.txt'],
    ['dir/a.txt', null],
    ['C:\\other\\a.txt', null],
    ['', null],
  ])('%j may mean the chosen file %j', (path, name) => expect(chosenName(path)).toBe(name))
})

describe('04 §6: a name from another page', () => {
  it.each([
    ['../../etc/passwd', 'passwd'],
    ['..', 'file'],
    ['.', 'file'],
    ['', 'file'],
    ['a/', 'file'],
    ['..\\..\\x.exe', 'x.exe'],
    ['a\u0000b\n.txt', 'ab.txt'],
    ['报告 "1" \'2\'.txt', '报告 "1" \'2\'.txt'],
  ])('%j becomes %j', (name, wanted) => expect(safeName(name)).toBe(wanted))

  it('is one component of at most 255 characters, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (name) => {
        const safe = safeName(name)
        expect(safe.length).toBeGreaterThan(0)
        expect(safe.length).toBeLessThanOrEqual(255)
        expect([...safe].filter((char) => char < ' ' || '\\/\u007f'.includes(char))).toEqual([])
        expect(['.', '..']).not.toContain(safe)
      }),
    )
    expect(safeName(`${'x'.repeat(254)}😀`)).toBe('x'.repeat(254))
  })
})
