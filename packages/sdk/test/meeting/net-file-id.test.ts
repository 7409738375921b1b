import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeNetFileID, typeOfFileID } from '../../src/meeting/net-file-id.ts'

const HEX = '0123456789abcdef'.repeat(2)

describe('06 §2: MakeNetDiskFileID', () => {
  it.each([
    ['a.txt', 'a.txt'],
    ['C:\\dir\\报告 1.docx', '报告_1.docx'],
    ['a/b/"c" & d.png', '_c____d.png'],
    ['', 'file'],
    ['dir/', 'file'],
    ['.hidden', '.hidden'],
  ])('%j is named %j', (hint, name) => expect(makeNetFileID(0, hint, HEX)).toBe(`0_${HEX}_${name}`))
  it('shortens before the extension', () => {
    const id = makeNetFileID(1, `${'x'.repeat(400)}.docx`, HEX)
    expect(id).toHaveLength(255)
    expect(id).toMatch(/x\.docx$/)
  })
  it('any hint gives at most 255 characters of the form, and the type is read back', () => {
    const hints = fc.string({ unit: 'grapheme', maxLength: 400 })
    fc.assert(
      fc.property(fc.constantFrom(0 as const, 1 as const), hints, (type, hint) => {
        const id = makeNetFileID(type, hint, HEX)
        expect(id.length).toBeLessThanOrEqual(255)
        expect(id).toMatch(/^[01]_[0-9a-f]{32}_[\p{L}\p{M}\p{Nd}._-]+$/u)
        expect(typeOfFileID(id)).toBe(type)
      }),
    )
  })
  it('other IDs are of type 1', () => expect(typeOfFileID('board-background')).toBe(1))
})
