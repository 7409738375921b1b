import { createHash } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import {
  type Chunk,
  chainOn,
  chainStart,
  createChunker,
  EVIDENCE,
  type MeetingInfo,
  type Progress,
  platformCrypto,
  type Stamp,
  toBase64url,
  verifyFile,
} from '@yuntang/protocol'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { StartError } from '../../src/core/start-error.ts'
import { loadSigningKey } from '../../src/domains/evidence/signing-key.ts'
import type { Storage } from '../../src/storage/port.ts'
import { restartTestApp, startTestApp, type TestApp, TestPage } from '../support/page.ts'
import { testSigningKey } from '../support/signing-key.ts'
import { tempDir } from '../support/temp-dir.ts'
import { createTestStorage } from '../support/test-storage.ts'

const RECORDING = 'ab'.repeat(16)
const content = Buffer.from(
  Array.from({ length: 6000 }, (_, i) => createHash('sha256').update(String(i)).digest('hex')).join(
    '',
  ),
)

const chunksOf = (bytes: Buffer): Chunk[] => {
  const chunker = createChunker()
  const parts = chunker.push(Uint8Array.from(bytes))
  const rest = chunker.end()
  if (rest) parts.push(rest)
  return parts.map((part) => [part.length, toBase64url(createHash('sha256').update(part).digest())])
}
const chunks = chunksOf(content)

/** After so many chunks. */
const progress = (count: number, more: Partial<Progress> = {}): Progress => ({
  recording: RECORDING,
  bytes: chunks.slice(0, count).reduce((sum, [length]) => sum + length, 0),
  head: chainOn(chainStart(RECORDING), chunks.slice(0, count)),
  final: count === chunks.length,
  ...more,
})

describe('evidence of recordings on the server', () => {
  let storage: Storage
  let test: TestApp
  let anna: TestPage
  let account = 0

  const stampOf = async (page: TestPage, given: Progress) =>
    ((await page.call('evidence.stamp', given)) as { stamp: Stamp }).stamp
  const attach = (page: TestPage, stamps: readonly Stamp[], from = 0, recording = RECORDING) =>
    page.call('evidence.attach', { recording, from, stamps })
  const put = async (
    page: TestPage,
    bytes: Buffer,
    stamps: number,
    key = 'k'.repeat(20),
    mimeType = 'video/mp4',
  ) => {
    const answer = await page.call('records.begin', { key, name: 'a.mp4', size: bytes.length })
    const blob = /uploads\/([\w-]+)/.exec((answer as { path: string }).path)?.[1] ?? ''
    test.blobs.contents.set(blob, bytes)
    const done = await page.call('records.finish', {
      key,
      size: bytes.length,
      md5: createHash('md5').update(bytes).digest('hex'),
      duration: 9,
      mimeType,
      evidence: { recording: RECORDING, stamps },
    })
    return done as { record: { id: string; manifest: boolean } }
  }
  const manifestOf = async (page: TestPage, id: string) => {
    const { path: at } = (await page.call('records.manifest', { id })) as { path: string | null }
    const blob = /files\/([\w-]+)/.exec(at ?? '')?.[1]
    return blob === undefined ? null : test.blobs.contents.get(blob)!.toString()
  }
  const verify = async (bytes: Buffer, manifest: string | null) =>
    verifyFile(
      platformCrypto(),
      (async function* () {
        yield Uint8Array.from(bytes)
      })(),
      manifest ?? '',
      { trusted: testSigningKey.publicKey },
    )

  /** Nobody answered the heartbeats meanwhile: the page comes anew. */
  const later = (ms: number) => {
    test.clock.advance(ms)
    return new TestPage(test).login('anna', `account-${account}`)
  }

  beforeAll(async () => {
    storage = await createTestStorage()
  }, 60_000)
  beforeEach(async () => {
    account++
    test = await startTestApp({ recordsBytes: 1e9, allowGuests: true }, { storage, seed: account })
    anna = await new TestPage(test).login('anna', `account-${account}`)
  })
  afterEach(() => test.app.close())
  afterAll(() => storage.close())

  it('a media type with half a character does not keep the manifest from being signed', async () => {
    const page = await later(0)
    const bytes = Buffer.from('any bytes')
    const { record } = await put(page, bytes, 0, 'h'.repeat(20), 'video/\ud800')
    expect(record.manifest).toBe(true)
    expect(await verify(bytes, await manifestOf(page, record.id))).toMatchObject({
      manifest: { file: { mimeType: 'video/\ufffd' } },
    })
  })

  it('a recording that was stamped over a restart of the server is proven from beginning to end', async () => {
    const stamps = [await stampOf(anna, progress(0))]
    test.clock.advance(10_000)
    stamps.push(await stampOf(anna, progress(2)))
    await test.app.close()
    test = await restartTestApp(test, { recordsBytes: 1e9 })
    anna = await new TestPage(test).login('anna', `account-${account}`)
    test.clock.advance(10_000)
    stamps.push(await stampOf(anna, progress(chunks.length)))
    await attach(anna, stamps.slice(0, 2))
    await attach(anna, stamps.slice(2), 2)
    const { record } = await put(anna, content, 3)
    expect(record.manifest).toBe(true)
    const manifest = await manifestOf(anna, record.id)
    expect(await verify(content, manifest)).toMatchObject({
      verdict: 'unchanged',
      manifest: {
        refused: 0,
        file: { name: 'a.mp4', mimeType: 'video/mp4', bytes: content.length },
        upload: { account: `account-${account}`, userID: 'anna', meeting: 0 },
      },
      timeline: { stamps: 3, complete: true, unstamped: 0, longestGap: 10_000 },
    })
    const changed = Buffer.from(content)
    changed[200_000]! ^= 1
    expect(await verify(changed, manifest)).toMatchObject({
      verdict: 'changed',
      findings: [{ kind: 'changed', time: { after: stamps[1]!.time, before: stamps[2]!.time } }],
    })
    await anna.call('records.remove', { id: record.id })
    expect([...test.blobs.contents.keys()]).toEqual([])
  })

  it('a stamp names who asked, from where and when, by the server’s word alone', async () => {
    const meeting = (await anna.call('meetings.create', {
      subject: 's',
      withPassword: false,
    })) as MeetingInfo
    await anna.enter(meeting.id, meeting.password)
    expect(await stampOf(anna, progress(1))).toMatchObject({
      ...progress(1),
      account: `account-${account}`,
      userID: 'anna',
      meeting: meeting.id,
      time: test.clock.now(),
    })
    expect(await anna.call('evidence.stamp', { ...progress(1), time: 1 })).toBe('param.invalid')
    expect(await anna.call('evidence.stamp', { ...progress(1), head: 'x' })).toBe('param.invalid')
  })

  it('who is neither logged in nor in a meeting gets none', async () => {
    const stranger = new TestPage(test)
    stranger.hello()
    expect(await stranger.call('evidence.stamp', progress(0))).toBe('login.required')
    expect(await attach(stranger, [])).toBe('login.required')
  })

  it('sixty a minute for one user, and no fewer for others', async () => {
    for (let i = 0; i < 60; i++) await stampOf(anna, progress(0))
    expect(await anna.call('evidence.stamp', progress(0))).toBe('rate.exceeded')
    const ben = await new TestPage(test).login('ben', `account-${account}`)
    expect(await stampOf(ben, progress(0))).toMatchObject({ userID: 'ben' })
    anna = await later(60_000)
    expect(await stampOf(anna, progress(0))).toMatchObject({ userID: 'anna' })
  })

  it('stamps that are not its own, or of another recording, do not come into a manifest', async () => {
    const mine = await stampOf(anna, progress(0))
    const other = await stampOf(anna, progress(0, { recording: 'cd'.repeat(16) }))
    const backdated = { ...mine, time: mine.time - 1000 }
    await attach(anna, [mine, backdated, { ...other, recording: RECORDING }, other, mine])
    const { record } = await put(anna, content, 5)
    const told = await verify(content, await manifestOf(anna, record.id))
    expect(told).toMatchObject({ verdict: 'unchanged', manifest: { refused: 4 } })
    expect(told).toMatchObject({
      timeline: { stamps: 1, complete: false, unstamped: content.length },
    })
  })

  it('a file that was changed before it was uploaded is found by its stamps', async () => {
    const stamps = [
      await stampOf(anna, progress(0)),
      await stampOf(anna, progress(3)),
      await stampOf(anna, progress(chunks.length)),
    ]
    await attach(anna, stamps)
    const changed = Buffer.from(content)
    changed[10]! ^= 1
    const { record } = await put(anna, changed, 3)
    expect(await verify(changed, await manifestOf(anna, record.id))).toMatchObject({
      verdict: 'changed',
      findings: [],
      contradicted: [{ recorded: { start: 0, end: progress(3).bytes } }],
    })
  })

  it('stamps that were not handed in are asked for again; the upload stays', async () => {
    const stamp = await stampOf(anna, progress(chunks.length))
    expect(await put(anna, content, 1)).toBe('evidence.missing')
    expect(await attach(anna, [stamp], 1)).toBe('evidence.missing')
    await attach(anna, [stamp])
    anna = await later(10 * 60_000)
    expect(await put(anna, content, 1)).toBe('evidence.missing')
    await attach(anna, [stamp])
    expect(await put(anna, content, 1)).toMatchObject({ record: { manifest: true } })
  })

  it('what pages hand in is bounded, for one recording and for one user', async () => {
    const stamps = Array.from({ length: EVIDENCE.stampsPerFrame }, () => signed)
    for (let from = 0; from < EVIDENCE.stamps; from += stamps.length)
      expect(await attach(anna, stamps, from)).toEqual({})
    expect(await attach(anna, [signed], EVIDENCE.stamps)).toBe('rate.exceeded')
    expect(await attach(anna, [...stamps, signed])).toBe('param.invalid')
    const recordings = Array.from({ length: 8 }, (_, i) => `${i}`.repeat(32))
    const answers = []
    for (const recording of recordings) answers.push(await attach(anna, [signed], 0, recording))
    expect(answers.filter((answer) => answer === 'rate.exceeded')).toHaveLength(1)
    anna = await later(10 * 60_000)
    expect(await attach(anna, [signed], 0, 'f'.repeat(32))).toEqual({})
  })

  it('somebody else’s manifest is not to be had', async () => {
    const { record } = await put(anna, content, 0)
    const ben = await new TestPage(test).login('ben', `account-${account}`)
    expect(await ben.call('records.manifest', { id: record.id })).toBe('file.unknown')
    expect(await verify(content, await manifestOf(anna, record.id))).toMatchObject({
      verdict: 'unchanged',
      timeline: { stamps: 0, complete: false },
    })
  })

  const signed: Stamp = {
    ...progress(0),
    time: 0,
    account: '',
    userID: 'x',
    meeting: 0,
    signature: 'A'.repeat(86),
  }
})

describe('the key of the evidence', () => {
  let temp: ReturnType<typeof tempDir>
  beforeEach(() => {
    temp = tempDir()
  })
  afterEach(() => temp.remove())

  it('is made once, for its owner’s eyes only, and is the same after a restart', async () => {
    const made = loadSigningKey(temp.dir)
    const file = path.join(temp.dir, 'evidence.key')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const again = loadSigningKey(temp.dir)
    expect(again.publicKey).toBe(made.publicKey)
    const message = Uint8Array.of(1, 2, 3)
    expect(again.sign(message)).toBe(made.sign(message))
    const [key, signature] = [made.publicKey, made.sign(message)].map((text) =>
      Uint8Array.from(Buffer.from(text, 'base64url')),
    )
    expect(await platformCrypto().verify(key!, message, signature!)).toBe(true)
    expect(await platformCrypto().verify(key!, Uint8Array.of(1, 2, 4), signature!)).toBe(false)
    expect(await platformCrypto().verify(new Uint8Array(3), message, signature!)).toBe(false)
  })

  it('a damaged one stops the start with a sentence that does not quote it', () => {
    loadSigningKey(temp.dir)
    const file = path.join(temp.dir, 'evidence.key')
    const pem = readFileSync(file, 'utf8')
    writeFileSync(file, pem.slice(0, 60))
    const start = () => loadSigningKey(temp.dir)
    expect(start).toThrow(StartError)
    expect(start).toThrow(/evidence\.key is damaged/)
    expect(start).not.toThrow(pem.slice(30, 50))
  })
})
