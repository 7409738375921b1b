import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchFace, openPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { GREEN, RED } from '../support/media-files.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { at, DESKTOP, expectPicture, PHONE, shoot, signIn, tileOf } from '../support/web-app.ts'

let server: RunningServer
const browsers: Browser[] = []
const errors: string[] = []
let agent: Page
let customer: Page

/** Counts the tones that the page plays. */
const countTones = (page: Page) =>
  page.addInitScript(() => {
    const start = OscillatorNode.prototype.start
    Object.assign(window, { tones: 0 })
    OscillatorNode.prototype.start = function (when) {
      ;(window as unknown as { tones: number }).tones += 1
      start.call(this, when)
    }
  })
const tones = (page: Page) => page.evaluate('window.tones') as Promise<number>

beforeAll(async () => {
  server = await startServer()
  for (const face of [RED, GREEN]) browsers.push(await launchFace(face))
  const open = async (i: number, options: object) => {
    const { page } = await openPage(browsers[i] as Browser, 'about:blank', options)
    page.on('pageerror', (e) => errors.push(String(e)))
    await countTones(page)
    return page
  }
  agent = await open(0, { ...DESKTOP, locale: 'en-US' })
  customer = await open(1, { ...PHONE, locale: 'zh-CN', colorScheme: 'dark' })
})
afterAll(async () => {
  for (const b of browsers) await b.close()
  await server?.stop()
  server?.forget()
  expect(errors).toEqual([])
})

it('05 §4: a customer chooses a queue, sees its place, and may stop waiting', async () => {
  await customer.goto(`${server.url}/desk`)
  await signIn(customer, 'Carl')
  const first = customer.locator('[data-testid^="wait-"]').first()
  await first.waitFor()
  await shoot(customer, 'desk-choose')
  await first.click()
  await at(customer, 'desk-waiting').waitFor()
  await eventually(async () =>
    expect(await at(customer, 'desk-place').textContent()).toContain('马上轮到您'),
  )
  await shoot(customer, 'desk-waiting')
  await at(customer, 'desk-stop').click()
  await at(customer, 'desk-words').fill('A broken chair')
  await first.click()
  await at(customer, 'desk-waiting').waitFor()
})

it('05 §5: an agent in manual mode asks, refuses, and gets the customer by itself', async () => {
  await agent.goto(`${server.url}/agent`)
  await signIn(agent, 'Ann')
  await at(agent, 'agent-automatic').uncheck()
  await agent.locator('[data-testid^="serve-"]').first().click()
  await at(agent, 'agent-next').click()
  const card = at(agent, 'agent-offer')
  await card.waitFor()
  expect(await card.textContent()).toContain('Carl')
  expect(await card.textContent()).toContain('A broken chair')
  expect(await at(agent, 'agent-countdown').textContent()).toMatch(/\b(30|2\d) s/)
  await eventually(async () => expect(await tones(agent)).toBeGreaterThan(0))
  await shoot(agent, 'agent-offer')
  await at(agent, 'agent-refuse').click()
  await card.waitFor({ state: 'detached' })
  await shoot(agent, 'agent-idle')
  expect(await at(customer, 'desk-waiting').isVisible()).toBe(true)
  await at(agent, 'agent-next').click()
  await card.waitFor()
})

it('03 §8: the customer is rung, answers, and both see each other', async () => {
  await at(agent, 'agent-accept').click()
  await at(customer, 'call-incoming').waitFor()
  await eventually(async () => expect(await tones(customer)).toBeGreaterThan(0))
  await shoot(customer, 'call-incoming')
  await shoot(agent, 'agent-calling')
  await at(customer, 'call-accept').click()
  await expectPicture(agent, tileOf(agent, 'Carl').locator('video'), 'green')
  await expectPicture(customer, tileOf(customer, 'Ann').locator('video'), 'red')
})

it('05 §8: after a reload the customer is back in the conversation', async () => {
  await customer.reload()
  await expectPicture(customer, tileOf(customer, 'Ann').locator('video'), 'red')
  await expectPicture(agent, tileOf(agent, 'Carl').locator('video'), 'green')
})

it('05 §2.1: when the agent hangs up the conversation is over for both', async () => {
  await at(agent, 'btn-leave').click()
  // Back at the desk, still serving and ready for the next one.
  await at(agent, 'agent-next').waitFor()
  await tileOf(customer, 'Ann').waitFor({ state: 'detached' })
})

it('a customer who did not reload is back at the desk when the conversation is over', async () => {
  await customer.goto(`${server.url}/desk`)
  await customer.locator('[data-testid^="wait-"]').first().click()
  await at(customer, 'desk-waiting').waitFor()
  await at(agent, 'agent-next').click()
  await at(agent, 'agent-accept').click()
  await at(customer, 'call-accept').click()
  await tileOf(customer, 'Ann').waitFor()
  await tileOf(agent, 'Carl').waitFor()
  // It is said for a few seconds.
  await Promise.all([customer.getByText('Ann结束了通话').waitFor(), at(agent, 'btn-leave').click()])
  await customer.locator('[data-testid^="wait-"]').first().waitFor()
})
