import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFace, launchTabCapture } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { eventually } from '../support/eventually.ts'
import { RED } from '../support/media-files.ts'
import { meetingOf, startStage } from '../support/meeting-of.ts'
import { RULES_PANEL } from '../support/rules-panel.ts'

const RIGHT_SLOTS = ['CRVideo_NotifyGiveCtrlRight', 'CRVideo_NotifyReleaseCtrlRight']

describe('09 §6–7: marks and remote control', () => {
  let stage: Awaited<ReturnType<typeof startStage>>
  let ann: ClassicPage
  let ben: ClassicPage
  let others: Browser

  const told = async (page: ClassicPage) =>
    (await page.sinceMark(RIGHT_SLOTS)).map(({ slot, args }) => [slot.slice(14), ...args])
  const mark = async () => {
    for (const page of [ann, ben]) await page.mark()
  }
  const state = () =>
    ann.read<{ clicks: number; text: string; mice: number; keys: number }>(
      '({ clicks, text: document.querySelector("#text").value, mice, keys })',
    )
  /** CSS point of ben's view for a point of ann's page: both are 16:9. */
  const onShare = async (x: number, y: number) => {
    const box = await ben.page.locator('#views > .crv-share').boundingBox()
    if (!box) throw new Error('The view is not there')
    return [box.x + (x / 1280) * box.width, box.y + (y / 720) * box.height] as const
  }
  const clickAt = async (x: number, y: number) => {
    const [left, top] = await onShare(x, y)
    await ben.page.mouse.move(left, top)
    await ben.page.mouse.down()
    await ben.page.mouse.up()
  }
  const hasBadge = () => ann.read<boolean>('document.querySelector(".crv-control-badge") !== null')
  const give = async () => {
    await mark()
    await ann.call('CRVideo_GiveCtrlRight', 'ben')
    await ben.next('CRVideo_NotifyGiveCtrlRight', 'ann', 'ben')
    await ann.next('CRVideo_NotifyGiveCtrlRight', 'ann', 'ben')
  }

  beforeAll(async () => {
    stage = await startStage()
    // Alone in its browser: what is captured there without asking can be no other tab.
    const browser = stage.keep(await launchTabCapture())
    others = stage.keep(await launchFace(RED))
    ann = stage.keep(await ClassicPage.open(browser, stage.host.url, stage.server.url))
    ben = stage.keep(await ClassicPage.open(others, stage.host.url, stage.server.url))
    await ann.read(`(() => {
      window.clicks = 0; window.mice = 0; window.keys = 0
      const button = document.createElement('button')
      button.style.cssText = 'position:fixed;left:200px;top:300px;width:200px;height:100px'
      button.onclick = () => { clicks++; CRVideo_GiveCtrlRight('cleo') }
      const input = document.createElement('input')
      input.id = 'text'
      input.style.cssText = 'position:fixed;left:600px;top:300px;width:300px;height:60px'
      document.body.append(button, input)
      addEventListener('crvideo-remote-mouse', () => { mice++ })
      addEventListener('crvideo-remote-key', () => { keys++ })
    })()`)
    await ben.read('showShare()')
    await meetingOf([
      [ann, 'ann'],
      [ben, 'ben'],
    ])
    await ann.call('CRVideo_SetScreenShareCfg', { catchWnd: -1 })
    await ann.call('CRVideo_StartScreenShare')
    await ann.next('CRVideo_StartScreenShareRslt', 0)
    await eventually(async () => expect((await ben.look('share'))?.width).toBe(1280))
    await ben.call('CRVideo_GetShareScreenDecodeImg')
    await ben.read('views.share.ctrlOpen(true)')
  })
  afterAll(() => stage.close())

  it('§3: the newest picture as pixels', async () => {
    await eventually(async () => {
      const { width, height, format, bytes } = await ben.read<Record<string, number>>(`(() => {
        const image = JSON.parse(CRVideo_GetShareScreenDecodeImg())
        return { ...image, bytes: atob(image.dat).length }
      })()`)
      expect([width, height, format, bytes]).toEqual([1280, 720, 1, 1280 * 720 * 4])
    })
    expect(await ben.next('CRVideo_NotifyScreenShareData', 'ann')).toEqual([
      'ann',
      { left: 0, top: 0, width: 1280, height: 720 },
    ])
  })

  it('§5: this tab is not shown in itself', async () => {
    await ann.read('showShare()')
    await eventually(async () =>
      expect(await ann.read('views.share.handler().textContent')).toBe(
        'You are sharing your screen',
      ),
    )
    expect(await ann.read('views.share.isPicEmpty()')).toBe(true)
    await ann.read('views.share.handler().remove()')
  })

  it('§7.2: without the right nothing arrives, and nobody takes it by asking', async () => {
    await mark()
    await ben.call('CRVideo_GiveCtrlRight', 'ben')
    await ben.call('CRVideo_SendMouseCtrlMsg', 1, 1, 250, 350)
    await clickAt(250, 350)
    // Whatever ben did was answered before this is.
    await ben.call('CRVideo_SendIMmsg', 'done', 'ann')
    await ann.next('CRVideo_NotifyIMmsg', 'ben', 'done')
    expect(await state()).toEqual({ clicks: 0, text: '', mice: 0, keys: 0 })
    expect(await hasBadge()).toBe(false)
    expect([await told(ann), await told(ben)]).toEqual([[], []])
  })

  it('§7.1: with the right a click and keys act in the shared tab', async () => {
    await give()
    expect(await hasBadge()).toBe(true)
    await clickAt(250, 350)
    await eventually(async () => expect((await state()).clicks).toBe(1))
    await clickAt(700, 330)
    await ben.page.keyboard.press('Shift+KeyH')
    await ben.page.keyboard.type('ello, w')
    await ben.page.keyboard.type('orld')
    await ben.page.keyboard.press('Backspace')
    await eventually(async () => expect((await state()).text).toBe('Hello, worl'))
    // What the click led to in the page was done by the holder: it hands nothing on.
    expect(await told(ann)).toEqual([['GiveCtrlRight', 'ann', 'ben']])
  })

  it('§7.1: the replay rules, message by message', async () => {
    await ann.read(RULES_PANEL)
    /** What happened in the panel since the last look, once all that was sent has arrived. */
    const done = async () => {
      await ben.call('CRVideo_SendKeyCtrlMsg', 1, 254, 0)
      await eventually(async () => expect(await ann.read('log.includes("done")')).toBe(true))
      return ann.read<string[]>(
        '["", ...log.splice(0, log.length)].join("|").split("|done")[0].split("|").slice(1)',
      )
    }
    const mouse = (type: number, button: number, x: number) =>
      ben.call('CRVideo_SendMouseCtrlMsg', type, button, x, 440)
    const key = async (vk: number, extended = 0) => {
      await ben.call('CRVideo_SendKeyCtrlMsg', 0, vk, extended)
      await ben.call('CRVideo_SendKeyCtrlMsg', 1, vk, extended)
    }
    const click = async (x: number) => {
      await mouse(1, 1, x)
      await mouse(2, 1, x)
    }
    await mouse(0, 0, 70)
    // Of two places in one moment only the later one is sent.
    await eventually(async () => expect(await ann.read('log')).toEqual(['plain pointerover']))
    await mouse(0, 0, 190)
    expect(await done()).toEqual(['plain pointerover', 'plain pointerout', 'press pointerover'])
    await click(190)
    expect(await done()).toEqual([
      'press pointerdown1',
      'press mousedown1',
      'press pointerup1',
      'press mouseup1',
      'press click',
    ])
    await mouse(1, 3, 190)
    await mouse(2, 3, 190)
    await mouse(1, 2, 190)
    await mouse(2, 2, 190)
    expect((await done()).filter((line) => /contextmenu|auxclick|click/.test(line))).toEqual([
      'press contextmenu1/2',
      'press auxclick1/1',
    ])
    // Pressed here, released there: their common ancestor is clicked.
    await mouse(1, 1, 70)
    await mouse(2, 1, 190)
    expect((await done()).at(-1)).toBe('rules click')
    await mouse(3, 1, 190)
    await mouse(2, 1, 190)
    expect(await done()).toEqual([
      'press pointerdown2',
      'press mousedown2',
      'press pointerup2',
      'press mouseup2',
      'press click',
      'press dblclick2',
    ])
    await mouse(2, 4, 310)
    await mouse(1, 4, 310)
    await mouse(2, 4, 310)
    expect(await done()).toEqual(['div wheel', 'div wheel', 'div wheel'])
    expect(await ann.read('document.querySelector("#scroll").scrollTop')).toBe(120)
    // Keys in a text: letters, line break, cursor, removal, all of it.
    await click(430)
    for (const vk of [65, 66, 13, 67]) await key(vk)
    for (const vk of [37, 36]) await key(vk, 1)
    await key(88)
    await done()
    expect(await ann.read('document.querySelector("#area").value')).toBe('ab\nxc')
    await ben.call('CRVideo_SendKeyCtrlMsg', 0, 17, 0)
    await key(65)
    await ben.call('CRVideo_SendKeyCtrlMsg', 1, 17, 0)
    await key(46, 1)
    await done()
    expect(await ann.read('document.querySelector("#area").value')).toBe('')
    // Enter in a line sends its form, by the form's button; Tab leaves it, Space turns a box.
    await click(550)
    await key(13)
    expect((await done()).filter((line) => line.includes('click'))).toContain('send click')
    expect(await ann.read('sends')).toBe(1)
    await key(9)
    await key(32)
    await done()
    expect(
      await ann.read(
        '[document.activeElement.id, document.querySelector("#check").checked].join()',
      ),
    ).toBe('check,true')
    await click(910)
    await click(1030)
    expect((await done()).filter((line) => line.includes(' click'))).toEqual([
      'deep click',
      'host click',
      'framed click',
    ])
    // What is never a target, nor what leads to it.
    await ben.call('CRVideo_SendMouseCtrlMsg', 1, 1, 30, 510)
    await ben.call('CRVideo_SendMouseCtrlMsg', 2, 1, 30, 510)
    await ben.call('CRVideo_SendMouseCtrlMsg', 1, 1, 190, 515)
    await ben.call('CRVideo_SendMouseCtrlMsg', 2, 1, 190, 515)
    expect((await done()).filter((line) => /kept|click/.test(line))).toEqual([])
    // The page's own word comes first.
    await ann.read(
      'addEventListener("crvideo-remote-mouse", (e) => e.preventDefault(), { once: true })',
    )
    await mouse(1, 1, 190)
    expect((await done()).filter((line) => line.includes('down'))).toEqual([])
    await ann.read('document.querySelector("#rules").remove()')
  })

  it('§7.1: the badge is no target of the holder', async () => {
    const box = await ann.page.locator('.crv-control-badge button').boundingBox()
    const { mice } = await state()
    await clickAt((box?.x ?? 0) + 10, (box?.y ?? 0) + 10)
    await eventually(async () => expect((await state()).mice).toBeGreaterThan(mice))
    await ben.page.keyboard.press('Escape')
    const { keys } = await state()
    await ben.page.keyboard.press('Shift')
    await eventually(async () => expect((await state()).keys).toBeGreaterThan(keys))
    expect(await hasBadge()).toBe(true)
  })

  it('Escape on the controlled side ends it at once', async () => {
    await mark()
    await ann.page.keyboard.press('Escape')
    expect(await hasBadge()).toBe(false)
    await ben.next('CRVideo_NotifyReleaseCtrlRight', 'ann', 'ben')
    expect(await told(ann)).toEqual([['ReleaseCtrlRight', 'ann', 'ben']])
    const before = await state()
    await clickAt(250, 350)
    await ben.call('CRVideo_SendKeyCtrlMsg', 0, 65, 0)
    await ben.call('CRVideo_SendIMmsg', 'again', 'ann')
    await ann.next('CRVideo_NotifyIMmsg', 'ben', 'again')
    expect(await state()).toEqual(before)
  })

  it('the button of the badge and the holder itself end it, too', async () => {
    await give()
    await ann.page.locator('.crv-control-badge button').click()
    await ben.next('CRVideo_NotifyReleaseCtrlRight', 'ann', 'ben')
    await give()
    await ben.call('CRVideo_ReleaseCtrlRight', 'ben')
    await ann.next('CRVideo_NotifyReleaseCtrlRight', 'ben', 'ben')
    expect(await hasBadge()).toBe(false)
    expect((await told(ben)).at(-1)).toEqual(['ReleaseCtrlRight', 'ben', 'ben'])
  })

  it('§6: a stroke is seen by all, is part of a saved picture, and goes with its drawer', async () => {
    await ben.read('views.share.ctrlOpen(false)')
    await ben.read('views.share.enableMarked(true)')
    await ben.read('views.share.setPenStyle(0x00ff00, 40)')
    const [left, top] = await onShare(300, 600)
    const [right] = await onShare(900, 600)
    await ben.page.mouse.move(left, top)
    await ben.page.mouse.down()
    await ben.page.mouse.move(right, top, { steps: 8 })
    await ben.page.mouse.up()
    /** Colour of a point of ben's saved picture. */
    const saved = () =>
      ben.page.evaluate(async () => {
        const { views } = window as unknown as {
          views: Record<string, { savePicToArray(f: string): Uint8Array<ArrayBuffer> }>
        }
        const bytes = views.share?.savePicToArray('png') ?? new Uint8Array()
        const bitmap = await createImageBitmap(new Blob([bytes]))
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
        context?.drawImage(bitmap, 0, 0)
        return [...(context?.getImageData(600, 600, 1, 1).data ?? [])].slice(0, 3)
      })
    await eventually(async () => expect(await saved()).toEqual([0, 255, 0]))
    await eventually(async () =>
      expect(await ann.read('document.querySelector(".crv-page-marks") !== null')).toBe(true),
    )
    await give()
    const cleo = stage.keep(await ClassicPage.open(others, stage.host.url, stage.server.url))
    const [{ ID, pswd }] = (await ben.read(
      'new Promise((r) => { hooks.CRVideo_GetMeetingsSuccess = (m) => r(m); CRVideo_GetMeetings() })',
    )) as [{ ID: number; pswd: string }]
    await cleo.login('cleo')
    await cleo.enter({ ID, pswd }, 'cleo')
    // 07 §2.2: who comes later learns of the share, its size and the holder, in this order.
    await cleo.next('CRVideo_NotifyGiveCtrlRight', 'ann', 'ben')
    expect(
      (await cleo.sinceMark())
        .map(({ slot }) => slot.slice(8))
        .filter((slot) => /Share(Started|Rect)|GiveCtrl/.test(slot)),
    ).toEqual(['NotifyScreenShareStarted', 'NotifyShareRectChanged', 'NotifyGiveCtrlRight'])
    await ann.call('CRVideo_ReleaseCtrlRight', 'ben')
    await cleo.next('CRVideo_NotifyReleaseCtrlRight', 'ann', 'ben')
    await cleo.read('showShare()')
    await eventually(async () =>
      expect(
        await cleo.read(`(() => {
          const canvas = views.share.handler().querySelector('canvas')
          const at = canvas.getContext('2d')
          return [...at.getImageData(canvas.width * 600 / 1280, canvas.height * 600 / 720, 1, 1).data]
        })()`),
      ).toEqual([0, 255, 0, 255]),
    )
    await ben.read('views.share.enableMarked(false)')
    await eventually(async () =>
      expect(await ann.read('document.querySelector(".crv-page-marks")')).toBeNull(),
    )
    await eventually(async () => expect(await saved()).not.toEqual([0, 255, 0]))
  })

  it('§3: stopping first releases the right', async () => {
    await give()
    await ann.mark()
    await ann.call('CRVideo_StopScreenShare')
    await ann.next('CRVideo_StopScreenShareRslt', 0)
    await ben.next('CRVideo_NotifyScreenShareStopped', 'ann')
    const order = async (page: ClassicPage) =>
      (
        await page.sinceMark([
          ...RIGHT_SLOTS,
          'CRVideo_StopScreenShareRslt',
          'CRVideo_NotifyScreenShareStopped',
        ])
      )
        .map(({ slot }) => slot.slice(8))
        .slice(-2)
    expect(await order(ann)).toEqual(['NotifyReleaseCtrlRight', 'StopScreenShareRslt'])
    expect(await order(ben)).toEqual(['NotifyReleaseCtrlRight', 'NotifyScreenShareStopped'])
    expect(await hasBadge()).toBe(false)
    expect(ann.errors).toEqual([])
  })
})
