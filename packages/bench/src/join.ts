import { startServer } from './bench-server.ts'
import { launchBrowser } from './browser.ts'
import { median, openPage } from './typed-page.ts'

const ROUNDS = 9
const PORT = 48_110

/**
 * Milliseconds from the call of `enter` to a viewer's first frame, and to both own devices being
 * open, on loopback in one browser. `main` is the built server.
 */
export const joinBench = async (main: string, print: (line: string) => void): Promise<void> => {
  const server = await startServer(main, PORT)
  const browser = await launchBrowser()
  try {
    const sender = await openPage(browser, PORT, 'sender')
    const id = await sender.client.evaluate(async (client) => {
      const { id: meeting } = await client.meetings.create({ subject: 'bench' })
      const m = await client.enter({ id: meeting })
      await Promise.all([m.camera.open(), m.mic.open()])
      return meeting
    })
    const viewer = await openPage(browser, PORT, 'viewer')
    const frames: number[] = []
    const opens: number[] = []
    for (let i = 0; i < ROUNDS; i++) {
      const [frame, open] = await viewer.client.evaluate(async (client, meeting) => {
        const video = document.createElement('video')
        video.muted = true
        video.autoplay = true
        document.body.append(video)
        const first = new Promise<number>((resolve) =>
          video.requestVideoFrameCallback(() => resolve(performance.now())),
        )
        const from = performance.now()
        const m = await client.enter({ id: meeting })
        m.watch({ userID: 'sender', videoID: -1, height: 360 }, (stream) => {
          video.srcObject = stream
        })
        const seen = (await first) - from
        m.leave()
        const again = performance.now()
        const second = await client.enter({ id: meeting })
        await Promise.all([second.camera.open(), second.mic.open()])
        const opened = performance.now() - again
        second.leave()
        video.remove()
        // People do not join within a third of a second of one another: Chromium's own limit on key
        // frames would be measured, not the joining.
        await new Promise((resolve) => setTimeout(resolve, 500 + 40 * Math.random()))
        return [seen, opened] as const
      }, id)
      frames.push(frame)
      opens.push(open)
    }
    print(`join to first frame: median ${Math.round(median(frames))} ms over ${ROUNDS} joins`)
    print(`join and publish: median ${Math.round(median(opens))} ms over ${ROUNDS} joins`)
  } finally {
    await browser.close()
    await server.close()
  }
}
