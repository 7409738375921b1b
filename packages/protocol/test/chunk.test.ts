import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LIMITS, parseBinaryFrame, writeChunk, writeConfirm } from '../src/index.ts'

describe('04 §7: binary frames', () => {
  it('what is written is read, in any place of a larger buffer', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 0xffff_ffff }),
        fc.integer({ min: 0, max: LIMITS.fileBytes }),
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.nat(20),
        (transfer, offset, bytes, shift) => {
          const frame = writeChunk(transfer, offset, bytes)
          const larger = new Uint8Array(frame.length + shift)
          larger.set(frame, shift)
          const read = parseBinaryFrame(larger.subarray(shift))
          expect(read).toMatchObject({ kind: 'chunk', transfer, offset })
          expect([...(read as { bytes: Uint8Array }).bytes]).toEqual([...bytes])
          expect(parseBinaryFrame(writeConfirm(transfer, offset))).toEqual({
            kind: 'confirm',
            transfer,
            offset,
          })
        },
      ),
    )
  })

  it.each([
    ['nothing', new Uint8Array()],
    ['half a header', new Uint8Array(8)],
    ['an unknown kind', writeConfirm(1, 0).fill(9, 0, 1)],
    ['transfer 0', writeConfirm(0, 0)],
    ['an offset past the largest file', writeConfirm(1, LIMITS.fileBytes + 1)],
    ['an empty chunk', writeChunk(1, 0, new Uint8Array())],
    ['a chunk of too many bytes', writeChunk(1, 0, new Uint8Array(LIMITS.chunkBytes + 1))],
    ['a confirmation with bytes', new Uint8Array([...writeConfirm(1, 0), 1])],
  ])('refuses %s', (_, frame) => expect(parseBinaryFrame(frame)).toBeNull())

  it('refuses or reads any bytes without throwing', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (raw) => void parseBinaryFrame(raw)))
  })
})
