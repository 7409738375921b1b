import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openTelephone, type Telephone } from '../../packages/telephony/test/support/telephone.ts'
import { amplitudeOf } from '../../packages/telephony/test/support/tone.ts'
import { launchFace, openPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { RED } from '../support/media-files.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { startTrunk, type Trunk, type TrunkCall } from '../support/sip-trunk.ts'
import { at, createMeeting, PHONE, shoot, signIn, tileOf, tiles } from '../support/web-app.ts'

const NUMBER = '+49301234'

describe('03 §6: telephones in the meeting page', () => {
  let server: RunningServer
  let trunk: Trunk
  let telephone: Telephone
  let browser: Browser
  let ann: Page
  let bob: Page
  const errors: string[] = []

  const open = async (options: object) => {
    const { page } = await openPage(browser, server.url, options)
    page.on('pageerror', (error) => errors.push(String(error)))
    return page
  }
  const row = (page: Page, number: string) => at(page, `phone-${number}`)
  const stage = (page: Page, number: string) => row(page, number).getByTestId('phone-stage')
  const dial = async (page: Page, text: string) => {
    await at(page, 'phone-number').fill(text)
    await at(page, 'phone-number').press('Enter')
  }
  const asked = (call: TrunkCall, what: string) =>
    eventually(() => expect(call.asked).toContain(what))

  beforeAll(async () => {
    trunk = await startTrunk()
    telephone = await openTelephone()
    // Below the ports that systems give to whoever asks for any.
    const first = 16_000 + (process.pid % 500) * 16
    server = await startServer({
      SIP_TRUNK: `127.0.0.1:${trunk.port}`,
      SIP_PORT: '0',
      SIP_SOUND_PORTS: `${first}-${first + 15}`,
    })
    browser = await launchFace(RED)
    ann = await open({
      viewport: { width: 1280, height: 800 },
      locale: 'en-US',
      colorScheme: 'light',
    })
    bob = await open({ ...PHONE, locale: 'zh-CN', colorScheme: 'dark' })
    await signIn(ann, 'Ann')
    const { link } = await createMeeting(ann, 'Weekly')
    await bob.goto(link)
    await signIn(bob, 'Bob')
    await at(bob, 'join-now').click()
    await tileOf(ann, 'Bob').waitFor()
    await at(ann, 'btn-invite').click()
  })
  afterEach(() => expect(errors.splice(0)).toEqual([]))
  afterAll(async () => {
    await browser?.close()
    telephone?.close()
    await server?.stop()
    server?.forget()
    trunk?.close()
  })

  it('what is no number is refused in plain words and calls nobody', async () => {
    for (const text of ['', '12', 'call me', '1'.repeat(33)]) {
      await dial(ann, text)
      await at(ann, 'invite-phones').getByText('Enter a phone number: 3 to 32 digits').waitFor()
    }
    expect(await at(ann, 'phone-stage').count()).toBe(0)
  })

  it('a number rings, is a member for all that speaks and hears, is muted, unmuted and hung up', async () => {
    await dial(ann, '+49 (30) 12-34')
    const call = await trunk.called(NUMBER)
    await stage(ann, NUMBER).getByText('Calling').waitFor()
    call.reply(180)
    await stage(ann, NUMBER).getByText('Ringing').waitFor()
    call.answer(telephone.target.port)
    await stage(ann, NUMBER).getByText('Connected').waitFor()
    await row(ann, NUMBER).getByTestId('phone-duration').getByText('0:0').waitFor()
    telephone.speak(call.soundPort, 700)
    const seen = tileOf(bob, NUMBER)
    const speaks = (yes: boolean) =>
      eventually(async () =>
        expect(/\bspeaking\b/.test((await seen.getAttribute('class')) ?? '')).toBe(yes),
      )
    await seen.waitFor()
    expect(await tiles(bob).count()).toBe(3)
    await speaks(true)
    expect(await seen.getAttribute('aria-label')).toMatch(/麦克风.*电话/)
    await eventually(() =>
      expect(amplitudeOf(telephone.last(25), RED.tone, 8_000)).toBeGreaterThan(1_000),
    )

    await at(bob, 'btn-members').click()
    expect(await at(bob, `member-camera-${NUMBER}`).count()).toBe(0)
    await shoot(ann, 'phone')
    await shoot(bob, 'phone-members')
    await at(bob, `member-mic-${NUMBER}`).click()
    await speaks(false)
    await bob.getByRole('button', { name: `取消${NUMBER}的静音` }).click()
    await speaks(true)
    telephone.speak(call.soundPort, 0)
    await speaks(false)
    telephone.speak(call.soundPort, 700)
    await speaks(true)

    // Nothing is lost by a reload: the telephone is a member.
    await ann.reload()
    await tileOf(ann, NUMBER).waitFor()
    await at(ann, 'btn-invite').click()
    await stage(ann, NUMBER).getByText('In the meeting').waitFor()

    await at(bob, `member-hang-up-${NUMBER}`).click()
    await at(bob, 'confirm-no').click()
    expect(call.asked).not.toContain('BYE')
    await at(bob, `member-hang-up-${NUMBER}`).click()
    await at(bob, 'confirm-yes').click()
    await asked(call, 'BYE')
    await tileOf(ann, NUMBER).waitFor({ state: 'detached' })
    await row(ann, NUMBER).waitFor({ state: 'detached' })
  })

  it('refused, ended by the other side, cancelled, and numbers that do not exist are said in words', async () => {
    await dial(ann, '1001')
    ;(await trunk.called('1001')).reply(486)
    await stage(ann, '1001').getByText('Busy or declined the call').waitFor()
    await dial(ann, '1002')
    ;(await trunk.called('1002')).reply(404)
    await stage(ann, '1002').getByText('This number does not exist').waitFor()
    await dial(ann, '1003')
    ;(await trunk.called('1003')).reply(480)
    await stage(ann, '1003').getByText('Did not answer').waitFor()

    await row(ann, '1001').getByTestId('phone-again').click()
    const again = await trunk.called('1001')
    again.answer(telephone.target.port)
    await stage(ann, '1001').getByText('Connected').waitFor()
    await asked(again, 'ACK')
    again.hangUp()
    await stage(ann, '1001').getByText('Hung up').waitFor()
    await row(ann, '1001').getByTestId('phone-remove').click()
    await row(ann, '1001').waitFor({ state: 'detached' })

    await dial(ann, '1004')
    const ringing = await trunk.called('1004')
    ringing.reply(180)
    await stage(ann, '1004').getByText('Ringing').waitFor()
    await shoot(ann, 'phone-results')
    await row(ann, '1004').getByTestId('phone-end').click()
    await asked(ringing, 'CANCEL')
    await row(ann, '1004').waitFor({ state: 'detached' })
  })

  it('numbers that rang are offered again until they are removed; others hear results by a toast', async () => {
    await at(ann, `recent-${NUMBER}`).getByTestId('recent-use').click()
    expect(await at(ann, 'phone-number').inputValue()).toBe(NUMBER)
    expect(await at(ann, 'recent-1002').count()).toBe(0)
    await at(ann, 'recent-1001').getByTestId('recent-forget').click()
    await at(ann, 'recent-1001').waitFor({ state: 'detached' })
    await at(ann, 'phone-call').click()
    const call = await trunk.called(NUMBER)
    await at(ann, 'btn-invite').click()
    call.reply(603)
    await ann.getByText(`${NUMBER}: Busy or declined the call`).waitFor()
  })
})
