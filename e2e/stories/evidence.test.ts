import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Manifest } from '../../packages/protocol/src/index.ts'
import { launchCameras, openPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { hostPages } from '../support/page-host.ts'
import { ACCOUNT, PASSWORD, type RunningServer, startServer } from '../support/server.ts'
import { enterTyped, type TypedPage, type TypedWindow } from '../support/typed.ts'
import { at, PHONE } from '../support/web-app.ts'

const BIN = fileURLToPath(new URL('../../packages/cli/bin/yuntang.js', import.meta.url))

/** Records into that file until so many bytes are there. */
const record = (page: Page, file: string, bytes: number) =>
  page.evaluate(
    async ([name, least]) => {
      const { recordings } = (window as unknown as TypedWindow).client
      await recordings.start({ path: name, bitrate: 2_000_000, quality: 0 })
      while (recordings.size < least) await new Promise((go) => setTimeout(go, 100))
    },
    [file, bytes] as const,
  )
/** Uploads it; answers its content and its manifest. */
const upload = async (page: Page, file: string) => {
  const got = await page.evaluate(async (name) => {
    const { client } = window as unknown as TypedWindow
    await client.recordings.upload(name)
    const [newest] = await client.records.list({ limit: 1 })
    const blob = await client.files.get(name)
    if (!newest || !blob) throw new Error('nothing was uploaded')
    const url = await new Promise<string>((resolve) => {
      const reader = new FileReader()
      reader.onload = () => resolve(String(reader.result))
      reader.readAsDataURL(blob)
    })
    const manifest = await client.records.manifest(newest.id)
    return { manifest, told: newest.manifest, base64: url.slice(url.indexOf(',') + 1) }
  }, file)
  expect(got.told).toBe(true)
  return { bytes: Buffer.from(got.base64, 'base64'), manifest: got.manifest as Manifest }
}

describe('evidence of a recording', () => {
  let server: RunningServer
  let host: Awaited<ReturnType<typeof hostPages>>
  let browser: Browser
  let anna: TypedPage & { id: number }
  let folder = ''
  let key = ''
  const put = (name: string, data: Buffer | object) => {
    const file = path.join(folder, name)
    writeFileSync(file, Buffer.isBuffer(data) ? data : JSON.stringify(data))
    return file
  }
  const verify = (file: string, manifest: string) => {
    const { status, stdout } = spawnSync(
      process.execPath,
      [BIN, 'verify', file, manifest, '--key', key],
      { encoding: 'utf8' },
    )
    return { status, stdout }
  }
  /** How far each stamp goes, and whether it is of the end. A slow machine has time for more of them. */
  const stampsOf = ({ stamps }: Manifest) => {
    const all = stamps.map(({ bytes, final }) => [bytes, final])
    for (const [, final] of all.slice(0, -1)) expect(final).toBe(false)
    return { first: all[0], last: all.at(-1) }
  }
  const flipped = (bytes: Buffer, place: number) => {
    const copy = Buffer.from(bytes)
    copy[place]! ^= 1
    return copy
  }

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'yuntang-evidence-'))
    server = await startServer()
    host = await hostPages(server.url)
    browser = await launchCameras(1)
    key = ((await (await fetch(`${server.url}/api/v1/evidence/key`)).json()) as { key: string }).key
    anna = await enterTyped(browser, host.url, 'anna', null)
    await anna.page.evaluate(() => (window as unknown as TypedWindow).meeting.camera.open())
  })
  afterAll(async () => {
    await browser.close()
    await host.close()
    await server.stop()
    server.forget()
    rmSync(folder, { recursive: true, force: true })
  })

  it('a recording is stamped from its beginning to its end, and the command says so', async () => {
    await record(anna.page, 'talk.mp4', 150_000)
    await anna.page.evaluate(() => (window as unknown as TypedWindow).client.recordings.stop())
    const { bytes, manifest } = await upload(anna.page, 'talk.mp4')
    expect(stampsOf(manifest)).toEqual({ first: [0, false], last: [bytes.length, true] })
    expect(manifest.stamps[0]).toMatchObject({ userID: 'anna', meeting: anna.id })
    const [talk, signed] = [put('talk.mp4', bytes), put('talk.mp4.manifest.json', manifest)]
    expect(verify(talk, signed)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^UNCHANGED.*The last stamp is of the end/s),
    })
    const middle = bytes.length >> 1
    const changed = verify(put('changed.mp4', flipped(bytes, middle)), signed)
    expect(changed.status).toBe(1)
    const [, from = '', to = ''] =
      /Changed: within bytes ([\d,]+) to ([\d,]+)/.exec(changed.stdout) ?? []
    const number = (text: string) => Number(text.replaceAll(',', ''))
    expect(number(from)).toBeLessThanOrEqual(middle)
    expect(number(to)).toBeGreaterThanOrEqual(middle)
  })

  it('a page that dies keeps the stamps it had; they hold over a restart of the server', async () => {
    const { page } = anna
    await record(page, 'crash.mp4', 40_000)
    const { port, dataDir } = server
    await server.kill()
    await page.goto('about:blank')
    server = await startServer({ PORT: String(port) }, dataDir)
    await page.goto(`${host.url}/typed.html`)
    await page.waitForFunction(() => (window as unknown as TypedWindow).ready)
    await page.evaluate(
      async ([account, password]) => {
        const w = window as unknown as TypedWindow
        w.client = w.yuntang.createClient({ server: w.SERVER })
        await w.client.login({ account, password, nickName: 'anna', userID: 'anna' })
      },
      [ACCOUNT, PASSWORD] as const,
    )
    await page.waitForFunction(() =>
      (window as unknown as TypedWindow).client.recordings.files.some(({ path: p }) =>
        p.endsWith('crash.mp4'),
      ),
    )
    const { bytes, manifest } = await upload(page, 'crash.mp4')
    const { first, last } = stampsOf(manifest)
    expect([first, last?.[1]]).toEqual([[0, false], false])
    expect(manifest).toMatchObject({ refused: 0, key })
    const told = verify(put('crash.mp4', bytes), put('crash.json', manifest))
    expect(told).toMatchObject({ status: 0 })
    expect(told.stdout).toContain('The end of the recording has no stamp')
  })

  it('the console says the same, in words, without signing in and without sending anything', async () => {
    const { page, errors } = await openPage(browser, server.url, { ...PHONE, locale: 'en' })
    await at(page, 'to-console').click()
    const sent: string[] = []
    page.on('request', (request) => sent.push(request.method()))
    await at(page, 'verify-file').setInputFiles(path.join(folder, 'talk.mp4'))
    await at(page, 'verify-manifest').setInputFiles(path.join(folder, 'talk.mp4.manifest.json'))
    await eventually(async () =>
      expect(await at(page, 'verdict-title').textContent()).toBe('Unchanged'),
    )
    expect(await at(page, 'verdict').textContent()).toContain('Signed by this server.')
    await at(page, 'verify-file').setInputFiles(path.join(folder, 'changed.mp4'))
    await eventually(async () =>
      expect(await at(page, 'verdict-title').textContent()).toBe('Changed'),
    )
    const place = await at(page, 'verdict-place').textContent()
    expect(place).toMatch(/Within bytes [\d,]+ to [\d,]+\..*Recorded (between|before)/)
    await at(page, 'verify-manifest').setInputFiles(path.join(folder, 'talk.mp4'))
    await eventually(async () =>
      expect(await at(page, 'verdict-title').textContent()).toBe('Cannot say'),
    )
    expect(sent.filter((method) => method !== 'GET')).toEqual([])
    expect(errors).toEqual([])
  })
})
