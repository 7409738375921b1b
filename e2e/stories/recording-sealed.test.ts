import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { eventually } from '../support/eventually.ts'
import { RED } from '../support/media-files.ts'
import { meetingOf, startStage } from '../support/meeting-of.ts'
import { storedBytes } from '../support/recorded.ts'

const MEDIA_SLOTS = [
  'CRVideo_NotifyMediaOpened',
  'CRVideo_NotifyMediaStart',
  'CRVideo_NotifyMediaStop',
  'CRVideo_NotifyPlayPosSetted',
]

describe('10, CRVideo_SetRecordFileEncrypt and CRVideo_PlaybackRecordFile', () => {
  let stage: Awaited<ReturnType<typeof startStage>>
  let browser: Browser
  let page: ClassicPage

  const told = async () =>
    (await page.sinceMark(MEDIA_SLOTS)).map(({ slot, args }) => [slot.slice(8), ...args])
  const files = () =>
    page.call<{ fileName: string; encrypted: number; size: number; duration: number }[]>(
      'CRVideo_GetAllRecordFiles',
    )
  /** Whole seconds of what is recorded, or was last. */
  const duration = () => page.call<number>('CRVideo_GetRecDuration')
  const lasts = (seconds: number) =>
    eventually(async () => expect(await duration()).toBeGreaterThanOrEqual(seconds))
  const begin = async (name: string, audioType = 1) => {
    await page.call('CRVideo_StartRecordIng', name, audioType, 15, 640, 360, 1_000_000, 22)
    await page.next('CRVideo_RecordStateChanged', 2)
  }
  const record = async (name: string, seconds: number, audioType = 1) => {
    await begin(name, audioType)
    await lasts(seconds)
    await page.call('CRVideo_StopRecord')
    await page.next('CRVideo_RecordStateChanged', 0)
  }
  /** Paused, a film does not end before it is seen. */
  const pauseAt = async (seconds: number) => {
    await page.call('CRVideo_PausePlayMedia', true)
    await page.call('CRVideo_SetMediaplaypos', seconds)
    expect((await page.next('CRVideo_NotifyPlayPosSetted'))[0]).toBeCloseTo(seconds, 1)
  }
  const seesRed = () =>
    eventually(async () => {
      const [r = 0, g = 255, b = 255] = (await page.look('media'))?.rgb ?? []
      expect(r).toBeGreaterThan(g + 60)
      expect(r).toBeGreaterThan(b + 60)
    })
  /** Runs something on the kept keys of the page. */
  const changeKeys = (run: string) =>
    page.read(`new Promise((resolve) => {
      const open = indexedDB.open('yuntang-keys')
      open.onsuccess = () => {
        const change = open.result.transaction('files', 'readwrite')
        const keys = change.objectStore('files')
        ${run}
        change.oncomplete = () => { open.result.close(); resolve() }
      }
    })`)
  beforeAll(async () => {
    stage = await startStage()
    browser = stage.keep(await launchFace(RED))
    page = stage.keep(await ClassicPage.open(browser, stage.host.url, stage.server.url))
    await page.read('showMedia()')
    await meetingOf([[page, 'red']])
    await page.call('CRVideo_OpenVideo', 'red')
    await page.call('CRVideo_OpenMic', 'red')
    await page.next('CRVideo_VideoStatusChanged', 'red', 4, 3)
    await page.next('CRVideo_AudioStatusChanged', 'red', 4, 3)
  })
  beforeEach(() => page.mark())
  afterAll(() => stage.close())

  it('an encrypted recording cannot be read as a file, but plays, is sought in and ends', async () => {
    await page.call('CRVideo_SetRecordFileEncrypt', 1)
    await record('vault/secret.mp4', 6)
    await page.call('CRVideo_SetRecordFileEncrypt', 0)
    const seconds = await duration()
    const [listed] = await files()
    const bytes = await storedBytes(page.page, 'vault/secret.mp4')
    expect(listed).toMatchObject({ encrypted: 1, size: bytes.length, duration: seconds })
    expect(bytes.subarray(0, 8).toString()).toBe('CRRF0001')
    for (const word of ['webm', 'ftyp', 'OpusHead', 'avcC'])
      expect(bytes.includes(word)).toBe(false)

    await page.call('CRVideo_PlaybackRecordFile', 'secret.mp4')
    const [total, width, height] = await page.next('CRVideo_NotifyMediaOpened')
    expect(total).toBeGreaterThan(seconds - 0.5)
    expect(total).toBeLessThan(seconds + 1.5)
    expect([width, height]).toEqual([640, 360])
    expect((await told())[0]).toEqual(['NotifyMediaStart', 'red'])
    await seesRed()
    await page.call('CRVideo_PlaybackRecordFile', 'secret.mp4')
    await page.call('CRVideo_SetMediaplaypos', 4)
    expect((await page.next('CRVideo_NotifyPlayPosSetted'))[0]).toBeCloseTo(4, 1)
    await page.next('CRVideo_NotifyMediaStop', 'red', 1)
    expect((await told()).map(([name]) => name)).toEqual([
      'NotifyMediaStart',
      'NotifyMediaOpened',
      'NotifyPlayPosSetted',
      'NotifyMediaStop',
    ])
  })

  it('10 §1.1, §3: a plain one plays too, back and forth; one that is not listed ends with reason 2', async () => {
    await record('open.webm', 4)
    expect((await files()).at(-1)).toMatchObject({ fileName: 'open.webm', encrypted: 0 })
    await page.call('CRVideo_PlaybackRecordFile', 'open.webm')
    const [total] = await page.next('CRVideo_NotifyMediaOpened')
    expect(total).toBeGreaterThan(3.5)
    await pauseAt(3)
    await seesRed()
    await page.call('CRVideo_StartRecordIng', 'open.webm', 1, 15, 640, 360, 1_000_000, 22)
    await page.next('CRVideo_RecordErr', 5)
    await page.call('CRVideo_RemoveFromFileMgr', 'open.webm')
    await page.next('CRVideo_NotifyMediaStop', 'red', 0)
    await eventually(async () => expect((await files()).length).toBe(1))
    await page.call('CRVideo_PlaybackRecordFile', 'open.webm')
    await page.next('CRVideo_NotifyMediaStop', 'red', 2)
  })

  it('without sound, where it is MP4, an encrypted one plays too', async () => {
    await page.call('CRVideo_SetRecordFileEncrypt', 1)
    await record('silent.mp4', 4, 0)
    const seconds = await duration()
    expect((await files()).at(-1)).toMatchObject({ encrypted: 1 })
    await page.call('CRVideo_PlaybackRecordFile', 'silent.mp4')
    const [total] = await page.next('CRVideo_NotifyMediaOpened')
    expect(total).toBeGreaterThan(seconds - 0.5)
    expect(total).toBeLessThan(seconds + 1.5)
    await pauseAt(2.5)
    await seesRed()
    await page.call('CRVideo_PausePlayMedia', false)
    await page.next('CRVideo_NotifyMediaStop', 'red', 1)
    await page.call('CRVideo_RemoveFromFileMgr', 'silent.mp4')
  })

  it('a page that dies: what it had encrypted is listed and plays, with its own key only; else it ends with 2', async () => {
    await page.call('CRVideo_SetRecordFileEncrypt', 1)
    await begin('lost.webm')
    await lasts(4)
    page = stage.keep(await page.crash())
    await page.read('showMedia()')
    await page.mark()
    expect(await page.call('CRVideo_Init2', '/Store-red')).toBe(0)
    await eventually(async () =>
      expect((await files()).map(({ fileName }) => fileName)).toEqual([
        'vault/secret.mp4',
        'lost.webm',
      ]),
    )
    expect(await page.call('CRVideo_StartPlayMedia', 'lost.webm', 1)).toBe(1)
    const [total] = await page.next('CRVideo_NotifyMediaOpened')
    expect(total).toBeGreaterThan(2.5)
    await pauseAt(2)
    await seesRed()
    await page.call('CRVideo_StopPlayMedia')
    await page.next('CRVideo_NotifyMediaStop', '', 0)

    const nameOf = async (stored: string) =>
      (await storedBytes(page.page, stored)).subarray(8, 24).toString('hex')
    const [mine, another] = [await nameOf('lost.webm'), await nameOf('vault/secret.mp4')]
    // Another key in its place, the right one again, and none at all.
    await changeKeys(`keys.get('${mine}').onsuccess = ({ target }) => { window.kept = target.result }
      keys.get('${another}').onsuccess = ({ target }) => keys.put(target.result, '${mine}')`)
    await page.mark()
    await page.call('CRVideo_PlaybackRecordFile', 'lost.webm')
    await page.next('CRVideo_NotifyMediaStop', '', 2)
    expect(await told()).toEqual([['NotifyMediaStop', '', 2]])
    await changeKeys(`keys.put(window.kept, '${mine}')`)
    await page.mark()
    await page.call('CRVideo_PlaybackRecordFile', 'lost.webm')
    await page.next('CRVideo_NotifyMediaOpened')
    await pauseAt(2)
    await seesRed()
    await page.call('CRVideo_StopPlayMedia')
    await page.next('CRVideo_NotifyMediaStop', '', 0)
    await changeKeys('keys.clear()')
    await page.mark()
    await page.call('CRVideo_PlaybackRecordFile', 'lost.webm')
    await page.next('CRVideo_NotifyMediaStop', '', 2)
  })
})
