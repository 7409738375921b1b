import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { eventually } from '../support/eventually.ts'
import { GREEN } from '../support/media-files.ts'
import { hostPages } from '../support/page-host.ts'
import { type RunningServer, startServer } from '../support/server.ts'

describe('devices, configuration, volumes and containers through the classic API', () => {
  let server: RunningServer
  let host: Awaited<ReturnType<typeof hostPages>>
  let browser: Browser
  let p: ClassicPage
  let q: ClassicPage

  beforeAll(async () => {
    server = await startServer()
    host = await hostPages(server.url)
    browser = await launchFace(GREEN)
    p = await ClassicPage.open(browser, host.url, server.url)
    q = await ClassicPage.open(browser, host.url, server.url)
    await p.login('owner')
    await q.login('viewer')
    await p.call('CRVideo_CreateMeeting', 'devices', 0)
    const [m] = await p.next('CRVideo_CreateMeetingSuccess')
    await p.enter(m as { ID: number; pswd: string }, 'owner')
    await q.enter(m as { ID: number; pswd: string }, 'viewer')
  })

  afterAll(async () => {
    await p.finish()
    await q.finish()
    await browser.close()
    await host.close()
    await server.stop()
    server.forget()
  })

  it('08 §4, §6: device lists have names that are never empty', async () => {
    const mics = await p.call<string[]>('CRVideo_GetAudioMicNames')
    const speakers = await p.call<string[]>('CRVideo_GetAudioSpkNames')
    const cameras = await p.call<{ userID: string; videoID: number; videoName: string }[]>(
      'CRVideo_GetAllVideoInfo',
      'owner',
    )
    for (const list of [mics, speakers, cameras.map((c) => c.videoName)]) {
      expect(list.length).toBeGreaterThan(0)
      for (const name of list) expect(name).not.toBe('')
    }
    expect(cameras[0]).toMatchObject({ userID: 'owner', videoID: 1 })
    expect(await q.call<object[]>('CRVideo_GetAllVideoInfo', 'owner')).toHaveLength(cameras.length)
    expect(await q.call('CRVideo_GetDefaultVideo', 'owner')).toBe(1)
    expect(await q.call('CRVideo_GetEnableMutiVideo', 'owner')).toBe(false)
  })

  it('08 §7: the video configuration is clamped and reaches the picture', async () => {
    await p.call('CRVideo_SetVideoCfg', {
      sizeType: '5',
      fps: null,
      qp_min: 40,
      qp_max: 20,
      wh_rate: 1,
    })
    expect(await p.call('CRVideo_GetVideoCfg')).toEqual({
      sizeType: 5,
      fps: 15,
      maxbps: 200_000,
      qp_min: 40,
      qp_max: 40,
      wh_rate: 1,
    })
    await p.call('CRVideo_OpenVideo', 'owner')
    await q.next('CRVideo_VideoStatusChanged', 'owner', 2, 3)
    await q.read('show("owner")')
    await eventually(async () => {
      const picture = await q.look('owner')
      expect(picture).not.toBeNull()
      expect(Math.abs((picture?.width ?? 0) / (picture?.height ?? 1) - 4 / 3)).toBeLessThan(0.03)
    })
    await p.call('CRVideo_SetVideoCfg', { wh_rate: 0, sizeType: 8 })
    await eventually(async () => {
      const picture = await q.look('owner')
      expect(Math.abs((picture?.width ?? 0) / (picture?.height ?? 1) - 16 / 9)).toBeLessThan(0.03)
    }, 20_000)
    expect(await q.sinceMark(['CRVideo_VideoStatusChanged'])).toHaveLength(1)
  })

  it('08 §5: volumes are 0–255 and work with the microphone open', async () => {
    expect(await p.call('CRVideo_GetMicVolume')).toBe(255)
    expect(await p.call('CRVideo_SetMicVolume', 256)).toBe(false)
    expect(await p.call('CRVideo_SetSpeakerVolume', '128')).toBe(true)
    expect(await p.call('CRVideo_GetSpeakerVolume')).toBe(128)
    await p.call('CRVideo_OpenMic', 'owner')
    await q.next('CRVideo_MicEnergyUpdate', 'owner')
    await q.mark()
    expect(await p.call('CRVideo_SetMicVolume', 0)).toBe(true)
    await eventually(async () => expect(await q.call('CRVideo_GetMicEnergy', 'owner')).toBe(0))
    await p.call('CRVideo_SetMicVolume', 255)
    await eventually(async () =>
      expect(await q.call<number>('CRVideo_GetMicEnergy', 'owner')).toBeGreaterThan(0),
    )
    await p.call('CRVideo_CloseMic', 'owner')
    expect(await p.call('CRVideo_GetAudioStatus', 'owner')).toBe(2)
    await q.next('CRVideo_AudioStatusChanged', 'owner', 3, 2)
  })

  it('08 §4: the audio configuration keeps what is set', async () => {
    await p.call('CRVideo_SetAudioCfg', { micName: 'not here', privAgc: '1' })
    expect(await p.call('CRVideo_GetAudioCfg')).toMatchObject({
      micName: 'not here',
      speakerName: '',
      privEC: 0,
      privAgc: 1,
    })
    await p.call('CRVideo_SetAudioCfg', { micName: '', privAgc: 0 })
  })

  it('08 §6: an ID that the user does not have is not taken as default camera', async () => {
    await p.call('CRVideo_SetDefaultVideo', 'owner', 99)
    expect(await p.call<number>('CRVideo_GetDefaultVideo', 'owner')).not.toBe(99)
  })

  it('13 §1.3, §3: the container’s values, target and clearing', async () => {
    const value = (expression: string) => q.read(`views.owner.${expression}`)
    expect(await value('width()')).toBe(320)
    expect(await value('width("200")')).toBeUndefined()
    expect(await value('width()')).toBe(200)
    await value('id("v1")')
    expect(await value('handler().id')).toBe('v1')
    expect(await value('getUserID()')).toBe('owner')
    expect(await value('getVideoID()')).toBe(-1)
    expect(await value('keepAspectRatio()')).toBe(true)
    expect(await value('getVisibleNickName()')).toBe(true)
    expect(await value('handler().textContent.includes("Nick owner")')).toBe(true)
    await value('setVisibleNickName(0)')
    expect(await value('handler().textContent.includes("Nick owner")')).toBe(false)
    expect(await value('isPicEmpty() == 0')).toBe(true)
    expect(await value('getPicFrameTime() > 1600000000000')).toBe(true)
    expect(await value('handler() instanceof HTMLDivElement')).toBe(true)
    for (const [format, head] of [
      ['png', [0x89, 0x50]],
      ['jpg', [0xff, 0xd8]],
      ['bmp', [0x42, 0x4d]],
      ['gif', [0x47, 0x49]],
    ] as const)
      expect(
        await q.read(`[...views.owner.savePicToArray('${format}').slice(0, 2)]`),
        format,
      ).toEqual(head)
    expect(await value('savePic("")')).toBe(5)
    expect(await value('savePic("a.tiff")')).toBe(5)
    await value('setVideo("", -1)')
    await eventually(async () => expect(await value('isPicEmpty()')).toBe(true))
    expect(await value('savePicToBase64("png")')).toBe('')
    await value('setVideo("owner")')
    await eventually(async () => expect(await value('isPicEmpty()')).toBe(false))
  })

  it('13 §1.2: own camera is a direct preview, and re-inserting the element goes on by itself', async () => {
    await p.read('show("owner")')
    await eventually(async () => expect(await p.read('views.owner.isPicEmpty()')).toBe(false))
    await q.read(
      '(() => { const e = views.owner.handler(); const parent = e.parentNode; e.remove(); parent.append(e) })()',
    )
    const before = await q.look('owner')
    await eventually(async () => expect((await q.look('owner'))?.print).not.toBe(before?.print))
  })
})
