import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { startCutProxy } from '../support/cut-proxy.ts'
import { eventually } from '../support/eventually.ts'
import { RED } from '../support/media-files.ts'
import { type MeetingRef, meetingOf, startStage } from '../support/meeting-of.ts'

const SLOTS = ['CRVideo_SendIMmsgRlst', 'CRVideo_NotifyIMmsg']

describe('messages through the classic API', () => {
  let stage: Awaited<ReturnType<typeof startStage>>
  let proxy: Awaited<ReturnType<typeof startCutProxy>>
  let browser: Browser
  let meeting: MeetingRef
  let ann: ClassicPage
  let bob: ClassicPage
  let cai: ClassicPage

  beforeAll(async () => {
    stage = await startStage()
    proxy = await startCutProxy(stage.server.port)
    browser = stage.keep(await launchFace(RED))
    const open = async (url: string) =>
      stage.keep(await ClassicPage.open(browser, stage.host.url, url))
    ann = await open(stage.server.url)
    bob = await open(proxy.url)
    cai = await open(stage.server.url)
    meeting = await meetingOf([
      [ann, 'ann'],
      [bob, 'bob'],
      [cai, '采'],
    ])
  })
  afterAll(async () => {
    await stage.close()
    await proxy.close()
  })

  const mark = async () => {
    for (const page of [ann, bob, cai]) await page.mark()
  }
  const heard = async (page: ClassicPage) =>
    (await page.sinceMark(SLOTS)).map(({ slot, args }) =>
      slot === 'CRVideo_NotifyIMmsg' ? ['heard', args[0], args[1]] : ['sent', args[1], args[2]],
    )
  /** Everything said before this has arrived everywhere when this has. */
  const settle = async (last: string) => {
    await cai.call('CRVideo_SendIMmsg', last, '')
    for (const page of [ann, bob, cai]) await page.next('CRVideo_NotifyIMmsg', '采', last)
  }

  it('11 §1: a message to everybody reaches all, its sender after the result', async () => {
    await mark()
    const from = Math.floor(Date.now() / 1000)
    const id = await ann.call<string>('CRVideo_SendIMmsg', '你好 <b>😀</b>', '', { my: 1 })
    expect(id).not.toBe('')
    expect(await ann.next('CRVideo_SendIMmsgRlst')).toEqual([id, 0, { my: 1 }])
    const times = []
    for (const page of [ann, bob, cai]) {
      const args = await page.next('CRVideo_NotifyIMmsg')
      expect(args).toEqual(['ann', '你好 <b>😀</b>', expect.any(Number)])
      times.push(args[2])
    }
    expect(new Set(times).size).toBe(1)
    expect(Number.isInteger(times[0])).toBe(true)
    expect(times[0]).toBeGreaterThanOrEqual(from - 1)
    expect(times[0]).toBeLessThanOrEqual(Date.now() / 1000 + 1)
    expect((await ann.sinceMark(SLOTS)).map(({ slot }) => slot)).toEqual(SLOTS)
    await settle('all have it')
    expect(await heard(bob)).toEqual([
      ['heard', 'ann', '你好 <b>😀</b>'],
      ['heard', '采', 'all have it'],
    ])
  })

  it('11 §1: a private message reaches the named user only; to oneself it comes back once', async () => {
    await mark()
    await ann.call('CRVideo_SendIMmsg', 'only for you', 'bob', 'p1')
    await ann.next('CRVideo_SendIMmsgRlst')
    await ann.call('CRVideo_SendIMmsg', 'note to me', 'ann', 'p2')
    await ann.next('CRVideo_NotifyIMmsg', 'ann', 'note to me')
    await settle('private done')
    const last = ['heard', '采', 'private done']
    expect(await heard(bob)).toEqual([['heard', 'ann', 'only for you'], last])
    expect(await heard(ann)).toEqual([
      ['sent', 0, 'p1'],
      ['sent', 0, 'p2'],
      ['heard', 'ann', 'note to me'],
      last,
    ])
    expect(await heard(cai)).toEqual([['sent', 0, ''], last])
  })

  it('11 §1: an object is sent as its JSON text and arrives parsed', async () => {
    await mark()
    await ann.call('CRVideo_SendIMmsg', { kind: 'hand', up: [1] }, '')
    expect((await bob.next('CRVideo_NotifyIMmsg', 'ann'))[1]).toEqual({ kind: 'hand', up: [1] })
    await ann.next('CRVideo_NotifyIMmsg', 'ann')
  })

  it('11 §1: errors come once with the ID and the cookie, and nobody hears anything', async () => {
    await mark()
    const wrong: [string, string, number][] = [
      ['', '', 5],
      ['x'.repeat(32 * 1024 + 1), '', 1100],
      ['云'.repeat(11_000), '', 1100],
      ['hello', 'nobody-here', 1102],
    ]
    const ids = new Set<string>()
    for (const [text, to, error] of wrong) {
      const id = await ann.call<string>('CRVideo_SendIMmsg', text, to, `c${ids.size}`)
      expect(await ann.next('CRVideo_SendIMmsgRlst', id)).toEqual([id, error, `c${ids.size}`])
      ids.add(id)
    }
    expect(ids.size).toBe(wrong.length)
    await settle('after errors')
    expect(await heard(bob)).toEqual([['heard', '采', 'after errors']])
    const results = await ann.sinceMark(['CRVideo_SendIMmsgRlst'])
    expect(results).toHaveLength(wrong.length)
  })

  it('11 §1: exactly 32 KiB pass; the 21st message in 2 s is refused with 1000', async () => {
    await mark()
    const big = `${'云'.repeat(10_922)}ab`
    await ann.call('CRVideo_SendIMmsg', big, 'bob', 'big')
    await ann.next('CRVideo_SendIMmsgRlst')
    expect((await bob.next('CRVideo_NotifyIMmsg', 'ann'))[1]).toBe(big)
    await mark()
    // The limit counts the last 2 s: what was sent before is forgotten after this.
    await new Promise((resolve) => setTimeout(resolve, 2_100))
    await cai.page.evaluate(() => {
      const send = (window as unknown as { CRVideo_SendIMmsg(...args: unknown[]): string })
        .CRVideo_SendIMmsg
      for (let i = 0; i < 25; i++) send(`burst ${i}`, '', i)
    })
    await cai.next('CRVideo_SendIMmsgRlst')
    const results = await eventually(async () => {
      const all = await cai.sinceMark(['CRVideo_SendIMmsgRlst'])
      expect(all).toHaveLength(25)
      return all.map(({ args }) => [args[2], args[1]])
    })
    const taken = results.filter(([, error]) => error === 0).map(([cookie]) => cookie)
    const allowed = Array.from({ length: 20 }, (_, i) => i)
    expect(taken.toSorted((a, b) => Number(a) - Number(b))).toEqual(allowed)
    expect(results.filter(([, error]) => error === 1000)).toHaveLength(5)
    const told = allowed.map((i) => `burst ${i}`)
    for (const page of [ann, bob, cai])
      await eventually(async () =>
        expect((await page.sinceMark(['CRVideo_NotifyIMmsg'])).map(({ args }) => args[1])).toEqual(
          told,
        ),
      )
  })

  it('11 §1: all members see messages of several senders in the same order', async () => {
    await mark()
    await Promise.all(
      [ann, bob].map((page) =>
        page.page.evaluate(() => {
          const send = (window as unknown as { CRVideo_SendIMmsg(...args: unknown[]): string })
            .CRVideo_SendIMmsg
          for (let i = 0; i < 15; i++) send(`order ${i}`, '')
        }),
      ),
    )
    const order = async (page: ClassicPage) => {
      const all = await page.sinceMark(['CRVideo_NotifyIMmsg'])
      expect(all).toHaveLength(30)
      return all.map(({ args }) => `${args[0]} ${args[1]}`)
    }
    const first = await eventually(() => order(cai))
    expect(await eventually(() => order(ann))).toEqual(first)
    expect(await eventually(() => order(bob))).toEqual(first)
  })

  it('11 §1: a member in silent recovery receives the messages on resume, once', async () => {
    await mark()
    proxy.cut(true)
    await ann.call('CRVideo_SendIMmsg', 'while you were away', '')
    await ann.call('CRVideo_SendIMmsg', 'and a secret', 'bob')
    await ann.next('CRVideo_NotifyIMmsg', 'ann', 'while you were away')
    proxy.mend()
    await bob.next('CRVideo_NotifyIMmsg', 'ann', 'and a secret')
    await bob.call('CRVideo_SendIMmsg', 'I am back', '')
    await bob.next('CRVideo_NotifyIMmsg', 'bob')
    expect(await heard(bob)).toEqual([
      ['heard', 'ann', 'while you were away'],
      ['heard', 'ann', 'and a secret'],
      ['sent', 0, ''],
      ['heard', 'bob', 'I am back'],
    ])
    await ann.next('CRVideo_NotifyIMmsg', 'bob', 'I am back')
  })

  it('11 §1: a late joiner gets no history; outside a meeting sending fails with 800', async () => {
    const dan = stage.keep(await ClassicPage.open(browser, stage.host.url, stage.server.url))
    await dan.login('dan')
    await dan.mark()
    const id = await dan.call('CRVideo_SendIMmsg', 'too early', '', 'early')
    expect(await dan.next('CRVideo_SendIMmsgRlst')).toEqual([id, 800, 'early'])
    await dan.enter(meeting, 'dan')
    await ann.call('CRVideo_SendIMmsg', 'welcome', '')
    await dan.next('CRVideo_NotifyIMmsg', 'ann', 'welcome')
    expect(await heard(dan)).toEqual([['heard', 'ann', 'welcome']])
  })
})
