import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type BrowserContext, chromium } from 'playwright-core'
import { FLAGS } from './browser.ts'

/** A Chromium whose tabs really are hidden behind each other. */
export interface Tabs {
  readonly context: BrowserContext
  close(): Promise<void>
}

/**
 * One window with tabs. A browser that the test library starts keeps every page visible; this one it
 * only joins, without its defaults.
 */
export const openTabs = async (): Promise<Tabs> => {
  const profile = mkdtempSync(path.join(tmpdir(), 'yuntang-tabs-'))
  const args = ['--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`]
  const child = spawn(
    process.env.CHROMIUM ?? '/usr/bin/chromium',
    [...args, '--lang=en-US', ...FLAGS, 'about:blank'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const address = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stderr.on('data', (data) => {
      said += data
      const found = /DevTools listening on (\S+)/.exec(said)?.[1]
      if (found) resolve(found)
    })
    child.once('exit', () => reject(new Error(`Chromium ended: ${said}`)))
  })
  const browser = await chromium.connectOverCDP(address, { noDefaults: true })
  const [context] = browser.contexts()
  if (!context) throw new Error('Chromium has no context')
  return {
    context,
    async close() {
      const whole = await browser.newBrowserCDPSession()
      await whole.send('Browser.close')
      await ended
      rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 })
    },
  }
}
