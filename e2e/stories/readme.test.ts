import { readFileSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchFace, openPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { RED } from '../support/media-files.ts'
import { hostPages } from '../support/page-host.ts'
import { PASSWORD, type RunningServer, startServer } from '../support/server.ts'

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')
const examples = (text: string) =>
  [...text.matchAll(/```html\n([\s\S]*?)```/g)].map((m) => m[1] as string)

let server: RunningServer
let browser: Browser

beforeAll(async () => {
  server = await startServer()
  browser = await launchFace(RED)
})

afterAll(async () => {
  await browser.close()
  await server.stop()
  server.forget()
})

it.each([
  ['classic', 0],
  ['typed', 1],
] as const)('the %s page of the README shows the own camera as it stands', async (_name, n) => {
  const page = (examples(read('README.md'))[n] as string)
    .replaceAll('localhost:8080', `localhost:${server.port}`)
    .replace('PASSWORD', PASSWORD)
  expect(page.trim().split('\n').length).toBeLessThanOrEqual(26)
  const host = await hostPages(server.url, { 'page.html': page })
  const opened = await openPage(browser, `${host.url}/page.html`)
  await eventually(async () =>
    expect(
      await opened.page.evaluate(() => document.querySelector('video')?.videoWidth ?? 0),
    ).toBeGreaterThan(0),
  )
  expect(opened.errors).toEqual([])
  await opened.page.context().close()
  await host.close()
})

it('both languages show the same examples', () => {
  expect(examples(read('README.zh-CN.md'))).toEqual(examples(read('README.md')))
})
