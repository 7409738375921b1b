import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  answer,
  ask,
  invited,
  receive,
  received,
  reply,
  scenario,
  sound,
} from '../../packages/telephony/test/support/scenario.ts'
import { freePort, SIPP, startSipp } from '../../packages/telephony/test/support/sipp.ts'
import { amplitudeOf } from '../../packages/telephony/test/support/tone.ts'
import { BARESIP, startBaresip } from '../support/baresip.ts'
import { launchFace, openPage } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { eventually } from '../support/eventually.ts'
import { RED } from '../support/media-files.ts'
import { hostPages } from '../support/page-host.ts'
import { ACCOUNT, PASSWORD, type RunningServer, startServer } from '../support/server.ts'
import type { TypedWindow } from '../support/typed.ts'

const NUMBER = '+4930111'
const SECRET = 'the-password-at-the-trunk'
const OK = { body: sound(), attributes: 'retrans="500"' }
const CANCELLED = [receive('CANCEL'), reply('200 OK'), answer('487 Terminated'), receive('ACK')]

interface Family {
  readonly start: string
  readonly cancel: string
  readonly status: string
  readonly text: readonly string[]
}
const INVITE: Family = {
  start: 'ClientInvite',
  cancel: 'ClientCancelInvite',
  status: 'NotifyInviteStatus',
  text: [],
}
const MORE: Family = {
  start: 'CallMoreParty',
  cancel: 'CancelCallMoreParty',
  status: 'NotifyCallMorePartyStatus',
  text: ['some text'],
}

/** On a page of the typed SDK: enters, and says what it finds. */
const enterLate = async ([account, password, { ID: id, pswd }]: readonly [
  string,
  string,
  { ID: number; pswd: string },
]) => {
  const w = window as unknown as TypedWindow
  while (!w.ready) await new Promise((resolve) => setTimeout(resolve, 20))
  const client = w.yuntang.createClient({ server: w.SERVER })
  await client.login({ account, password, nickName: 'late', userID: 'late' })
  const { phones } = await client.serverInfo()
  const meeting = await client.enter({ id, password: pswd })
  const members = meeting.members.map((m) => [m.userID, m.phone, m.audio])
  return { meeting, phones, members }
}

describe.skipIf(!SIPP && !BARESIP)('03 §6.4: telephones in the classic API', () => {
  let server: RunningServer
  let host: Awaited<ReturnType<typeof hostPages>>
  let browser: Browser
  let page: ClassicPage
  let meeting: { ID: number; pswd: string }
  /** Of the trunk: whoever listens there just now. */
  let port: number
  /** Where the server takes calls. */
  let ours: number

  beforeAll(async () => {
    port = await freePort()
    ours = await freePort()
    const first = 15_000 + (process.pid % 500) * 16
    server = await startServer({
      SIP_TRUNK: `127.0.0.1:${port}`,
      SIP_USER: 'yuntang',
      SIP_PASSWORD: SECRET,
      SIP_CALLER_ID: '+4930000',
      SIP_REWRITE: '00=+,+=',
      SIP_ADDRESS: '127.0.0.1',
      SIP_PORT: String(ours),
      SIP_SOUND_PORTS: `${first}-${first + 15}`,
      DIAL_IN: '1',
      SIP_LANGUAGE: 'en',
      LOG_LEVEL: 'debug',
    })
    host = await hostPages(server.url)
    browser = await launchFace(RED)
    page = await ClassicPage.open(browser, host.url, server.url)
    await page.login('host')
    await page.mark()
    await page.call('CRVideo_CreateMeeting', 'talk', 1)
    meeting = (await page.next('CRVideo_CreateMeetingSuccess'))[0] as typeof meeting
    await page.enter(meeting, 'host')
  })
  beforeEach(() => page.mark())
  afterAll(async () => {
    await page?.finish()
    await browser?.close()
    await host?.close()
    await server?.stop()
    server?.forget()
  })

  const invite = (family: Family, number = NUMBER) =>
    page.call<string>(`CRVideo_${family.start}`, number, meeting, ...family.text, 'c')
  const cancel = (family: Family, id: string) =>
    page.call(`CRVideo_${family.cancel}`, id, ...family.text, 'd')
  /** Slots of invites since the mark. */
  const slots = async () =>
    (await page.sinceMark())
      .map((s) => [s.slot.replace('CRVideo_', ''), ...s.args])
      .filter(([slot]) => /Invite|MoreParty/.test(String(slot)))
  const trunk = (...steps: string[]) => startSipp({ port, scenario: scenario(...steps) })

  const families = [INVITE, MORE].map((family) => [family.start, family] as const)

  describe.skipIf(!SIPP).each(families)('%s against a trunk', (_name, family) => {
    const { start, cancel: cancelled, status } = family
    const rung = (id: string) => [
      [`${start}Rslt`, id, 0, 'c'],
      [status, id, 0],
    ]

    it('answered, then hung up by the other side: 0, 1, 4', async () => {
      const sipp = await trunk(
        invited(),
        answer('180 Ringing'),
        answer('200 OK', OK),
        receive('ACK'),
        ask('BYE'),
        received(200),
      )
      const id = await invite(family)
      await page.next(`CRVideo_${status}`, id, 4)
      expect(await slots()).toEqual([...rung(id), [status, id, 1], [status, id, 4]])
      await sipp.done
      await page.next('CRVideo_UserLeftMeeting', NUMBER)
      const inside = (await page.sinceMark()).filter((s) => /User(Enter|Left)/.test(s.slot))
      expect(inside.map((s) => [s.slot, s.args[0]])).toEqual([
        ['CRVideo_UserEnterMeeting', NUMBER],
        ['CRVideo_UserLeftMeeting', NUMBER],
      ])
    })

    it.each([
      ['603 Decline', 2],
      ['480 Temporarily Unavailable', 3],
    ])('rung, then %s: 0, %i', async (line, final) => {
      const sipp = await trunk(invited(), answer('180 Ringing'), answer(line), receive('ACK'))
      const id = await invite(family)
      await page.next(`CRVideo_${status}`, id, final)
      expect(await slots()).toEqual([...rung(id), [status, id, final]])
      await sipp.done
    })

    it('cancelled while it rings, and once more', async () => {
      const sipp = await trunk(invited(), answer('180 Ringing'), ...CANCELLED)
      const id = await invite(family)
      await page.next(`CRVideo_${status}`, id, 0)
      await cancel(family, id)
      await page.next(`CRVideo_${cancelled}Rslt`, id, 0)
      await cancel(family, id)
      await page.next(`CRVideo_${cancelled}Rslt`, id, 600)
      expect(await slots()).toEqual([
        ...rung(id),
        [`${cancelled}Rslt`, id, 0, 'd'],
        [`${cancelled}Rslt`, id, 600, 'd'],
      ])
      await sipp.done
    })

    it('cancelled when it talks: BYE, and no status', async () => {
      const sipp = await trunk(
        invited(),
        answer('200 OK', OK),
        receive('ACK'),
        receive('BYE'),
        reply('200 OK'),
      )
      const id = await invite(family)
      await page.next('CRVideo_UserEnterMeeting', NUMBER)
      await page.next(`CRVideo_${status}`, id, 1)
      await cancel(family, id)
      await page.next('CRVideo_UserLeftMeeting', NUMBER)
      await page.next(`CRVideo_${cancelled}Rslt`, id, 0)
      await sipp.done
      expect(await slots()).toEqual([
        ...rung(id),
        [status, id, 1],
        [`${cancelled}Rslt`, id, 0, 'd'],
      ])
    })

    it('a number that nobody has: 605', async () => {
      const sipp = await trunk(invited(), answer('404 Not Found'), receive('ACK'))
      const id = await invite(family)
      await page.next(`CRVideo_${start}Rslt`, id, 605)
      expect(await slots()).toEqual([[`${start}Rslt`, id, 605, 'c']])
      await sipp.done
    })

    it('the trunk does not take our password: 7', async () => {
      const nonce = 'WWW-Authenticate: Digest realm="trunk", nonce="n1", algorithm=MD5, qop="auth"'
      const refused = [invited(), answer('401 Unauthorized', { headers: [nonce] }), receive('ACK')]
      const sipp = await trunk(...refused, ...refused)
      const id = await invite(family)
      await page.next(`CRVideo_${start}Rslt`, id, 7)
      await sipp.done
    })

    it('the trunk is down: 8', async () => {
      const id = await invite(family)
      await page.next(`CRVideo_${start}Rslt`, id, 8)
      expect(await slots()).toEqual([[`${start}Rslt`, id, 8, 'c']])
    })
  })

  it.skipIf(!BARESIP)('a real telephone and a page hear each other', async () => {
    const phone = await startBaresip({ user: '4930111', port, answers: true, says: 700 })
    try {
      const id = await invite(MORE)
      await page.next('CRVideo_UserEnterMeeting', NUMBER)
      await page.call('CRVideo_OpenMic', 'host')
      await eventually(async () => {
        expect((await page.listen()).some((hz) => Math.abs(hz - 700) < 12)).toBe(true)
        const energy = await page.call<number>('CRVideo_GetMicEnergy', NUMBER)
        expect(energy).toBeGreaterThan(0)
        expect(energy).toBeLessThanOrEqual(10)
        expect(await page.call('CRVideo_GetAudioStatus', NUMBER)).toBe(3)
      })
      // Half a second of the page's microphone, without the telephone itself.
      await eventually(() => {
        const last = phone.heard().slice(-4_000)
        expect(amplitudeOf(last, RED.tone, 8_000)).toBeGreaterThan(1_000)
        expect(amplitudeOf(last, 700, 8_000)).toBeLessThan(300)
      })
      await page.call('CRVideo_CloseMic', NUMBER)
      await page.next('CRVideo_AudioStatusChanged', NUMBER, 3, 2)
      await eventually(async () => expect(await page.listen()).toEqual([]))
      await page.call('CRVideo_OpenMic', NUMBER)
      await page.next('CRVideo_AudioStatusChanged', NUMBER, 2, 3)
      await eventually(async () => expect((await page.listen()).length).toBe(1))
      const late = await openPage(browser, `${host.url}/typed.html`)
      const typed = await late.page.evaluateHandle(enterLate, [ACCOUNT, PASSWORD, meeting] as const)
      expect(await typed.evaluate(({ phones, members }) => [phones, members])).toEqual([
        true,
        [
          ['host', undefined, 3],
          [NUMBER, true, 3],
          ['late', undefined, 2],
        ],
      ])
      await eventually(async () =>
        expect(await typed.evaluate((t, who) => t.meeting.energy(who), NUMBER)).toBeGreaterThan(0),
      )
      await typed.evaluate((t, who) => t.meeting.hangUpPhone(who), NUMBER)
      await page.next('CRVideo_NotifyCallMorePartyStatus', id, 4)
      await page.next('CRVideo_UserLeftMeeting', NUMBER)
      await eventually(() => expect(phone.events()).toContain('CALL_CLOSED'))
      await late.page.context().close()
    } finally {
      await phone.stop()
    }
  })

  it.skipIf(!BARESIP)(
    'a real telephone dials in: number, password, *6, heard by the page',
    async () => {
      const phone = await startBaresip({ user: '4930222', port, answers: false, says: 900 })
      try {
        const speech = () => Math.max(...phone.heard().slice(-8_000).map(Math.abs))
        phone.command('dial', `sip:4930000@127.0.0.1:${ours}`)
        // A voice asks; nobody else speaks yet.
        await eventually(() => expect(speech()).toBeGreaterThan(2_000))
        phone.command('sndcode', `${meeting.ID}#`)
        // Typed ahead: the digits of a telephone take their time.
        phone.command('sndcode', `${meeting.pswd}#`)
        await page.nextWithin(30_000, 'CRVideo_UserEnterMeeting', '4930222')
        await eventually(async () => {
          expect((await page.listen()).some((hz) => Math.abs(hz - 900) < 12)).toBe(true)
        })
        phone.command('sndcode', '*6')
        await page.next('CRVideo_AudioStatusChanged', '4930222', 3, 2)
        await eventually(async () => expect(await page.listen()).toEqual([]))
        // When all is said it hears the page.
        await eventually(() =>
          expect(amplitudeOf(phone.heard().slice(-4_000), RED.tone, 8_000)).toBeGreaterThan(1_000),
        )
        phone.command('hangup')
        await page.next('CRVideo_UserLeftMeeting', '4930222')
      } finally {
        await phone.stop()
      }
    },
  )

  it('no password is in the log', () => {
    expect(server.output()).not.toContain(SECRET)
    expect(server.output()).not.toContain(meeting.pswd)
  })

  it.skipIf(!BARESIP)('a clean end of the server hangs telephones up', async () => {
    const phone = await startBaresip({ user: '4930111', port, answers: true, says: 700 })
    try {
      await invite(INVITE)
      await page.next('CRVideo_UserEnterMeeting', NUMBER)
      await server.stop()
      await eventually(() => expect(phone.events()).toContain('CALL_CLOSED'))
    } finally {
      await phone.stop()
    }
  })
})
