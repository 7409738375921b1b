import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { FileKeys } from '../../src/files/sealed/file-keys.ts'
import { type FileKey, HEADER_BYTES } from '../../src/files/sealed/format.ts'
import { openPlain, sealedBy } from '../../src/files/sealed/plain-content.ts'
import { sealFile } from '../../src/files/sealed/seal-file.ts'

const newKey = async (name: string): Promise<FileKey> => {
  const algorithm = { name: 'AES-GCM', length: 256 }
  return { name, key: await crypto.subtle.generateKey(algorithm, true, ['encrypt', 'decrypt']) }
}
const keep = (...kept: readonly FileKey[]): FileKeys => ({
  create: () => newKey('f'.repeat(32)),
  find: async (name) => kept.find((key) => key.name === name)?.key ?? null,
  remove: async () => {},
})

/** What lies on the disk after these writes. */
const seal = async (key: FileKey, writes: readonly Uint8Array<ArrayBuffer>[]): Promise<Blob> => {
  const parts: Uint8Array<ArrayBuffer>[] = []
  const file = sealFile(
    {
      id: 'a',
      write: async (bytes) => void parts.push(bytes),
      close: async () => {},
      discard: async () => {},
    },
    key,
  )
  await Promise.all(writes.map((bytes) => file.write(bytes)))
  await file.close()
  return new Blob(parts)
}
const bytes = (length: number, seed = 1) =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + seed * 17) % 251)

describe('10, CRVideo_SetRecordFileEncrypt: sealed files', () => {
  let key: FileKey
  beforeAll(async () => {
    key = await newKey('0123456789abcdef'.repeat(2))
  })

  it('gives every piece of what was written, in any order of reading', async () => {
    const writes = fc.array(fc.integer({ min: 1, max: 200_000 }), { minLength: 1, maxLength: 6 })
    const part = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(150_000))
    await fc.assert(
      fc.asyncProperty(writes, fc.array(part, { maxLength: 6 }), async (lengths, parts) => {
        const pieces = lengths.map((length, i) => bytes(length, i))
        const whole = new Uint8Array(await new Blob(pieces).arrayBuffer())
        const content = await openPlain(await seal(key, pieces), keep(key))
        expect(content.size).toBe(whole.length)
        for (const [where, length] of parts) {
          const from = Math.floor(where * whole.length)
          const read = await content.read(from, from + length)
          expect(Buffer.compare(read, whole.subarray(from, from + length))).toBe(0)
        }
      }),
      { numRuns: 20, seed: 4 },
    )
  })

  it('begins with CRRF0001, shows nothing, and ignores what a dying page left unfinished', async () => {
    const blob = await seal(key, [bytes(70_000), bytes(1000)])
    expect(await blob.slice(0, 8).text()).toBe('CRRF0001')
    expect(await sealedBy(blob)).toBe(key.name)
    expect(await sealedBy(new Blob([bytes(100)]))).toBeNull()
    expect(await sealedBy(new Blob(['CRRF']))).toBeNull()
    const content = await openPlain(blob.slice(0, blob.size - 1), keep(key))
    expect(content.size).toBe(70_000)
    expect((await openPlain(blob.slice(0, HEADER_BYTES + 2), keep(key))).size).toBe(0)
  })

  it('says when the key is missing or another, and when a byte was changed', async () => {
    const blob = await seal(key, [bytes(5000)])
    const other = { ...(await newKey('x')), name: key.name }
    for (const keys of [keep(), keep(other)])
      await expect(openPlain(blob, keys)).rejects.toMatchObject({ code: 'recording.key' })
    const changed = new Uint8Array(await blob.arrayBuffer())
    changed[HEADER_BYTES + 100] = (changed[HEADER_BYTES + 100] ?? 0) ^ 1
    const content = await openPlain(new Blob([changed]), keep(key))
    await expect(content.read(0, 10)).rejects.toMatchObject({ code: 'playing.damaged' })
    const length = new Uint8Array(await blob.arrayBuffer()).fill(
      0xff,
      HEADER_BYTES,
      HEADER_BYTES + 4,
    )
    await expect(openPlain(new Blob([length]), keep(key))).rejects.toMatchObject({
      code: 'playing.damaged',
    })
  })

  it('a plain file is its own content', async () => {
    const content = await openPlain(new Blob([bytes(300)]), keep())
    expect(content.size).toBe(300)
    expect(await content.read(290, 400)).toEqual(bytes(300).slice(290))
  })
})
