import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { startCutProxy } from '../support/cut-proxy.ts'
import { eventually } from '../support/eventually.ts'
import { RED } from '../support/media-files.ts'
import { hostPages } from '../support/page-host.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const MIB = 1024 * 1024

/** Puts a file of random bytes into the page's store and answers its hash. */
const makeFile = (p: ClassicPage, path: string, size: number) =>
  p.page.evaluate(
    async ([path, size]) => {
      const parts: Uint8Array<ArrayBuffer>[] = []
      for (let left = size; left > 0; left -= 65_536)
        parts.push(crypto.getRandomValues(new Uint8Array(Math.min(left, 65_536))))
      const blob = new Blob(parts)
      const vfs = (window as unknown as Vfs).CRVideo.vfs
      await vfs.put(path, blob)
      const hash = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer())
      return [...new Uint8Array(hash)].join()
    },
    [path, size] as const,
  )

interface Vfs {
  CRVideo: {
    vfs: {
      put(path: string, data: Blob): Promise<void>
      get(path: string): Promise<Blob | null>
      list(prefix?: string): { path: string; size: number }[]
    }
  }
}

/** Hash of a stored file; null when there is none. */
const hashOf = (p: ClassicPage, path: string) =>
  p.page.evaluate(async (path) => {
    const blob = await (window as unknown as Vfs).CRVideo.vfs.get(path)
    if (!blob) return null
    const hash = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer())
    return [...new Uint8Array(hash)].join()
  }, path)

const tempFiles = (p: ClassicPage) =>
  p.page.evaluate(() =>
    (window as unknown as Vfs).CRVideo.vfs
      .list()
      .map(({ path }) => path)
      .filter((path) => path.includes('/Temp/')),
  )

describe('the transparent channel through the classic API', () => {
  let server: RunningServer
  let host: Awaited<ReturnType<typeof hostPages>>
  let proxy: Awaited<ReturnType<typeof startCutProxy>>
  let browser: Browser
  let a: ClassicPage
  let b: ClassicPage
  const open = async (userID: string, url = server.url) => {
    const p = await ClassicPage.open(browser, host.url, url)
    await p.login(userID)
    await p.mark()
    return p
  }

  beforeAll(async () => {
    server = await startServer()
    host = await hostPages(server.url)
    proxy = await startCutProxy(server.port)
    browser = await launchFace(RED)
  })
  afterAll(async () => {
    await browser.close()
    await proxy.close()
    await host.close()
    await server.stop()
    server.forget()
  })
  beforeEach(async () => {
    a = await open('a', proxy.url)
    b = await open('b')
  })
  afterEach(async () => {
    for (const p of [a, b]) await p.finish()
  })

  it('04 §2: commands arrive in order, JSON as an object, and each has one result', async () => {
    const ids = await a.page.evaluate(() =>
      Array.from({ length: 300 }, (_, i) =>
        (window as unknown as { CRVideo_SendCmd(...x: unknown[]): string }).CRVideo_SendCmd(
          'b',
          i === 7 ? { seven: [7] } : `n${i}`,
          `c${i}`,
        ),
      ),
    )
    await a.next('CRVideo_SendCmdRlst', ids.at(-1), 0, 'c299')
    const results = await a.sinceMark(['CRVideo_SendCmdRlst'])
    expect(results.map(({ args }) => args)).toEqual(ids.map((id, i) => [id, 0, `c${i}`]))
    const notified = await b.sinceMark(['CRVideo_NotifyCmdData'])
    expect(notified.map(({ args }) => args)).toEqual(
      ids.map((_, i) => ['a', i === 7 ? { seven: [7] } : `n${i}`]),
    )
  })

  it('04 §4: files of 0 B, 1 B, 64 KiB, 1 MiB + 1 B and 50 MiB arrive byte for byte, progress never decreases', async () => {
    for (const size of [0, 1, 65_536, MIB + 1, 50 * MIB]) {
      await a.mark()
      await b.mark()
      const hash = await makeFile(a, 'out/数据 "1".bin', size)
      const id = await a.call<string>('CRVideo_SendFile', 'b', 'out/数据 "1".bin', 'cookie')
      const [from, path, name] = await eventually(async () => {
        const [hit] = await b.sinceMark(['CRVideo_NotifyFileData'])
        if (!hit) throw new Error('no file yet')
        return hit.args as [string, string, string]
      }, 50_000)
      expect([from, name]).toEqual(['a', '数据 "1".bin'])
      expect(path).toBe(`/Store-b/Temp/${id}/${name}`)
      expect(await hashOf(b, path)).toBe(hash)
      await a.next('CRVideo_SendFileRlst', id, 'out/数据 "1".bin', 0, 'cookie')
      const progress = (await a.sinceMark(['CRVideo_SendProgress'])).map(({ args }) => args)
      for (const args of progress) expect([args[0], args[2], args[3]]).toEqual([id, size, 'cookie'])
      const sent = progress.map((args) => args[1] as number)
      expect(sent).toEqual([...sent].sort((x, y) => x - y))
      expect(sent.at(-1)).toBe(size)
    }
  }, 120_000)

  it('04 §2, §4: text of 2 MiB and JSON text arrive whole; oneself is told before the result', async () => {
    const send = (to: string, make: string) =>
      a.read<string>(`CRVideo_SendBuffer(${JSON.stringify(to)}, ${make}, { any: 1 })`)
    const id = await send('a', `JSON.stringify({ text: '好'.repeat(700000), n: [1] })`)
    await a.next('CRVideo_SendBufferRlst', id, 0, { any: 1 })
    const own = await a.sinceMark(['CRVideo_NotifyBufferData', 'CRVideo_SendBufferRlst'])
    expect(own.map(({ slot }) => slot)).toEqual([
      'CRVideo_NotifyBufferData',
      'CRVideo_SendBufferRlst',
    ])
    expect(own[0]?.args).toEqual(['a', { text: '好'.repeat(700_000), n: [1] }])
    const second = await send('b', `'\\ufeffüñ€😀'.repeat(150000)`)
    await a.next('CRVideo_SendBufferRlst', second, 0)
    const [notified] = await b.sinceMark(['CRVideo_NotifyBufferData'])
    expect(notified?.args).toEqual(['a', '\ufeffüñ€😀'.repeat(150_000)])
  })

  it('04 §2: 5 no target, 1100 and 1101 too large, 1103 no file, 1102 offline, 9 not logged in', async () => {
    const results = await a.page.evaluate(async () => {
      const w = window as unknown as Record<string, (...x: unknown[]) => string>
      const large = 'x'.repeat(64 * 1024)
      const huge = new Blob([new Uint8Array(101 * 1024 * 1024)])
      const ids = [
        w.CRVideo_SendCmd!('', `${large}x`, 1),
        w.CRVideo_SendCmd!('nobody', `${large}x`, 2),
        w.CRVideo_SendCmd!('nobody', large, 3),
        w.CRVideo_SendCmd!('b', large, 4),
        w.CRVideo_SendBuffer!('', '', 5),
        w.CRVideo_SendBuffer!('nobody', 'x'.repeat(101 * 1024 * 1024), 6),
        w.CRVideo_SendBuffer!('nobody', 'x', 7),
        w.CRVideo_SendFile!('', 'no/such.file', 8),
        w.CRVideo_SendFile!('nobody', 'no/such.file', 9),
        w.CRVideo_SendFile!('nobody', '', 10),
        w.CRVideo_SendFile!('nobody', huge, 11),
        w.CRVideo_SendFile!('nobody', new File(['x'], 'x.txt'), 12),
        w.CRVideo_SendCmd!('bad\nname', 'x', 13),
      ]
      return ids.length
    })
    const wanted = [5, 1100, 1102, 0, 5, 1101, 1102, 5, 1103, 1103, 1101, 1102, 1102]
    expect(results).toBe(wanted.length)
    const codes = await eventually(async () => {
      const seen = (await a.sinceMark()).filter(({ slot }) =>
        /Send(Cmd|Buffer|File)Rlst/.test(slot),
      )
      if (seen.length < wanted.length) throw new Error(`${seen.length} results`)
      const last = (args: unknown[], back: number) => args[args.length - back] as number
      return seen.sort((x, y) => last(x.args, 1) - last(y.args, 1)).map(({ args }) => last(args, 2))
    }, 40_000)
    expect(codes).toEqual(wanted)
    const c = await ClassicPage.open(browser, host.url, server.url)
    await c.call('CRVideo_Init2', '/w')
    const id = await c.call<string>('CRVideo_SendCmd', 'b', 'x')
    expect(await c.next('CRVideo_SendCmdRlst')).toEqual([id, 9, ''])
    await c.call('CRVideo_CancelSend', id, 'k')
    expect(await c.next('CRVideo_CancelSendRlst')).toEqual([id, 9, 'k'])
    await c.finish()
  })

  it('04 §4: a picked file is stored under Temp, sent from there, and its input leads to it', async () => {
    await a.page.setContent('<input type="file" id="pick">')
    await a.page.setInputFiles('#pick', {
      name: '报告 final.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('picked'),
    })
    const id = await a.call<string>('CRVideo_SendFile', 'b', 'C:\\fakepath\\报告 final.txt')
    await a.next('CRVideo_SendFileRlst', id, 'C:\\fakepath\\报告 final.txt', 0)
    const [, path, name] = (await b.next('CRVideo_NotifyFileData')) as string[]
    expect(name).toBe('报告 final.txt')
    expect(await b.read(`CRVideo.vfs.get(${JSON.stringify(path)}).then((f) => f.text())`)).toBe(
      'picked',
    )
    await a.read(`CRVideo_SendFile('b', new File(['of a page'], 'mine.txt'))`)
    expect((await a.next('CRVideo_SendFileRlst', await lastTask(a)))[1]).toBe(
      '/Store-a/Temp/mine.txt',
    )
    expect(await a.read(`CRVideo.vfs.exists('Temp/mine.txt')`)).toBe(true)
  })

  it('04 §3: a cancel in the middle ends both sides, leaves nothing and fires no result', async () => {
    await makeFile(a, 'big.bin', 100 * MIB)
    const id = await a.call<string>('CRVideo_SendFile', 'b', 'big.bin')
    await a.next('CRVideo_SendProgress', id)
    await a.call('CRVideo_CancelSend', id, 'stop')
    expect(await a.next('CRVideo_CancelSendRlst')).toEqual([id, 0, 'stop'])
    expect(await b.next('CRVideo_NotifyCancelSend')).toEqual([id])
    await a.mark()
    await a.call('CRVideo_CancelSend', id, 'again')
    expect(await a.next('CRVideo_CancelSendRlst')).toEqual([id, 1104, 'again'])
    await a.call('CRVideo_CancelSend', 'unknown')
    await a.next('CRVideo_CancelSendRlst', 'unknown', 1104)
    expect(await a.sinceMark(['CRVideo_SendFileRlst', 'CRVideo_SendProgress'])).toEqual([])
    expect(await tempFiles(b)).toEqual([])
    expect(await b.sinceMark(['CRVideo_NotifyFileData'])).toEqual([])
  })

  it('04 §3: a receiver that logs out or reloads in the middle ends the task with 1000', async () => {
    await makeFile(a, 'big.bin', 100 * MIB)
    for (const leave of [() => b.call('CRVideo_Logout'), () => b.page.reload()]) {
      await a.mark()
      const id = await a.call<string>('CRVideo_SendFile', 'b', 'big.bin')
      await a.next('CRVideo_SendProgress', id)
      await leave()
      await a.next('CRVideo_SendFileRlst', id, 'big.bin', 1000)
      expect(await tempFiles(b)).toEqual([])
      await b.finish()
      b = await open('b')
    }
  })

  it('04 §3: a sender that reloads in the middle cancels at the receiver', async () => {
    await makeFile(a, 'big.bin', 100 * MIB)
    const id = await a.call<string>('CRVideo_SendFile', 'b', 'big.bin')
    await a.next('CRVideo_SendProgress', id)
    await a.page.reload()
    expect(await b.next('CRVideo_NotifyCancelSend')).toEqual([id])
    expect(await b.sinceMark(['CRVideo_NotifyFileData'])).toEqual([])
  })

  it.each(['sender', 'receiver'])(
    "04 §2: the %s's wire is cut twice and the file goes on without a byte lost",
    async (who) => {
      const [from, to] = who === 'sender' ? [a, b] : [b, a]
      const hash = await makeFile(from, 'cut.bin', 50 * MIB)
      const id = await from.call<string>(
        'CRVideo_SendFile',
        who === 'sender' ? 'b' : 'a',
        'cut.bin',
      )
      for (let i = 0; i < 2; i++) {
        await from.mark()
        await from.next('CRVideo_SendProgress', id)
        proxy.cut()
      }
      await from.nextWithin(50_000, 'CRVideo_SendFileRlst', id, 'cut.bin', 0)
      const [, path] = (await to.next('CRVideo_NotifyFileData')) as string[]
      expect(await hashOf(to, path as string)).toBe(hash)
      expect(await to.sinceMark(['CRVideo_NotifyFileData'])).toHaveLength(1)
    },
    90_000,
  )

  it('04 §3: a command to a user in a silent loss is delivered after the resume, once', async () => {
    proxy.cut(true)
    const id = await b.call<string>('CRVideo_SendCmd', 'a', 'late', 'k')
    const sender = await b.sinceMark(['CRVideo_SendCmdRlst'])
    expect(sender).toEqual([])
    proxy.mend()
    expect(await a.next('CRVideo_NotifyCmdData')).toEqual(['b', 'late'])
    expect(await b.next('CRVideo_SendCmdRlst')).toEqual([id, 0, 'k'])
    expect(await a.sinceMark(['CRVideo_NotifyCmdData'])).toHaveLength(1)
  })
})

/** Task of the last file result. */
const lastTask = async (p: ClassicPage): Promise<unknown> => {
  await eventually(async () => {
    const results = await p.sinceMark(['CRVideo_SendFileRlst'])
    if (results.length < 2) throw new Error('no second result')
  })
  return (await p.sinceMark(['CRVideo_SendFileRlst'])).at(-1)?.args[0]
}
