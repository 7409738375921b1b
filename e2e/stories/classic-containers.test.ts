import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { eventually } from '../support/eventually.ts'
import { RED } from '../support/media-files.ts'
import { meetingOf, startStage } from '../support/meeting-of.ts'
import { watchMedia } from '../support/rtc.ts'

describe('13: containers in a page', () => {
  let stage: Awaited<ReturnType<typeof startStage>>
  let owner: ClassicPage
  let viewer: ClassicPage
  const on = <T>(expression: string) => viewer.read<T>(`views.owner.${expression}`)
  const empty = (name = 'owner') => viewer.read<boolean>(`views.${name}.isPicEmpty()`)
  /** Bytes of pictures that the viewer has received so far. */
  const received = () =>
    viewer.page.evaluate(async () => {
      const { connections } = window as unknown as { connections: RTCPeerConnection[] }
      let bytes = 0
      for (const pc of connections)
        for (const stat of (await pc.getStats()).values())
          if (stat.type === 'inbound-rtp' && stat.kind === 'video') bytes += stat.bytesReceived
      return bytes
    })
  const receives = () =>
    eventually(async () => {
      const before = await received()
      await new Promise((r) => setTimeout(r, 500))
      expect(await received()).toBeGreaterThan(before)
    })
  const receivesNothing = () =>
    eventually(async () => {
      const before = await received()
      await new Promise((r) => setTimeout(r, 800))
      expect(await received()).toBe(before)
    }, 30_000)
  const goesOn = async () => {
    const before = await on<number>('getPicFrameTime()')
    await eventually(async () =>
      expect(await on<number>('getPicFrameTime()')).toBeGreaterThan(before),
    )
  }

  beforeAll(async () => {
    stage = await startStage()
    const browser = stage.keep(await launchFace(RED))
    owner = stage.keep(await ClassicPage.open(browser, stage.host.url, stage.server.url))
    viewer = stage.keep(
      await ClassicPage.open(browser, stage.host.url, stage.server.url, { prepare: watchMedia }),
    )
    // Made before Init, outside a meeting: a standing wish.
    await viewer.read('show("owner")')
    expect(await empty()).toBe(true)
    await meetingOf([
      [owner, 'owner'],
      [viewer, 'viewer'],
    ])
    await owner.call('CRVideo_OpenVideo', 'owner')
    await eventually(async () => expect(await empty()).toBe(false))
  })

  afterAll(() => stage.close())

  it.each([
    ['display: none', `hidden()`, `shows()`],
    ['1 × 1 pixel', `width(1); views.owner.height("1")`, `width(320); views.owner.height(180)`],
    [
      'off-screen',
      `handler().style.marginTop = "-5000px"; views.owner.handler().style.display = "block"`,
      `handler().style.marginTop = ""`,
    ],
    [
      'hidden parent',
      `handler().parentNode.style.display = "none"`,
      `handler().parentNode.style.display = ""`,
    ],
  ])(
    '§1.2: %s stops reception, keeps the last picture, and goes on by itself',
    async (_, away, back) => {
      await receives()
      await on(away)
      await receivesNothing()
      expect(await empty()).toBe(false)
      const last = await viewer.look('owner')
      expect(last?.width).toBeGreaterThan(0)
      for (const [i, value] of RED.rgb.entries())
        expect(Math.abs((last?.rgb[i] ?? 0) - value)).toBeLessThan(45)
      await on(back)
      await goesOn()
    },
  )

  it('§1.2: out of the document reception ends after a while; inserted again it goes on', async () => {
    await viewer.read(
      '(() => { window.parent13 = views.owner.handler().parentNode; views.owner.handler().remove() })()',
    )
    await receives()
    await receivesNothing()
    expect(await empty()).toBe(false)
    expect(await on('savePicToBase64("jpg").length')).toBeGreaterThan(100)
    expect(await viewer.read('[views.owner.width(), views.owner.left()].join()')).toBe('320,0')
    await viewer.read('parent13.append(views.owner.handler())')
    await goesOn()
  })

  it('§1.2: a camera that closes empties a container also while that is hidden', async () => {
    await on('hidden()')
    await receivesNothing()
    expect(await empty()).toBe(false)
    await owner.call('CRVideo_CloseVideo', 'owner')
    await eventually(async () => expect(await empty()).toBe(true))
    expect(await on('savePic("a.png")')).toBe(6)
    await owner.call('CRVideo_OpenVideo', 'owner')
    await on('shows()')
    await eventually(async () => expect(await empty()).toBe(false))
  })

  it('§1.1: two containers on one picture, received once', async () => {
    await viewer.read(`(() => {
      const v = CRVideo_CreatVideoObj(); document.querySelector('#views').append(v.handler())
      v.setVideo('owner'); views.second = v })()`)
    await eventually(async () => expect(await empty('second')).toBe(false))
    expect(
      await viewer.page.evaluate(async () => {
        const { connections } = window as unknown as { connections: RTCPeerConnection[] }
        const before = new Map<string, number>()
        const active = new Set<string>()
        // A busy sender may rest for a second.
        for (let turn = 0; turn < 2 || (active.size === 0 && turn < 15); turn++) {
          for (const pc of connections)
            for (const s of (await pc.getStats()).values()) {
              if (s.type !== 'inbound-rtp' || s.kind !== 'video') continue
              if (turn === 0) before.set(s.id, s.packetsReceived)
              else if (s.packetsReceived > (before.get(s.id) ?? 0)) active.add(s.id)
            }
          await new Promise((r) => setTimeout(r, 1000))
        }
        return active.size
      }),
    ).toBe(1)
    await viewer.read('views.second.handler().remove()')
  })

  it('§3: clear, setVideo("", 0) and setVideo in one tick do not interrupt the picture', async () => {
    await viewer.read(`(() => {
      window.gaps = 0
      const video = views.owner.handler().querySelector('video')
      new MutationObserver(() => { if (video.style.visibility === 'hidden') gaps++ })
        .observe(video, { attributes: true })
      for (let i = 0; i < 50; i++) {
        views.owner.clear(); views.owner.setVideo('', 0); views.owner.setVideo('owner', '-1')
      }
    })()`)
    await goesOn()
    expect(await viewer.read('gaps')).toBe(0)
    expect(await viewer.read('[views.owner._usrID, views.owner._videoID].join()')).toBe('owner,-1')
    // In one go: the next frame may be there before a second look.
    const cleared = `(async () => {
      views.owner.clear()
      const atOnce = views.owner.isPicEmpty()
      await new Promise((resolve) => queueMicrotask(resolve))
      return [atOnce, views.owner.isPicEmpty()].join()
    })()`
    expect(await viewer.read(cleared)).toBe('true,true')
    await eventually(async () => expect(await empty()).toBe(false))
    await on('setVideo("somebody else")')
    expect(await empty()).toBe(true)
    expect(await on('getUserID()')).toBe('somebody else')
    await on('setVideo("owner")')
    await eventually(async () => expect(await empty()).toBe(false))
  })

  it('§2: every method of the base container', async () => {
    const result = await viewer.read<Record<string, unknown>>(`(() => {
      const v = new CRVideo.VideoContainer(), out = {}
      out.kinds = [CRVideo.Container, CRVideo.VideoContainer].every((c) => v instanceof c) &&
        CRVideo_CreatMediaObj() instanceof CRVideo.MediaContainer &&
        CRVideo_CreatScreenShareObj() instanceof CRVideo.Container
      out.detached = [v.width(), v.height(), v.left(), v.top(), v.id()]
      document.body.append(v.handler())
      out.rendered = [v.width(), v.height()]
      out.written = [v.width('33.5'), v.height(-4), v.left(-7), v.top(' 8 '), v.id('box')]
      out.read = [v.width(), v.height(), v.left(), v.top(), v.id()]
      v.width('wide')
      out.kept = v.width()
      out.position = v.handler().style.position
      out.style = [v.style() === v.handler().style, v.style('backgroundColor', 'red'),
        v.style('background-color'), v.style('z-index', 5), v.style('zIndex'),
        v.style('cssFloat', 'left'), v.style('float')]
      v.hidden(); out.hidden = v.style('display')
      v.shows(); out.shown = v.style('display')
      const old = v.handler(), next = document.createElement('section')
      document.body.append(next)
      v.handler(next)
      out.moved = [v.handler() === next, v._handler === next, next.id, next.style.width,
        old.isConnected, old.childNodes.length, next.className]
      out.classes = CRVideo_CreatVideoObj().handler().className
      out.ratio = [v.keepAspectRatio(), v.keepAspectRatio('0'), v.keepAspectRatio(1), v.keepAspectRatio()]
      out.nick = [v.getVisibleNickName(), v.visibleNickName(0), v._visibleNickName, v.visibleNickName()]
      out.errors = [v.savePic(''), v.savePic('x.tif'), v.savePicToFile('x.png'), v.savePicToBase64('png'),
        v.savePicToArray('gif').length, v.getPicFrameTime(), v.isPicEmpty() == 1]
      next.remove()
      return out
    })()`)
    const nothing = null
    expect(JSON.parse(JSON.stringify(result))).toEqual({
      kinds: true,
      detached: [0, 0, 0, 0, ''],
      rendered: [300, 150],
      written: [nothing, nothing, nothing, nothing, nothing],
      read: [33.5, 0, -7, 8, 'box'],
      kept: 33.5,
      position: '',
      style: [true, nothing, 'red', nothing, '5', nothing, 'left'],
      hidden: 'none',
      shown: 'block',
      moved: [true, true, 'box', '33.5px', false, 0, 'crv-container crv-video'],
      classes: 'crv-container crv-video',
      ratio: [true, nothing, nothing, true],
      nick: [true, nothing, false, false],
      errors: [5, 5, 6, '', 0, 0, true],
    })
  })

  it('§1.2: full screen on the element, and in a shadow tree, the look is kept', async () => {
    const box = await viewer.read<unknown[]>(`(async () => {
      const host = document.createElement('div')
      document.body.prepend(host)
      host.attachShadow({ mode: 'open' }).append(views.owner.handler())
      await new Promise((r) => setTimeout(r, 500))
      const style = getComputedStyle(views.owner.handler())
      return [style.display, style.overflow, views.owner.handler().getBoundingClientRect().width]
    })()`)
    expect(box).toEqual(['block', 'hidden', 320])
    await goesOn()
    await viewer.read(`document.querySelector('#views').append(views.owner.handler())`)
    await viewer.page.evaluate(
      `(() => { const e = views.owner.handler(); e.onclick = () => { e.onclick = null; e.requestFullscreen() } })()`,
    )
    await on('id("full")')
    await viewer.page.click('#full')
    await eventually(async () =>
      expect(
        await viewer.read(`(() => {
          const video = document.fullscreenElement?.querySelector('video')
          return video ? [video.offsetWidth - innerWidth, video.offsetHeight - innerHeight] : null
        })()`),
      ).toEqual([0, 0]),
    )
    await viewer.read('document.exitFullscreen()')
  })

  it('§7: leaving empties the container and keeps its target; entering again shows it', async () => {
    const meeting = JSON.parse(await viewer.call<string>('CRVideo_GetAllMembers')) as object[]
    expect(meeting).toHaveLength(2)
    await viewer.call('CRVideo_ExitMeeting')
    await eventually(async () => expect(await empty()).toBe(true))
    expect(await on('getUserID()')).toBe('owner')
    await viewer.mark()
    await viewer.call('CRVideo_GetMeetings')
    const [[first]] = (await viewer.next('CRVideo_GetMeetingsSuccess')) as [[{ ID: number }]]
    await viewer.call('CRVideo_EnterMeeting', first.ID, '', 'viewer', 'Nick viewer')
    await viewer.next('CRVideo_EnterMeetingRslt', 0)
    await eventually(async () => expect(await empty()).toBe(false))
    await viewer.call('CRVideo_Uninit')
    await eventually(async () => expect(await empty()).toBe(true))
    for (const page of [owner, viewer]) expect(page.errors).toEqual([])
  })
})

describe('02 §2, 08 §2.2: the media service switched off', () => {
  let stage: Awaited<ReturnType<typeof startStage>>

  beforeAll(async () => {
    stage = await startStage()
  })
  afterAll(() => stage.close())

  it('opens 2 → 4 → 3 on me only, with preview, energy and network level', async () => {
    const browser = stage.keep(await launchFace(RED))
    const me = stage.keep(await ClassicPage.open(browser, stage.host.url, stage.server.url))
    const other = stage.keep(await ClassicPage.open(browser, stage.host.url, stage.server.url))
    expect(await me.call('CRVideo_Init2', '/local', 1, '0')).toBe(0)
    await meetingOf([
      [me, 'local'],
      [other, 'other'],
    ])
    // Once, a moment after the entry.
    await me.next('CRVideo_NetStateChanged', 10)
    await me.mark()
    await other.mark()
    await me.call('CRVideo_OpenMic', 'local')
    await me.call('CRVideo_OpenVideo', 'local')
    await me.next('CRVideo_AudioStatusChanged', 'local', 4, 3)
    await me.next('CRVideo_VideoStatusChanged', 'local', 4, 3)
    await me.read('show("local")')
    await eventually(async () => expect(await me.look('local')).not.toBeNull())
    await me.next('CRVideo_MicEnergyUpdate', 'local')
    await eventually(async () =>
      expect(await me.call<number>('CRVideo_GetMicEnergy', 'local')).toBeGreaterThan(3),
    )
    const image = JSON.parse(await me.call<string>('CRVideo_GetVideoImg', 'local', -1))
    expect(image).toMatchObject({ width: 640, height: 360 })
    expect(await me.call('CRVideo_StartGetAudioPCM', 0, 0)).toBe(1)
    const [, pcm] = await me.next('CRVideo_NotifyAudioPCMDat', 0)
    expect(pcm).toHaveLength(Math.ceil(3_200 / 3) * 4)
    await me.call('CRVideo_StopGetAudioPCM', 0)
    await me.call('CRVideo_CloseMic', 'local')
    expect(await me.call('CRVideo_GetMicEnergy', 'local')).toBe(0)
    await eventually(async () => {
      const energy = (await me.sinceMark(['CRVideo_MicEnergyUpdate'])).map(({ args }) => args)
      expect(energy.at(-1)?.[2]).toBe(0)
      // Each tells where the one before it ended.
      expect(energy.map(([, old]) => old)).toEqual([0, ...energy.slice(0, -1).map(([, , n]) => n)])
    })
    expect(await other.call('CRVideo_GetVideoStatus', 'local')).toBe(2)
    expect(
      await other.sinceMark(['CRVideo_VideoStatusChanged', 'CRVideo_AudioStatusChanged']),
    ).toEqual([])
  })
})
