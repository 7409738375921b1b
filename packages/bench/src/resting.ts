import type { Page } from 'playwright-core'
import { startServer } from './bench-server.ts'
import { launchBrowser } from './browser.ts'
import { type BenchMeeting, median, openPage } from './typed-page.ts'

const ROUNDS = 9
const PORT = 48_190

interface SenderWindow extends Window {
  connections: RTCPeerConnection[]
}

/** Runs in the page first: keeps its connections. */
const keepConnections = (): void => {
  const own = window as unknown as SenderWindow & { RTCPeerConnection: typeof RTCPeerConnection }
  const Original = own.RTCPeerConnection
  own.connections = []
  own.RTCPeerConnection = class extends Original {
    constructor(config?: RTCConfiguration) {
      super(config)
      own.connections.push(this)
    }
  }
}

/** Until all encodings of the page's camera are at rest, or one of them is not. */
const untilRests = (page: Page, rests: boolean) =>
  page.waitForFunction((wanted) => {
    const cameras = (window as unknown as SenderWindow).connections
      .filter((pc) => pc.connectionState !== 'closed')
      .flatMap((pc) => pc.getSenders())
      .filter((s) => s.track?.kind === 'video')
      .map((s) => s.getParameters().encodings)
    return (
      cameras.length > 0 && cameras.every((all) => all.every((e) => e.active === false) === wanted)
    )
  }, rests)

/** Watches the sender until its first frame and a little longer; ms until that frame. */
const watchOnce = (meeting: BenchMeeting): Promise<number> =>
  new Promise((resolve) => {
    const video = document.createElement('video')
    video.muted = video.autoplay = true
    document.body.append(video)
    const from = performance.now()
    const watch = meeting.watch({ userID: 'sender', videoID: -1, height: 360 }, (stream) => {
      video.srcObject = stream
    })
    video.requestVideoFrameCallback(() => {
      const seen = performance.now() - from
      setTimeout(() => {
        watch.close()
        video.remove()
        resolve(seen)
      }, 500)
    })
  })

/**
 * Milliseconds from a member's `watch` to the first frame of a camera that rests because nobody watched
 * it, and of the same camera while somebody else watches it. `main` is the built server.
 */
export const restingBench = async (main: string, print: (line: string) => void): Promise<void> => {
  const server = await startServer(main, PORT)
  const browser = await launchBrowser()
  try {
    const sender = await openPage(browser, PORT, 'sender', keepConnections)
    const id = await sender.client.evaluate(async (client) => {
      const { id: meeting } = await client.meetings.create({ subject: 'bench' })
      const m = await client.enter({ id: meeting })
      await m.camera.open()
      return meeting
    })
    const enter = async (userID: string) => {
      const { client } = await openPage(browser, PORT, userID)
      return client.evaluateHandle((c, meeting) => c.enter({ id: meeting }), id)
    }
    const viewer = await enter('viewer')
    const other = await enter('other')
    const resting: number[] = []
    for (let i = 0; i < ROUNDS; i++) {
      await untilRests(sender.page, true)
      resting.push(await viewer.evaluate(watchOnce))
    }
    await other.evaluate((m) => {
      const video = document.createElement('video')
      video.muted = video.autoplay = true
      m.watch({ userID: 'sender', videoID: -1, height: 360 }, (s) => {
        video.srcObject = s
      })
      return new Promise<void>((resolve) => video.requestVideoFrameCallback(() => resolve()))
    })
    const awake: number[] = []
    for (let i = 0; i < ROUNDS; i++) {
      await untilRests(sender.page, false)
      awake.push(await viewer.evaluate(watchOnce))
    }
    const told = (values: readonly number[]) =>
      `median ${Math.round(median(values))} ms, most ${Math.round(Math.max(...values))} ms`
    print(
      `watch to first frame over ${ROUNDS} times each: of a camera that rests ${told(resting)}; ` +
        `of one that somebody watches ${told(awake)}`,
    )
  } finally {
    await browser.close()
    await server.close()
  }
}
