import { randomUUID } from 'node:crypto'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { expect } from 'vitest'
import { keepRecord, type Seen } from '../conformance/record.ts'
import { openPage } from './browser.ts'
import { ACCOUNT, PASSWORD } from './server.ts'

export interface Picture {
  width: number
  height: number
  rgb: [number, number, number]
  print: number
}

/** A classic page under test: an old integrator's page, seen from outside. */
export class ClassicPage {
  #mark = 0
  /** What the page saw and called before it was reloaded. */
  readonly #before: { seen: Seen[]; called: string[] } = { seen: [], called: [] }
  #dead = false
  readonly id = randomUUID()

  private constructor(
    readonly page: Page,
    readonly errors: string[],
    readonly server: string,
  ) {}

  /** `prepare` runs in the page before anything else. */
  static async open(
    browser: Browser,
    host: string,
    server: string,
    { prepare, ...options }: BrowserContextOptions & { prepare?: () => void } = {},
  ): Promise<ClassicPage> {
    const { page, errors } = await openPage(browser, 'about:blank', options)
    if (prepare) await page.addInitScript(prepare)
    await page.goto(`${host}/classic.html`)
    return new ClassicPage(page, errors, server.replace(/^https?:\/\//, ''))
  }

  /** Calls a global function of the classic API in the page. */
  call<T = unknown>(name: string, ...args: unknown[]): Promise<T> {
    return this.page.evaluate(
      ([n, a]) =>
        (window as unknown as Record<string, (...x: unknown[]) => T>)[n as string]!(
          ...(a as unknown[]),
        ),
      [name, args] as const,
    )
  }

  /** Reads an expression in the page. */
  read<T>(expression: string): Promise<T> {
    return this.page.evaluate(expression) as Promise<T>
  }

  seen(): Promise<Seen[]> {
    return this.read<Seen[]>('seen')
  }

  /** From now on {@link next} looks only at what comes later. */
  async mark(): Promise<void> {
    this.#mark = await this.read<number>('seen.length')
  }

  /** Slots with their arguments since the mark, without the ones that depend on the network. */
  async sinceMark(only?: readonly string[]): Promise<Seen[]> {
    const all = (await this.seen()).slice(this.#mark)
    return only ? all.filter((s) => only.includes(s.slot)) : all
  }

  /** Waits for a slot to fire (since the mark) with these leading arguments; answers all arguments. */
  next(slot: string, ...leading: unknown[]): Promise<unknown[]> {
    return this.nextWithin(15_000, slot, ...leading)
  }

  /** The same for what takes its time on a busy machine, ms. */
  async nextWithin(timeout: number, slot: string, ...leading: unknown[]): Promise<unknown[]> {
    const find = ([name, from, want]: readonly [string, number, string]) => {
      const wanted = JSON.parse(want) as unknown[]
      const seen = (window as unknown as { seen: Seen[] }).seen.slice(from)
      const hit = seen.find(
        (s) =>
          s.slot === name &&
          wanted.every((w, i) => JSON.stringify(s.args[i]) === JSON.stringify(w)),
      )
      return hit ? { args: hit.args } : null
    }
    const arg = [slot, this.#mark, JSON.stringify(leading)] as const
    const handle = await this.page
      .waitForFunction(find, arg, { timeout, polling: 50 })
      .catch(async () => {
        const last = (await this.sinceMark())
          .slice(-25)
          .map((s) => `${s.slot}(${JSON.stringify(s.args)})`)
        throw new Error(
          `${slot}(${JSON.stringify(leading).slice(1, -1)}) did not fire. Seen since the mark:\n${last.join('\n')}\nErrors: ${this.errors.join('\n')}`,
        )
      })
    return ((await handle.jsonValue()) as { args: unknown[] }).args
  }

  /** Init, server address and login under a user ID. */
  async login(userID: string, password = PASSWORD, account = ACCOUNT): Promise<void> {
    expect(await this.call('CRVideo_Init2', `/Store-${userID}`)).toBe(0)
    await this.call('CRVideo_SetServerAddr', `${this.server};`)
    await this.call(
      'CRVideo_Login',
      account,
      password,
      `Nick ${userID}`,
      userID,
      '',
      'login-cookie',
    )
    expect(await this.next('CRVideo_LoginSuccess')).toEqual([userID, 'login-cookie'])
  }

  async enter(meeting: { ID: number; pswd: string }, userID: string): Promise<void> {
    await this.mark()
    await this.call('CRVideo_EnterMeeting', meeting.ID, meeting.pswd, userID, `Nick ${userID}`)
    await this.next('CRVideo_EnterMeetingRslt', 0)
  }

  /** As a person does; what was seen until now counts for the coverage. */
  async reload(): Promise<void> {
    this.#before.seen.push(...(await this.seen()))
    this.#before.called.push(...(await this.read<string[]>('called')))
    await this.page.reload()
    this.#mark = 0
  }

  look(userID: string): Promise<Picture | null> {
    return this.page.evaluate(
      (u) => (window as unknown as { look(u: string): Promise<Picture | null> }).look(u),
      userID,
    )
  }

  listen(): Promise<number[]> {
    return this.page.evaluate(() => (window as unknown as { listen(): Promise<number[]> }).listen())
  }

  /** The tab dies without a word; gives back a new one of the same browser profile. Its record counts. */
  async crash(): Promise<ClassicPage> {
    const complaints = await this.#keep()
    expect(complaints).toEqual([])
    this.#dead = true
    const context = this.page.context()
    const url = this.page.url()
    const session = await context.newCDPSession(this.page)
    const died = new Promise((resolve) => this.page.once('crash', resolve))
    session.send('Page.crash').catch(() => {})
    await died
    const page = await context.newPage()
    await page.goto(url)
    return new ClassicPage(page, [], this.server)
  }

  /** Ends the page; its record counts for the coverage, and its arguments must all have been right. */
  async finish(): Promise<void> {
    if (this.#dead) return
    const complaints = await this.#keep()
    await this.page.context().close()
    expect(complaints).toEqual([])
  }

  /** Keeps the record; gives back what is wrong with it. */
  async #keep(): Promise<ReturnType<typeof keepRecord>> {
    const seen = [...this.#before.seen, ...(await this.seen())]
    const called = [...this.#before.called, ...(await this.read<string[]>('called'))]
    expect(await this.read<number>('nested')).toBe(0)
    return keepRecord(this.id, seen, called)
  }
}
