import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFace, openPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { BLUE, GREEN, RED } from '../support/media-files.ts'
import { startStage } from '../support/meeting-of.ts'
import { shows } from '../support/old-page.ts'
import { PASSWORD } from '../support/server.ts'

describe('pages as they were written for the plug-in run unmodified', () => {
  let stage: Awaited<ReturnType<typeof startStage>>
  let doctor: Page
  let patient: Page
  let wall: Page
  const problems: Record<string, string[]> = {}
  const log = (page: Page) => page.evaluate('g_log') as Promise<string[]>
  const logged = (page: Page, line: string) =>
    eventually(async () => expect(await log(page)).toContain(line), 20_000)

  beforeAll(async () => {
    stage = await startStage()
    const open = async (name: string, face: typeof RED, path: string) => {
      const browser = stage.keep(await launchFace(face))
      const { page, errors } = await openPage(browser, `${stage.host.url}/${path}`)
      problems[name] = errors
      return page
    }
    const query = (user: string, nick: string, rest = '') =>
      `old-meeting.html?server=${stage.server.url.replace('http://', '')}&password=${encodeURIComponent(PASSWORD)}&user=${user}&nick=${encodeURIComponent(nick)}${rest}`
    doctor = await open('doctor', RED, query('1001', '王医生'))
    await logged(doctor, 'entered')
    const [room, pswd] = (await doctor.evaluate(
      `[document.getElementById('room').value, document.getElementById('pswd').value]`,
    )) as [string, string]
    patient = await open('patient', GREEN, query('1002', 'Li', `&meet=${room}&pswd=${pswd}`))
    await logged(patient, 'entered')
    wall = await open('wall', BLUE, 'old-wall.html')
  })

  afterAll(() => stage.close())

  it('02 §4: the wrong password first, then a login from inside the failure’s handler', async () => {
    const [failed, success, created] = await log(doctor)
    expect([failed, success, created]).toEqual([
      'login failed 7',
      'login 1001 second',
      'created for 1001',
    ])
  })

  it('07, 08, 13: both see and hear each other, and the status handlers do not go round', async () => {
    await logged(doctor, 'in Li')
    await shows(doctor, 'g_other', GREEN.rgb)
    await shows(patient, 'g_other', RED.rgb)
    await shows(doctor, 'g_mine', RED.rgb)
    expect((await log(doctor)).filter((line) => line.startsWith('video 1001'))).toEqual([
      'video 1001 24',
      'video 1001 43',
    ])
    for (const page of [doctor, patient])
      await eventually(async () => {
        expect(await page.evaluate(`document.getElementById('energyOther').offsetWidth`)).not.toBe(
          0,
        )
        expect(await page.title()).toMatch(/^net \d+$/)
      })
  })

  it('13 §1.2: a rule of the page places the container, and text of the name is shown', async () => {
    expect(
      await doctor.evaluate(`getComputedStyle(document.getElementById('videoMine')).position`),
    ).toBe('absolute')
    expect(await doctor.evaluate('g_other.handler().textContent')).toContain('Li')
    expect(await doctor.evaluate('[g_mine.width(), g_mine.height(), g_mine.getVideoID()]')).toEqual(
      [320, 240, 1],
    )
  })

  it('13 §1.4: a picture is saved under the last part of a Windows path', async () => {
    const download = doctor.waitForEvent('download')
    expect(await doctor.evaluate('snapshot()')).toBe(0)
    expect((await download).suggestedFilename()).toBe('other 1002.jpg')
  })

  it('08: the inline buttons of the page work', async () => {
    await patient.click('#mute')
    await logged(doctor, 'audio 1002 32')
  })

  it('00 §3, 13 §1.1: a wall that throws its containers away all the time, and throws in a handler', async () => {
    const meet = Number(await doctor.evaluate(`document.getElementById('room').value`))
    const made = (await doctor.evaluate(`new Promise(function (done) {
      CRVideo_CreateMeetingSuccess.callback = function (m) { done(m.ID) }
      CRVideo_CreateMeeting('wall', 0)
    })`)) as number
    expect(made).not.toBe(meet)
    await wall.evaluate(
      `Wall.start('${stage.server.url.replace('http://', '')}', 'wall', ${JSON.stringify(PASSWORD)}, '${made}')`,
    )
    await eventually(async () => expect(await wall.evaluate('Wall.entered')).toBe(0))
    expect(await wall.evaluate('Wall.boards')).toBe(0)
    await doctor.evaluate(`CRVideo_ExitMeeting(); enter(${made}, '')`)
    await eventually(async () => expect(await wall.evaluate('Wall.tiles.length')).toBe(1), 20_000)
    await shows(wall, 'Wall.tiles[0]', RED.rgb)
    await wall.evaluate('CRVideo_OpenVideo(Wall.me)')
    await eventually(async () => expect(await wall.evaluate('Wall.tiles.length')).toBe(2))
    await shows(wall, 'Wall.tiles[0]', BLUE.rgb)
    await wall.evaluate('for (var i = 0; i < 20; i++) Wall.redraw()')
    await shows(wall, 'Wall.tiles[1]', RED.rgb)
    expect(await wall.evaluate(`getComputedStyle(Wall.tiles[0].handler()).borderTopWidth`)).toBe(
      '2px',
    )
  })

  it('13 §1.2: a container moved into another frame goes on there', async () => {
    const time = () => wall.evaluate('Wall.popped.getPicFrameTime()') as Promise<number>
    await wall.evaluate('Wall.popped = Wall.tiles[1]; Wall.popOut(1)')
    const before = await time()
    await eventually(async () => expect(await time()).toBeGreaterThan(before + 1000))
    await shows(wall, 'Wall.popped', RED.rgb)
    const frame = wall.frames()[1]
    expect(
      await frame?.evaluate(() => {
        const box = document.querySelector('.crv-container') as HTMLElement
        const { display, overflow } = getComputedStyle(box)
        return [display, overflow, box.offsetWidth]
      }),
    ).toEqual(['inline-block', 'hidden', 320])
  })

  it('07 §3, 00 §10: the page that is closed is gone, ending the meeting stops the others', async () => {
    await doctor.evaluate('CRVideo_DestroyMeeting(g_meetID)')
    await logged(doctor, 'ended 0')
    await patient.close({ runBeforeUnload: true })
    for (const name of ['doctor', 'patient', 'wall']) expect(problems[name], name).toEqual([])
  })
})
