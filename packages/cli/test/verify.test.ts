import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  chunksOf,
  keyOf,
  manifestOf,
  noise,
  SERVER,
  seedOf,
  signStamp,
  stampsOf,
} from '../../protocol/test/evidence/support.ts'
import { main } from '../src/main.ts'

const BIN = fileURLToPath(new URL('../bin/yuntang.js', import.meta.url))
const content = noise(400_000, 21)
const chunks = chunksOf(content)
const stamps = stampsOf(chunks, 2)
const KEY = keyOf(SERVER)

describe('yuntang verify', () => {
  let dir = ''
  const put = (name: string, data: Uint8Array | object) => {
    const file = path.join(dir, name)
    writeFileSync(file, data instanceof Uint8Array ? data : JSON.stringify(data))
    return file
  }
  const run = async (...args: string[]) => {
    const said: string[] = []
    const failed: string[] = []
    const to = { out: (text: string) => said.push(text), err: (text: string) => failed.push(text) }
    const code = await main(['verify', ...args], to)
    return { code, said: said.join('\n'), failed: failed.join('') }
  }
  let talk = ''
  let manifest = ''

  beforeAll(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'yuntang-cli-'))
    talk = put('talk.mp4', content)
    manifest = put('talk.json', manifestOf(chunks, stamps))
  })
  afterAll(() => rmSync(dir, { recursive: true, force: true }))

  test('the command of the repository runs as it is, without a build', () => {
    const { status, stdout } = spawnSync(
      process.execPath,
      [BIN, 'verify', talk, manifest, '--key', KEY],
      { encoding: 'utf8' },
    )
    expect(stdout).toMatch(/^UNCHANGED\. talk\.mp4 is, byte for byte, what was recorded\./)
    expect(stdout).toContain('5 stamps from 2027-01-15 08:00:00 UTC')
    expect(stdout).toContain('The last stamp is of the end of the recording.')
    expect(stdout).toContain('Recorded by user anna of account demo, meeting 12345678.')
    expect(status).toBe(0)
  }, 30_000)

  test('0 unchanged: without --key it says what to compare', async () => {
    const told = await run(talk, manifest)
    expect(told.code).toBe(0)
    expect(told.said).toContain(`Signed with key ${KEY}`)
    expect(told.said).toContain('/api/v1/evidence/key')
  })

  test('1 changed: where, and when that was recorded', async () => {
    const changed = content.slice()
    const at = stamps[3]!.bytes + 10_000
    changed[at]! ^= 1
    const { code, said } = await run(put('changed.mp4', changed), manifest, '--key', KEY)
    expect(code).toBe(1)
    const [, from = '', to = ''] =
      /Changed: within bytes ([\d,]+) to ([\d,]+); recorded between/.exec(said) ?? []
    const number = (text: string) => Number(text.replaceAll(',', ''))
    expect(number(from)).toBeLessThanOrEqual(at)
    expect(number(to)).toBeGreaterThanOrEqual(at)
    // A stamp counts whole chunks: what came up to a chunk behind it may have been there already.
    expect(said).toContain('recorded between 2027-01-15 08:00:10 UTC and 2027-01-15 08:00:40 UTC')
  })

  test('1 changed: a cut end, a part that was put in, a part that was moved', async () => {
    const cut = await run(put('cut.mp4', content.slice(0, 390_000)), manifest)
    expect(cut).toMatchObject({
      code: 1,
      said: expect.stringContaining('Missing: 10,000 bytes of bytes'),
    })
    const longer = Buffer.concat([
      content.slice(0, 100_000),
      noise(5000, 1),
      content.slice(100_000),
    ])
    expect(await run(put('longer.mp4', longer), manifest)).toMatchObject({
      code: 1,
      said: expect.stringContaining('Added: 5,000 bytes within bytes'),
    })
    const turned = Buffer.concat([content.slice(200_000), content.slice(0, 200_000)])
    expect(await run(put('turned.mp4', turned), manifest)).toMatchObject({
      code: 1,
      said: expect.stringContaining('Moved: bytes'),
    })
  })

  test('1 changed before the upload: the stamps say so', async () => {
    const early = content.slice()
    early[stamps[2]!.bytes + 5]! ^= 1
    const file = put('early.mp4', early)
    const told = await run(file, put('early.json', manifestOf(chunksOf(early), stamps)))
    expect(told.code).toBe(1)
    expect(told.said).toContain('Changed before it was uploaded: within bytes')
  })

  test('2 cannot say: another key, a changed manifest, no manifest, no file, wrong words', async () => {
    expect(await run(talk, manifest, '--key', keyOf(seedOf('x')))).toMatchObject({
      code: 2,
      said: expect.stringContaining('signed with another key than the one you trust'),
    })
    const signed = manifestOf(chunks, stamps)
    const renamed = put('renamed.json', { ...signed, file: { ...signed.file, name: 'other.mp4' } })
    expect(await run(talk, renamed)).toMatchObject({
      code: 2,
      said: expect.stringContaining('signature of the manifest is wrong'),
    })
    expect(await run(talk, talk)).toMatchObject({
      code: 2,
      said: expect.stringContaining('is not a manifest'),
    })
    expect(await run(`${talk}x`, manifest)).toMatchObject({
      code: 2,
      said: expect.stringContaining('There is no file'),
    })
    expect(await run(dir, manifest)).toMatchObject({
      code: 2,
      said: expect.stringContaining('CANNOT SAY'),
    })
    for (const wrong of [[talk], [], [talk, manifest, 'x'], [talk, manifest, '--kex', 'x']])
      expect(await run(...wrong)).toMatchObject({
        code: 2,
        failed: expect.stringContaining('Usage'),
      })
    expect(await run(talk, manifest, '--key', 'short')).toMatchObject({ code: 2 })
  })

  test('what a manifest contains cannot write on the terminal', async () => {
    const secret = seedOf('mallory')
    const [first] = stamps
    const stamp = signStamp({ ...first!, userID: 'a\u001b[2Jb' }, secret)
    const told = await run(talk, put('escape.json', manifestOf(chunks, [stamp], secret)))
    expect(told).toMatchObject({ code: 0, said: expect.stringContaining('by user a?[2Jb') })
  })

  test('a key that begins with a hyphen is a key', async () => {
    let secret = seedOf('0')
    for (let i = 1; !keyOf(secret).startsWith('-'); i++) secret = seedOf(String(i))
    const own = stamps.map((stamp) => signStamp(stamp, secret))
    const file = put('hyphen.json', manifestOf(chunks, own, secret))
    expect(await run(talk, file, '--key', keyOf(secret))).toMatchObject({ code: 0 })
    expect(await run(talk, file, `--key=${keyOf(secret)}`)).toMatchObject({ code: 0 })
  })
})
