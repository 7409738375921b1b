import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPostgres } from '../../packages/server/test/support/postgres.ts'
import { launchFace, openPage } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { eventually } from '../support/eventually.ts'
import { GREEN, RED } from '../support/media-files.ts'
import { hostPages } from '../support/page-host.ts'
import { ACCOUNT, PASSWORD, startServer } from '../support/server.ts'

let red: Browser
let green: Browser
beforeAll(async () => {
  red = await launchFace(RED)
  green = await launchFace(GREEN)
})
afterAll(async () => {
  await red.close()
  await green.close()
})

type Slots = Record<string, { callback: (...args: unknown[]) => void }>
type Calls = Record<string, (...args: unknown[]) => unknown>

it('HTTPS=1: the page loads over https with the self-signed certificate, its link is wss, and a classic login works', async () => {
  const server = await startServer({ HTTPS: '1' })
  expect(server.url).toMatch(/^https:/)
  const { page, errors } = await openPage(red, server.url)
  expect(await page.title()).not.toBe('')
  expect(await page.evaluate('window.isSecureContext')).toBe(true)
  const links: string[] = []
  page.on('websocket', (socket) => links.push(socket.url()))
  await page.addScriptTag({ url: `${server.url}/sdk/CloudroomVideoSDK.js` })
  const answer = await page.evaluate(
    ([address, account, password]) =>
      new Promise<unknown[]>((resolve) => {
        const all = window as unknown as Slots & Calls
        const slot = (name: string) => (all as Slots)[name] as Slots[string]
        slot('CRVideo_LoginSuccess').callback = (...args) => resolve(['success', ...args])
        slot('CRVideo_LoginFail').callback = (...args) => resolve(['fail', ...args])
        const call = (name: string, ...args: unknown[]) => (all as Calls)[name]?.(...args)
        call('CRVideo_Init2', '/Store')
        call('CRVideo_SetServerAddr', address)
        call('CRVideo_Login', account, password, 'Nick', 'tls-user', '', 'cookie')
      }),
    [server.url.replace(/^https:\/\//, ''), ACCOUNT, PASSWORD] as const,
  )
  expect(answer).toEqual(['success', 'tls-user', 'cookie'])
  expect(links).toEqual([`wss://localhost:${server.port}/ws`])
  expect(errors).toEqual([])
  await page.context().close()
  await server.stop()
  server.forget()
})

const listed = async (page: ClassicPage) => {
  await page.mark()
  await page.call('CRVideo_GetMeetings', 'list')
  const [meetings] = await page.next('CRVideo_GetMeetingsSuccess')
  return meetings as { ID: number; pswd: string; subject: string }[]
}

/** Two people meet; the product is killed; both find their meeting again and meet in it. */
const meetKillAndMeetAgain = async (env: Record<string, string>) => {
  let server = await startServer(env)
  const host = await hostPages(server.url)
  const people: [ClassicPage, string][] = []
  for (const [browser, name] of [
    [red, 'red'],
    [green, 'green'],
  ] as const)
    people.push([await ClassicPage.open(browser, host.url, server.url), name])
  const [first, second] = people.map(([page]) => page) as [ClassicPage, ClassicPage]

  for (const [page, name] of people) await page.login(name)
  await first.call('CRVideo_CreateMeeting', 'survives', 1)
  const [made] = await first.next('CRVideo_CreateMeetingSuccess')
  const meeting = made as { ID: number; pswd: string }
  expect(meeting.pswd).not.toBe('')

  const meet = async () => {
    for (const [page, name] of people) {
      await page.enter(meeting, name)
      await page.call('CRVideo_OpenVideo', name)
      await page.next('CRVideo_VideoStatusChanged', name, 4, 3)
    }
    for (const [page, other] of [
      [first, 'green'],
      [second, 'red'],
    ] as const) {
      await page.read(`show("${other}")`)
      await eventually(async () =>
        expect(await page.read(`views.${other}.isPicEmpty()`)).toBe(false),
      )
    }
  }
  await meet()
  for (const [page] of people) await page.finish()

  await server.kill()
  server = await startServer({ ...env, PORT: String(server.port) }, server.dataDir)
  people.length = 0
  const again = await ClassicPage.open(green, host.url, server.url)
  await again.login('green')
  expect(await listed(again)).toMatchObject([
    { ID: meeting.ID, pswd: meeting.pswd, subject: 'survives' },
  ])
  await again.enter(meeting, 'green')
  await again.finish()
  await host.close()
  expect((await server.stop()).code).toBe(0)
  server.forget()
}

it('00 §11: a meeting survives kill -9 of the whole product, and can be entered again', async () => {
  await meetKillAndMeetAgain({})
}, 120_000)

describe('PostgreSQL', async () => {
  const postgres = await startPostgres()
  if (postgres.url === null) console.log(`Skipped on PostgreSQL: ${postgres.reason}`)
  afterAll(() => postgres.stop())

  it.skipIf(postgres.url === null)(
    'DATABASE_URL: two people meet with the product on PostgreSQL, also after kill -9',
    async () => {
      await meetKillAndMeetAgain({ DATABASE_URL: postgres.url ?? '' })
    },
    120_000,
  )
})
