import type { Browser } from 'playwright-core'
import { PASSWORD } from './bench-server.ts'

/** What the pages use of the typed SDK; the module itself comes from the server. */
export interface BenchMeeting {
  camera: { open(): Promise<void> }
  mic: { open(): Promise<void> }
  leave(): void
  watch(want: object, onStream: (stream: MediaStream | null) => void): { close(): void }
}
export interface BenchClient {
  login(options: object): Promise<unknown>
  enter(options: object): Promise<BenchMeeting>
  meetings: { create(options: object): Promise<{ id: number }> }
}

/** A page of its own context, logged in; `before` runs in it first. */
export const openPage = async (
  browser: Browser,
  port: number,
  userID: string,
  before: (() => void) | { content: string } | null = null,
) => {
  const context = await browser.newContext({ permissions: ['camera', 'microphone'] })
  if (before) await context.addInitScript(before)
  const page = await context.newPage()
  await page.goto(`http://localhost:${port}/login`)
  const client = await page.evaluateHandle(
    async ([user, password]) => {
      const sdk = '/sdk/yuntang.js'
      const { createClient } = (await import(sdk)) as { createClient(): BenchClient }
      const made = createClient()
      await made.login({ account: 'demo', password, nickName: user, userID: user })
      return made
    },
    [userID, PASSWORD] as const,
  )
  return { page, client }
}

export const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
