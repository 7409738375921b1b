import { execFileSync } from 'node:child_process'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { RED } from '../support/media-files.ts'
import { hostPages } from '../support/page-host.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const MIB = 1024 * 1024
/** What the server's collector may leave lying for a while; the file is three times as large. */
const MOST_MIB = 32

/** One window of chunks takes longer than this on a slow machine; the whole file far longer. */
const MOST_WAIT_MS = 1_000

/** Sends one command after the other and notes how long each took, until the file is there. */
const COMMAND_LOOP = `
  window.waits = []
  window.sendOne = () => {
    window.from = performance.now()
    CRVideo_SendCmd('b', 'overtakes')
  }
  hooks.CRVideo_SendCmdRlst = () => {
    window.waits.push(performance.now() - window.from)
    window.timer = setTimeout(window.sendOne, 50)
  }
  hooks.CRVideo_SendFileRlst = () => {
    clearTimeout(window.timer)
    hooks.CRVideo_SendCmdRlst = null
  }
  window.sendOne()`

const residentMib = (pid: number) =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024

const median = (values: readonly number[]) =>
  [...values].sort((x, y) => x - y)[values.length >> 1] ?? Number.NaN

describe('a large file on its way', () => {
  let server: RunningServer
  let host: Awaited<ReturnType<typeof hostPages>>
  let browser: Browser
  const pages: ClassicPage[] = []
  const open = async (userID: string) => {
    const p = await ClassicPage.open(browser, host.url, server.url)
    pages.push(p)
    await p.login(userID)
    await p.mark()
    return p
  }

  beforeAll(async () => {
    server = await startServer()
    host = await hostPages(server.url)
    browser = await launchFace(RED)
  })
  afterAll(async () => {
    for (const p of pages) await p.finish()
    await browser.close()
    await host.close()
    await server.stop()
    server.forget()
  })

  it('04 §7: 100 MiB pass through a server that keeps none of them, and commands overtake', async () => {
    const [a, b] = [await open('a'), await open('b')]
    const size = 100 * MIB
    await a.read(`CRVideo.vfs.put('big.bin', new Blob([new Uint8Array(${size}).fill(7)]))`)
    const before = residentMib(server.pid)
    let most = before
    const id = await a.call<string>('CRVideo_SendFile', 'b', 'big.bin')
    await a.next('CRVideo_SendProgress', id)
    await a.read(COMMAND_LOOP)
    while ((await a.sinceMark(['CRVideo_SendFileRlst'])).length === 0)
      most = Math.max(most, residentMib(server.pid))
    const waits = await a.read<number[]>('window.waits')
    expect((await a.next('CRVideo_SendFileRlst', id))[2]).toBe(0)
    const [, path] = (await b.next('CRVideo_NotifyFileData')) as string[]
    expect(await b.read(`CRVideo.vfs.get(${JSON.stringify(path)}).then((f) => f.size)`)).toBe(size)
    expect(most - before).toBeLessThan(MOST_MIB)
    expect(waits.length).toBeGreaterThan(3)
    expect(median(waits)).toBeLessThan(MOST_WAIT_MS)
  })
})
