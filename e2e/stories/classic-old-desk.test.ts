import { createHash } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keepRecord, type Seen } from '../conformance/record.ts'
import { launchFace, openPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { GREEN, RED } from '../support/media-files.ts'
import { startStage } from '../support/meeting-of.ts'
import { shows } from '../support/old-page.ts'
import { PASSWORD } from '../support/server.ts'

const PAPER = { name: '合同 1.txt', mimeType: 'text/plain', buffer: Buffer.from('signed, Li') }

describe('a call centre written for the plug-in runs unmodified', () => {
  let stage: Awaited<ReturnType<typeof startStage>>
  let agent: Page
  let colleague: Page
  let customer: Page
  const people: Record<string, { page: Page; errors: string[] }> = {}

  const open = async (browser: Browser, file: string, user: string) => {
    const server = stage.server.url.replace('http://', '')
    const md5 = createHash('md5').update(PASSWORD).digest('hex')
    const query = new URLSearchParams({ server, md5, user, nick: `N-${user}` })
    people[user] = await openPage(browser, `${stage.host.url}/${file}?${query}`)
    return people[user].page
  }
  const cell = (page: Page, row: string, text: string) =>
    eventually(async () => expect(await page.locator(`#${row} td`).last().textContent()).toBe(text))
  const says = (page: Page, words: string) =>
    eventually(async () => expect(await page.textContent('#state, #words')).toBe(words))
  const firstQueue = () => agent.locator('#queues tr').first()
  /** What the handlers got so far, every argument in its documented form. */
  const checkSeen = async () => {
    for (const [user, { page }] of Object.entries(people))
      expect(keepRecord(`old-${user}`, (await page.evaluate('g_seen')) as Seen[], [])).toEqual([])
  }

  beforeAll(async () => {
    stage = await startStage()
    const seats = stage.keep(await launchFace(RED))
    agent = await open(seats, 'old-agent.html', 'a-1')
    colleague = await open(seats, 'old-agent.html', 'a-2')
    customer = await open(stage.keep(await launchFace(GREEN)), 'old-customer.html', 'c-1')
    for (const page of [agent, colleague]) await says(page, 'ready')
  })

  afterAll(() => stage.close())

  it('02 §3, §6, 05 §3: the MD5 of the password logs in; people and queues are listed', async () => {
    await cell(agent, 'p_c-1', 'free')
    await cell(agent, 'p_a-2', 'free')
    await eventually(async () => expect(await firstQueue().textContent()).toContain('0/0/0'))
  })

  it('05 §4, §5: waiting, offered to who serves, refused, asked for by hand', async () => {
    await customer.locator('#list a').first().click()
    await says(customer, 'in front of you: 0')
    await firstQueue().locator('input').check()
    await says(agent, 'offered N-c-1: a loan')
    await agent.click('#refuse')
    await eventually(async () => expect(await firstQueue().textContent()).toContain('1/0/1'))
    await agent.check('#quiet')
    await cell(colleague, 'p_a-1', 'dnd')
    await agent.evaluate(`document.getElementById('state').innerHTML = ''`)
    await agent.click('#next')
    await says(agent, 'offered N-c-1: a loan')
  })

  it('03 §8: called and accepted with entering in one breath, both see each other', async () => {
    await agent.click('#take')
    await says(customer, 'called from seat 7')
    await customer.click('#yes')
    for (const page of [agent, customer]) await says(page, 'talking')
    await shows(agent, 'g_hisVideo', GREEN.rgb)
    await shows(customer, 'view', RED.rgb)
    await cell(colleague, 'p_c-1', 'meeting')
  })

  it('04: a command as an object, a long text, and the file that an input names', async () => {
    await agent.click('#form')
    await says(agent, 'signed by c-1')
    expect(await customer.textContent('#words')).toBe('2 pages of loan')
    expect(await agent.inputValue('#text')).toHaveLength(360_000)
    await customer.setInputFiles('#paper', PAPER)
    await says(customer, `handed in C:\\fakepath\\${PAPER.name} 0`)
    await says(agent, `file ${PAPER.name}`)
    const text = (path: string) => `CRVideo.vfs.get(${JSON.stringify(path)}).then(b => b.text())`
    expect(await agent.evaluate(text(await agent.inputValue('#file')))).toBe('signed, Li')
  })

  it('03 §6: a colleague asked in by ClientInvite joins, and goes out again', async () => {
    await agent.evaluate(`colleague('a-2')`)
    await says(colleague, 'asked by a-1')
    await colleague.evaluate('join()')
    await says(colleague, 'talking')
    await says(agent, 'joined')
    await colleague.evaluate('hangUp()')
    await says(agent, 'left')
    await says(colleague, 'ready')
  })

  it('00 §10, 05 §3, §8: both pages reload in the talk, logging out on the way, and are back in it', async () => {
    await checkSeen()
    await customer.reload()
    await says(customer, 'talking')
    await shows(customer, 'view', RED.rgb)
    await agent.reload()
    await says(agent, 'talking')
    await shows(agent, 'g_hisVideo', GREEN.rgb)
    await shows(customer, 'view', RED.rgb)
    await eventually(async () => expect(await firstQueue().locator('input').isChecked()).toBe(true))
  })

  it('03 §4.3: hanging up ends it on both sides, and the next one may come', async () => {
    await agent.click('#hangUp')
    await says(customer, 'over: thanks')
    await says(agent, 'ready')
    await cell(agent, 'p_c-1', 'free')
    await customer.locator('#list a').first().click()
    await says(agent, 'offered N-c-1: a loan')
    await agent.click('#take')
    await says(customer, 'called from seat 7')
    await customer.click('#no')
    await says(agent, 'refused')
  })

  it('every handler got what is documented, and no page had an error', async () => {
    await checkSeen()
    for (const [user, { errors }] of Object.entries(people)) expect(errors, user).toEqual([])
  })
})
